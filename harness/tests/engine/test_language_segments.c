/* SPDX-License-Identifier: MIT */
/*
 * The scripts of specs/suites/language have every field of a segment, every control bit, and every option of TCP in
 * each form that it can have. What is missing there is named.
 */
#include "language_suite.h"

/* Every field that a text can give. */
static const char *const fields[] = {
    [FIELD_IP_VERSION] = "version",
    [FIELD_IP_HEADER_LENGTH] = "header_length",
    [FIELD_ECN] = "ect0",
    [FIELD_TYPE_OF_SERVICE] = "tos",
    [FIELD_IP_LENGTH] = "total_length",
    [FIELD_IDENTIFICATION] = "id",
    [FIELD_IP_FLAGS] = "df",
    [FIELD_FRAGMENT_OFFSET] = "fragment",
    [FIELD_TIME_TO_LIVE] = "ttl",
    [FIELD_PROTOCOL] = "protocol",
    [FIELD_IP_CHECKSUM] = "checksum of IPv4",
    [FIELD_FLOW_LABEL] = "flowlabel",
    [FIELD_SOURCE] = "src",
    [FIELD_DESTINATION] = "dst",
    [FIELD_IP_OPTIONS] = "options of IP",
    [FIELD_SOURCE_PORT] = "source port",
    [FIELD_DESTINATION_PORT] = "destination port",
    [FIELD_FLAGS] = "control bits",
    [FIELD_RESERVED] = "reserved",
    [FIELD_SEQUENCE] = "sequence number",
    [FIELD_ACKNOWLEDGMENT] = "ack",
    [FIELD_WINDOW] = "win",
    [FIELD_URGENT_POINTER] = "urg",
    [FIELD_DATA_OFFSET] = "data_offset",
    [FIELD_CHECKSUM] = "checksum",
    [FIELD_OPTIONS] = "options",
    [FIELD_PAYLOAD_LENGTH] = "length of a payload",
    [FIELD_PAYLOAD] = "payload",
    [FIELD_TRAILER] = "trailer",
    [FIELD_UDP_LENGTH] = "length",
    [FIELD_ICMP_TYPE] = "type",
    [FIELD_ICMP_CODE] = "code",
    [FIELD_ICMP_REST] = "rest",
    [FIELD_QUOTE] = "quoted packet",
    [FIELD_ENCAPSULATION] = "outer header",
};
_Static_assert(COUNT_OF(fields) == FIELD_COUNT, "a name for every field");

/* A number as what is wanted of a walk. */
static const void *wanted_number(size_t number)
{
    return (const void *)(uintptr_t)number;
}

static bool gives_field(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && pattern_gives(place->segment, (enum pattern_field)(uintptr_t)wanted);
}

static void every_field_is_given(void **state)
{
    size_t count = 0;
    for (size_t field = 0; field < FIELD_COUNT; field++)
        if (!suite_shows(*state, gives_field, wanted_number(field)))
            suite_missing(&count, "field", fields[field]);
    assert_int_equal(count, 0);
}

static bool has_bit(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && place->segment->packet.transport == TRANSPORT_TCP &&
           (place->segment->packet.tcp.flags & (uintptr_t)wanted) != 0;
}

static bool has_no_bits(const struct suite_place *place, const void *wanted)
{
    (void)wanted;
    return place->segment != NULL && place->segment->packet.transport == TRANSPORT_TCP &&
           place->segment->packet.tcp.flags == 0;
}

static void every_control_bit_is_set(void **state)
{
    static const char *const letters[] = {"F", "S", "R", "P", ".", "U", "E", "W", "A"};
    size_t count = 0;
    for (size_t bit = 0; bit < COUNT_OF(letters); bit++)
        if (!suite_shows(*state, has_bit, wanted_number((size_t)1 << bit)))
            suite_missing(&count, "control bit", letters[bit]);
    if (!suite_shows(*state, has_no_bits, NULL))
        suite_missing(&count, "segment with no control bit,", "-");
    assert_int_equal(count, 0);
}

static uint8_t type_of_service(const struct packet *packet)
{
    return packet->network == NETWORK_IPV6 ? packet->ipv6.traffic_class : packet->ipv4.type_of_service;
}

static bool has_code_point(const struct suite_place *place, const void *wanted)
{
    const struct pattern *segment = place->segment;
    return segment != NULL && pattern_gives(segment, FIELD_ECN) && segment->ecn == ECN_EXACT &&
           (type_of_service(&segment->packet) & 3u) == (uintptr_t)wanted;
}

static bool has_either_code_point(const struct suite_place *place, const void *wanted)
{
    (void)wanted;
    return place->segment != NULL && place->segment->ecn == ECN_ECT0_OR_ECT1;
}

static void every_code_point_of_ecn_is_there(void **state)
{
    static const char *const names[] = {"noecn", "ect1", "ect0", "ce"};
    size_t count = 0;
    for (size_t point = 0; point < COUNT_OF(names); point++)
        if (!suite_shows(*state, has_code_point, wanted_number(point)))
            suite_missing(&count, "code point", names[point]);
    if (!suite_shows(*state, has_either_code_point, NULL))
        suite_missing(&count, "code point", "ect01");
    assert_int_equal(count, 0);
}

static bool has_ip_flag(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && pattern_gives(place->segment, FIELD_IP_FLAGS) &&
           (place->segment->packet.ipv4.flags & (uintptr_t)wanted) != 0;
}

static bool has_bad_checksum(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL &&
           (wanted == NULL ? place->segment->checksum : place->segment->ip_checksum) == CHECKSUM_BAD;
}

static void flags_of_ipv4_and_bad_checksums_are_there(void **state)
{
    assert_true(suite_shows(*state, has_ip_flag, wanted_number(IPV4_MORE_FRAGMENTS)));
    assert_true(suite_shows(*state, has_ip_flag, wanted_number(IPV4_DONT_FRAGMENT)));
    assert_true(suite_shows(*state, has_ip_flag, wanted_number(IPV4_RESERVED)));
    assert_true(suite_shows(*state, has_bad_checksum, NULL));
    assert_true(suite_shows(*state, has_bad_checksum, wanted_number(1)));
}

/* What is wanted of one option: its kind, and what is to be true of its body; NUMBER is what that is about. */
struct option_form {
    const char *name;
    uint8_t kind;
    bool (*is)(const struct tcp_option *option, const struct tcp_option_value *value, unsigned number);
    unsigned number;
};

static bool sound(const struct tcp_option *option, const struct tcp_option_value *value, unsigned number)
{
    (void)value;
    (void)number;
    return option->fault == TCP_OPTION_SOUND;
}

static bool body(const struct tcp_option *option, const struct tcp_option_value *value, unsigned number)
{
    (void)value;
    return option->fault == TCP_OPTION_SOUND && (option->body.length > 0) == (number > 0);
}

static bool blocks(const struct tcp_option *option, const struct tcp_option_value *value, unsigned number)
{
    (void)option;
    return value->typed && value->sack.count == number;
}

static bool minutes(const struct tcp_option *option, const struct tcp_option_value *value, unsigned number)
{
    (void)option;
    return value->typed && value->user_timeout.minutes == (number > 0);
}

static bool fast_open(const struct tcp_option *option, const struct tcp_option_value *value, unsigned number)
{
    return option->fault == TCP_OPTION_SOUND && (value->typed && value->fast_open.experimental) == (number > 0);
}

static bool subtype(const struct tcp_option *option, const struct tcp_option_value *value, unsigned number)
{
    (void)option;
    return value->typed && value->multipath.subtype == number;
}

static const struct option_form forms[] = {
    {"sack with one block", TCP_OPTION_SACK, blocks, 1},
    {"sack with two blocks", TCP_OPTION_SACK, blocks, 2},
    {"sack with three blocks", TCP_OPTION_SACK, blocks, 3},
    {"sack with four blocks", TCP_OPTION_SACK, blocks, 4},
    {"uto in seconds", TCP_OPTION_USER_TIMEOUT, minutes, 0},
    {"uto in minutes", TCP_OPTION_USER_TIMEOUT, minutes, 1},
    {"FO without a cookie", TCP_OPTION_FAST_OPEN, body, 0},
    {"FO with a cookie", TCP_OPTION_FAST_OPEN, body, 1},
    {"FOEXP", TCP_OPTION_EXPERIMENT_2, fast_open, 1},
    {"experiment2 that is not FOEXP", TCP_OPTION_EXPERIMENT_2, fast_open, 0},
    {"ECN without counters", TCP_OPTION_ACCECN_0, body, 0},
    {"ECN e0b", TCP_OPTION_ACCECN_0, body, 1},
    {"ECN e1b", TCP_OPTION_ACCECN_1, body, 1},
    {"mptcp mp_capable", TCP_OPTION_MULTIPATH, subtype, 0},
    {"mptcp mp_join", TCP_OPTION_MULTIPATH, subtype, 1},
    {"mptcp dss", TCP_OPTION_MULTIPATH, subtype, 2},
    {"mptcp add_addr", TCP_OPTION_MULTIPATH, subtype, 3},
    {"mptcp remove_addr", TCP_OPTION_MULTIPATH, subtype, 4},
    {"mptcp mp_prio", TCP_OPTION_MULTIPATH, subtype, 5},
    {"mptcp mp_fail", TCP_OPTION_MULTIPATH, subtype, 6},
    {"mptcp mp_fastclose", TCP_OPTION_MULTIPATH, subtype, 7},
    {"mptcp mp_tcprst", TCP_OPTION_MULTIPATH, subtype, 8},
};

static bool has_form(const struct suite_place *place, const void *wanted)
{
    const struct option_form *form = wanted;
    struct tcp_option option;
    struct tcp_option_value value;
    if (place->segment == NULL || place->segment->packet.transport != TRANSPORT_TCP)
        return false;
    struct bytes rest = place->segment->packet.tcp.options;
    while (tcp_option_next(&rest, &option)) {
        tcp_option_read(&option, &value);
        if (option.kind == form->kind && form->is(&option, &value, form->number))
            return true;
    }
    return false;
}

static void every_form_of_an_option_is_there(void **state)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (!suite_shows(*state, has_form, &forms[i]))
            suite_missing(&count, "option", forms[i].name);
    assert_int_equal(count, 0);
}

static void every_kind_with_a_name_is_there(void **state)
{
    size_t count = 0;
    for (unsigned kind = 0; kind <= UINT8_MAX; kind++) {
        const struct option_form form = {tcp_option_name((uint8_t)kind), (uint8_t)kind, sound, 0};
        if (form.name != NULL && !suite_shows(*state, has_form, &form))
            suite_missing(&count, "option", form.name);
    }
    assert_int_equal(count, 0);
}

static bool has_nameless_or_faulty(const struct suite_place *place, const void *wanted)
{
    struct tcp_option option;
    if (place->segment == NULL || place->segment->packet.transport != TRANSPORT_TCP)
        return false;
    struct bytes rest = place->segment->packet.tcp.options;
    while (tcp_option_next(&rest, &option)) {
        bool faulty = option.fault != TCP_OPTION_SOUND && option.fault != TCP_OPTION_UNUSUAL_SIZE;
        bool nameless = option.fault == TCP_OPTION_SOUND && tcp_option_name(option.kind) == NULL;
        if (wanted == NULL ? nameless : faulty)
            return true;
    }
    return false;
}

static void an_option_without_a_name_and_none_at_all_are_there(void **state)
{
    assert_true(suite_shows(*state, has_nameless_or_faulty, NULL));
    assert_true(suite_shows(*state, has_nameless_or_faulty, wanted_number(1)));
}

/* What is wanted of a place without a value of its own. */
struct slot_form {
    const char *name;
    enum slot_rule rule;
    enum name_kind kind;
};

static bool has_slot(const struct suite_place *place, const void *wanted)
{
    const struct slot_form *form = wanted;
    for (size_t i = 0; place->segment != NULL && i < place->segment->slot_count; i++) {
        const struct pattern_slot *slot = &place->segment->slots[i];
        if (slot->rule == form->rule && (slot->rule != SLOT_NAME || slot->kind == form->kind))
            return true;
    }
    return false;
}

static bool has_sum(const struct suite_place *place, const void *wanted)
{
    (void)wanted;
    for (size_t i = 0; place->segment != NULL && i < place->segment->slot_count; i++)
        if (place->segment->slots[i].addend != 0)
            return true;
    return false;
}

static void every_kind_of_name_and_every_signature_is_there(void **state)
{
    static const struct slot_form rules[] = {
        {"md5 valid", SLOT_MD5, 0},
        {"ao valid", SLOT_MAC, 0},
        {"TS val ...", SLOT_ANY, 0},
        {"key[name]", SLOT_KEY, 0},
        {"mp_fastclose", SLOT_PEER_KEY, 0},
        {"token=sha256_32(name)", SLOT_TOKEN, 0},
        {"mp_join_syn", SLOT_NONCE, 0},
        {"sender_hmac=auto", SLOT_JOIN_CODE, 0},
        {"addr[name]", SLOT_ADDRESS, 0},
        {"hmac=auto", SLOT_ADDRESS_CODE, 0},
        {"dss", SLOT_DATA_NUMBERS, 0},
        {"dss without ssn", SLOT_SUBFLOW_NUMBER, 0},
        {"dss without dll", SLOT_DATA_LENGTH, 0},
        {"dss without cksum or nocs", SLOT_DATA_CHECKSUM, 0},
        {"mp_fail", SLOT_FAILED, 0},
        {"add_address without address_id", SLOT_OPEN, 0},
    };
    size_t count = 0;
    /* Those of MPTCP have rules of their own. */
    for (unsigned kind = 0; kind < NAME_KEY; kind++) {
        const struct slot_form form = {name_kind_text((enum name_kind)kind), SLOT_NAME, (enum name_kind)kind};
        if (!suite_shows(*state, has_slot, &form))
            suite_missing(&count, "name for", form.name);
    }
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (!suite_shows(*state, has_slot, &rules[i]))
            suite_missing(&count, "option", rules[i].name);
    if (!suite_shows(*state, has_sum, NULL))
        suite_missing(&count, "number added to", "a name");
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_given),
        cmocka_unit_test(every_control_bit_is_set),
        cmocka_unit_test(every_code_point_of_ecn_is_there),
        cmocka_unit_test(flags_of_ipv4_and_bad_checksums_are_there),
        cmocka_unit_test(every_form_of_an_option_is_there),
        cmocka_unit_test(every_kind_with_a_name_is_there),
        cmocka_unit_test(an_option_without_a_name_and_none_at_all_are_there),
        cmocka_unit_test(every_kind_of_name_and_every_signature_is_there),
    };
    return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
