/* SPDX-License-Identifier: MIT */
/* ICMP by its words, in both versions, and the packets that its errors quote. */
#include "packet/icmp_quote.h"
#include "packet/icmp_word.h"
#include "packet_fixture.h"

enum { NONE = -1 };

/* Type and code in ICMPv4 and ICMPv6: RFC 792, RFC 1812 section 5.2.7.1, RFC 4443. */
static const struct {
    const char *words;
    int four_type, four_code, six_type, six_code;
} words[] = {
    {"unreachable", 3, 0, 1, 0},
    {"unreachable net_unreachable", 3, 0, NONE, NONE},
    {"unreachable host_unreachable", 3, 1, NONE, NONE},
    {"unreachable protocol_unreachable", 3, 2, NONE, NONE},
    {"unreachable port_unreachable", 3, 3, 1, 4},
    {"unreachable frag_needed", 3, 4, NONE, NONE},
    {"unreachable source_route_failed", 3, 5, NONE, NONE},
    {"unreachable net_unknown", 3, 6, NONE, NONE},
    {"unreachable host_unknown", 3, 7, NONE, NONE},
    {"unreachable source_host_isolated", 3, 8, NONE, NONE},
    {"unreachable net_prohibited", 3, 9, NONE, NONE},
    {"unreachable host_prohibited", 3, 10, NONE, NONE},
    {"unreachable net_unreachable_for_tos", 3, 11, NONE, NONE},
    {"unreachable host_unreachable_for_tos", 3, 12, NONE, NONE},
    {"unreachable packet_filtered", 3, 13, NONE, NONE},
    {"unreachable admin_prohibited", 3, 13, 1, 1},
    {"unreachable precedence_violation", 3, 14, NONE, NONE},
    {"unreachable precedence_cutoff", 3, 15, NONE, NONE},
    {"unreachable no_route", NONE, NONE, 1, 0},
    {"unreachable not_neighbour", NONE, NONE, 1, 2},
    {"unreachable address_unreachable", NONE, NONE, 1, 3},
    {"unreachable code_2", 3, 2, 1, 2},
    {"unreachable code_200", 3, 200, 1, 200},
    {"packet_too_big", NONE, NONE, 2, 0},
    {"time_exceeded", 11, 0, 3, 0},
    {"time_exceeded ttl_exceeded_in_transit", 11, 0, NONE, NONE},
    {"time_exceeded frag_reass_exceeded", 11, 1, NONE, NONE},
    {"time_exceeded exceeded_hop_limit", NONE, NONE, 3, 0},
    {"time_exceeded exceeded_frag_time", 11, 1, 3, 1},
    {"parameter_problem", 12, 0, 4, 0},
    {"parameter_problem header_field", NONE, NONE, 4, 0},
    {"parameter_problem unknown_next_header", NONE, NONE, 4, 1},
    {"parameter_problem unknown_option", NONE, NONE, 4, 2},
    {"parameter_problem code_1", 12, 1, 4, 1},
    {"source_quench", 4, 0, NONE, NONE},
    {"redirect", 5, 0, 137, 0},
    {"redirect redirect_host", 5, 1, NONE, NONE},
    {"echo_request", 8, 0, 128, 0},
    {"echo_reply", 0, 0, 129, 0},
    {"router_advertisement", 9, 0, 134, 0},
};

static const char *text_of(const struct pattern *pattern)
{
    struct text text = text_growing();
    pattern_print(&text, pattern);
    return keep_text(&text);
}

static void check_words(const struct pattern *read, enum packet_network network, int type, int code)
{
    struct pattern pattern = *read;
    pattern_set_network(&pattern, network);
    assert_int_equal(pattern_resolve_icmp(&pattern), type != NONE);
    if (type == NONE)
        return;
    assert_int_equal(pattern.packet.icmp.type, type);
    assert_int_equal(pattern.packet.icmp.code, code);
}

static void words_stand_for_numbers_of_both_versions(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct reading reading;
        struct text text = text_growing();
        text_append_format(&text, "icmp %s", words[i].words);
        const char *string = keep_text(&text);
        read_sound(&reading, string);
        check_words(&reading.pattern, NETWORK_IPV4, words[i].four_type, words[i].four_code);
        check_words(&reading.pattern, NETWORK_IPV6, words[i].six_type, words[i].six_code);
        assert_string_equal(text_of(&reading.pattern), string);
        reading_free(&reading);
    }
}

/* What is printed of each, which says the same again. */
static void scripts_forms_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
    } rows[] = {
        {"icmp unreachable frag_needed mtu 1300 [1:1001(1000)]", NULL},
        {"[1453:2905(1452)/udp(9811 > 1)] icmp unreachable frag_needed mtu 1300",
         "icmp unreachable frag_needed mtu 1300 [1453:2905(1452)/udp(9811 > 1)]"},
        {"[0:0(0)]icmp unreachable no_route", "icmp unreachable no_route [0:0(0)]"},
        {"[4294967295:4294967295(0)] icmp time_exceeded ttl_exceeded_in_transit",
         "icmp time_exceeded ttl_exceeded_in_transit [4294967295:4294967295(0)]"},
        {"icmp unreachable frag_needed mtu 1300 [udp(8)]", "icmp unreachable frag_needed mtu 1300 [udp (8)]"},
        {"[udp (8)] icmp unreachable", "icmp unreachable [udp (8)]"},
        {"icmp parameter_problem code_0 [0:0(0)]", "icmp parameter_problem [0:0(0)]"},
        {"icmp parameter_problem 2 [0:0(0)]", "icmp parameter_problem code_2 [0:0(0)]"},
        {"icmp router_advertisement mtu 1492", NULL},
        {"(ttl 3) icmp unreachable [1:1(0)]", NULL},
        {"[1:1(0)] (ttl 3) icmp unreachable", "(ttl 3) icmp unreachable [1:1(0)]"},
        {"(ttl 3) [1:1(0)] icmp unreachable", "(ttl 3) icmp unreachable [1:1(0)]"},
        {"icmp echo_request rest 0x10002 (8) {payload 0102030405060708}",
         "icmp echo_request mtu 65538 (8) {payload 0102030405060708}"},
        {"icmp unreachable [1:1(0)] {checksum bad}", NULL},
        {"icmp type 3 code 1 [1:1(0)]", NULL},
        {"icmpv6 packet_too_big mtu 1280 [1:1(0)]", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading, again;
        read_sound(&reading, rows[i].text);
        const char *text = text_of(&reading.pattern);
        assert_string_equal(text, rows[i].printed == NULL ? rows[i].text : rows[i].printed);
        read_sound(&again, text);
        assert_true(pattern_equal(&reading.pattern, &again.pattern));
        reading_free(&again);
        reading_free(&reading);
    }
}

static void every_part_of_a_message_counts(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "icmp unreachable",
        "icmp time_exceeded",
        "icmp unreachable host_unreachable",
        "icmp unreachable code_1",
        "icmp unreachable mtu 5",
        "icmp unreachable [1:1(0)]",
        "icmp unreachable [2:2(0)]",
        "icmp unreachable [1:2(1)]",
        "icmp unreachable [udp (1)]",
        "icmp unreachable [1:1(0)/udp(1 > 2)]",
        "icmp unreachable [1:1(0)/udp(1 > 3)]",
        "icmp type 3 code 0",
    };
    assert_all_differ(texts, COUNT_OF(texts));
}

static const char *words_of(const char *text)
{
    struct reading reading;
    struct text printed_words = text_growing();
    read_sound(&reading, text);
    icmp_print_words(&printed_words, &reading.pattern.packet);
    reading_free(&reading);
    return keep_text(&printed_words);
}

static void numbers_have_words(void **state)
{
    (void)state;
    assert_string_equal(words_of("icmp type 3 code 3"), "unreachable port_unreachable");
    assert_string_equal(words_of("icmpv6 type 1 code 4"), "unreachable port_unreachable");
    assert_string_equal(words_of("icmp type 3 code 99"), "unreachable code_99");
    assert_string_equal(words_of("icmp type 8 code 0"), "echo_request");
    assert_string_equal(words_of("icmp type 40 code 1"), "type 40 code 1");
}

static struct address address_of(const char *string)
{
    struct address address;
    assert_true(address_parse(string, strlen(string), &address));
    return address;
}

static void assert_same_quote(const struct icmp_quote *left, const struct icmp_quote *right)
{
    assert_int_equal(left->transport, right->transport);
    assert_true(address_equal(&left->source, &right->source));
    assert_true(address_equal(&left->destination, &right->destination));
    assert_int_equal(left->source_port, right->source_port);
    assert_int_equal(left->destination_port, right->destination_port);
    assert_int_equal(left->sequence, right->sequence);
    assert_int_equal(left->syn, right->syn);
    assert_int_equal(left->length, right->length);
    assert_int_equal(left->over_udp, right->over_udp);
    assert_int_equal(left->udp_source, right->udp_source);
    assert_int_equal(left->udp_destination, right->udp_destination);
    assert_int_equal(left->sequence_at, right->sequence_at);
}

/* What is built of QUOTE begins with BEGINS and is read as the same again. */
static void check_quote(const struct icmp_quote *quote, struct bytes begins)
{
    uint8_t *block = take_block(ICMP_QUOTE_SIZE_MOST);
    struct byte_writer writer = byte_writer_on(block, ICMP_QUOTE_SIZE_MOST);
    struct error error;
    struct icmp_quote again;
    assert_true(icmp_quote_build(quote, &writer, &error));
    struct packet message = {.transport = quote->source.family == ADDRESS_IPV4 ? TRANSPORT_ICMPV4 : TRANSPORT_ICMPV6,
                             .icmp = {.type = 3},
                             .payload = byte_writer_written(&writer)};
    assert_same_bytes(bytes_slice(message.payload, 0, begins.length), begins);
    assert_true(icmp_quote_read(&message, quote->over_udp, &again));
    assert_same_quote(&again, quote);
}

/* Quotes, and the bytes of each as the RFCs lay them out. */
static void quotes_are_built_and_read(void **state)
{
    (void)state;
    const struct address four[] = {address_of("192.0.2.1"), address_of("192.0.2.2")};
    const struct address six[] = {address_of("2001:db8::1"), address_of("2001:db8::2")};
    const struct {
        struct icmp_quote quote;
        const char *begins;
    } rows[] = {
        {{.transport = TRANSPORT_TCP,
          .source = four[0],
          .destination = four[1],
          .source_port = 1,
          .destination_port = 2,
          .sequence = 0xfffffff0,
          .length = 1000,
          .sequence_at = 24},
         "450004100000400040 06"},
        {{.transport = TRANSPORT_TCP,
          .source = six[0],
          .destination = six[1],
          .source_port = 1,
          .destination_port = 2,
          .sequence = 7,
          .sequence_at = 44},
         "60000000001406 40 20010db8000000000000000000000001"},
        {{.transport = TRANSPORT_UDP,
          .source = four[0],
          .destination = four[1],
          .source_port = 1,
          .destination_port = 2,
          .length = 8},
         "450000240000400040 11"},
        {{.transport = TRANSPORT_TCP,
          .source = six[0],
          .destination = six[1],
          .source_port = 1,
          .destination_port = 2,
          .sequence = 7,
          .length = 9,
          .over_udp = true,
          .udp_source = 9811,
          .udp_destination = 1,
          .sequence_at = 52},
         "60000000002511 40 20010db8000000000000000000000001"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_quote(&rows[i].quote, from_hex(rows[i].begins));
}

static void a_quote_may_be_cut_short(void **state)
{
    (void)state;
    struct icmp_quote quote;
    struct bytes whole =
        from_hex("45000410000040004006f2e4c0000201c0000202 00010002fffffff0 0000000050100001 00000000");
    for (size_t length = 0; length <= whole.length; length++) {
        struct packet message = {
            .transport = TRANSPORT_ICMPV4, .icmp = {.type = 3}, .payload = exact_copy(bytes_slice(whole, 0, length))};
        assert_int_equal(icmp_quote_read(&message, false, &quote), length >= IPV4_HEADER_SIZE);
        if (length < IPV4_HEADER_SIZE)
            continue;
        assert_int_equal(quote.transport, length < 28 ? TRANSPORT_NONE : TRANSPORT_TCP);
        assert_int_equal(quote.sequence, length < 28 ? 0 : 0xfffffff0);
        assert_int_equal(quote.length, length < 28 ? 0 : 1000);
    }
    struct packet echo = {.transport = TRANSPORT_ICMPV4, .icmp = {.type = 8}, .payload = whole};
    assert_false(icmp_quote_read(&echo, false, &quote));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(words_stand_for_numbers_of_both_versions),
        packet_test(scripts_forms_are_read),
        packet_test(every_part_of_a_message_counts),
        packet_test(numbers_have_words),
        packet_test(quotes_are_built_and_read),
        packet_test(a_quote_may_be_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
