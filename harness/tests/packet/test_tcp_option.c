/* SPDX-License-Identifier: MIT */
#include "packet/tcp_option.h"

#include "packet_fixture.h"

static const char *option_text(const struct tcp_option *option)
{
    struct text text = text_growing();
    tcp_option_print(&text, option);
    return keep_text(&text);
}

static struct bytes option_bytes(const struct tcp_option_value *value)
{
    uint8_t buffer[300];
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    tcp_option_write(value, &writer);
    assert_false(writer.failed);
    return exact_copy(byte_writer_written(&writer));
}

/* The one option that BYTES are. */
static struct tcp_option only_option(struct bytes bytes)
{
    struct tcp_option option, another;
    struct bytes rest = bytes;
    assert_true(tcp_option_next(&rest, &option));
    assert_int_equal(rest.length, 0);
    assert_false(tcp_option_next(&rest, &another));
    assert_same_bytes(option.whole, bytes);
    assert_int_equal(option.kind, bytes.data[0]);
    return option;
}

/* The options that a text gives in a segment. */
static struct bytes options_of_text(const char *options)
{
    struct text text = text_growing();
    text_append_format(&text, "S 0:0(0) <%s> {data_offset 15}", options);
    const char *segment = keep_text(&text);
    struct reading reading;
    read_sound(&reading, segment);
    struct bytes copy = exact_copy(reading.pattern.packet.tcp.options);
    reading_free(&reading);
    return copy;
}

/* Text, bytes, and whether the value has a type of its own. */
static const struct option_row {
    const char *text, *bytes;
    bool typed;
} options[] = {
    {"eol", "00", true},
    {"nop", "01", true},
    {"mss 1460", "020405b4", true},
    {"mss 65535", "0204ffff", true},
    {"wscale 14", "03030e", true},
    {"wscale 255", "0303ff", true},
    {"sackOK", "0402", true},
    {"sack 1:2", "050a 00000001 00000002", true},
    {"sack 1:2 4294967295:0", "0512 00000001 00000002 ffffffff 00000000", true},
    {"sack 1:2 3:4 5:6", "051a 00000001 00000002 00000003 00000004 00000005 00000006", true},
    {"sack 1:2 3:4 5:6 7:8", "0522 00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008", true},
    {"echo 01020304", "0606 01020304", false},
    {"echoreply 01020304", "0706 01020304", false},
    {"TS val 1 ecr 4294967295", "080a 00000001 ffffffff", true},
    {"pocpermitted", "0902", false},
    {"pocprofile c0", "0a03 c0", false},
    {"cc 00000001", "0b06 00000001", false},
    {"ccnew 00000001", "0c06 00000001", false},
    {"ccecho 00000001", "0d06 00000001", false},
    {"altsumrequest 02", "0e03 02", false},
    {"altsumdata 0102", "0f04 0102", false},
    {"skeeter", "1002", false},
    {"bubba 01", "1103 01", false},
    {"trailersum 01", "1203 01", false},
    {"md5 000102030405060708090a0b0c0d0e0f", "1312 000102030405060708090a0b0c0d0e0f", true},
    {"scps 0102", "1404 0102", false},
    {"snack 01020304", "1506 01020304", false},
    {"boundaries", "1602", false},
    {"corruption", "1702", false},
    {"snap 01", "1803 01", false},
    {"compression 01", "1a03 01", false},
    {"quickstart 010203040506", "1b08 010203040506", false},
    {"uto 300", "1c04 012c", true},
    {"uto 32767 minutes", "1c04 ffff", true},
    {"ao keyid 1 rnext 255", "1d04 01ff", true},
    {"ao keyid 0 rnext 2 aabb", "1d06 0002 aabb", true},
    {"mptcp mp_capable 1", "1e03 01", true},
    {"mptcp mp_join 0 0102", "1e05 10 0102", true},
    {"mptcp dss 15 ff", "1e04 2f ff", true},
    {"mptcp add_addr 0", "1e03 30", true},
    {"mptcp remove_addr 0", "1e03 40", true},
    {"mptcp mp_prio 1", "1e03 51", true},
    {"mptcp mp_fail 0", "1e03 60", true},
    {"mptcp mp_fastclose 0", "1e03 70", true},
    {"mptcp mp_tcprst 0", "1e03 80", true},
    {"mptcp 9 0", "1e03 90", true},
    {"mptcp 15 15 00", "1e04 ff 00", true},
    {"FO", "2202", true},
    {"FO 01020304", "2206 01020304", true},
    {"FO 000102030405060708090a0b0c0d0e0f", "2212 000102030405060708090a0b0c0d0e0f", true},
    {"eno 01", "4503 01", false},
    {"kind 77", "4d02", false},
    {"kind 255 0a0b", "ff04 0a0b", false},
    {"ECN", "ac02", true},
    {"ECN e0b 1", "ac05 000001", true},
    {"ECN e0b 1 ceb 2", "ac08 000001 000002", true},
    {"ECN e0b 1 ceb 2 e1b 16777215", "ac0b 000001 000002 ffffff", true},
    {"kind 174", "ae02", true}, /* `ECN` alone is the first of the two */
    {"ECN e1b 1", "ae05 000001", true},
    {"ECN e1b 1 ceb 2", "ae08 000001 000002", true},
    {"ECN e1b 1 ceb 2 e0b 16777215", "ae0b 000001 000002 ffffff", true},
    {"experiment1", "fd02", false},
    {"experiment1 0001", "fd04 0001", false},
    {"experiment1 f989", "fd04 f989", true},
    {"experiment2 f9", "fe03 f9", false},
    {"experiment2 0102", "fe04 0102", false},
    {"FOEXP", "fe04 f989", true},
    {"FOEXP 0102030405060708", "fe0c f989 0102030405060708", true},
    {"kind 2", "0202", false},
    {"kind 3 0102", "0304 0102", false},
    {"kind 5 00", "0503 00", false},
    {"kind 34 01", "2203 01", false},
    {"kind 172 0001", "ac04 0001", false},
};

static void every_form_is_walked_written_printed_and_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        struct bytes bytes = from_hex(options[i].bytes);
        struct tcp_option option = only_option(bytes);
        struct tcp_option_value value;
        tcp_option_read(&option, &value);
        assert_int_equal(value.kind, bytes.data[0]);
        assert_int_equal(value.typed, options[i].typed);
        assert_same_bytes(value.body, option.body);
        assert_same_bytes(option_bytes(&value), bytes);
        assert_string_equal(option_text(&option), options[i].text);
        assert_same_bytes(options_of_text(options[i].text), bytes);
    }
}

/* Bytes behind the kind that make a sound option of every kind that has a name. */
static size_t sound_length(uint8_t kind)
{
    for (size_t length = 2; length <= 40; length++) {
        uint8_t bytes[40] = {kind, (uint8_t)length};
        struct bytes rest = {bytes, length};
        struct tcp_option option;
        if (tcp_option_next(&rest, &option) && option.fault == TCP_OPTION_SOUND)
            return length;
    }
    return 0;
}

static void every_kind_survives_with_every_length(void **state)
{
    for (unsigned kind = 2; kind < 256; kind++) {
        assert_in_range(sound_length((uint8_t)kind), 2, 40);
        for (size_t length = 2; length <= 40; length++) {
            uint8_t *block = take_block(length);
            for (size_t i = 2; i < length; i++)
                block[i] = (uint8_t)((size_t)kind * 7 + i * 29);
            block[0] = (uint8_t)kind;
            block[1] = (uint8_t)length;
            struct bytes bytes = {block, length};
            struct tcp_option option = only_option(bytes);
            struct tcp_option_value value;
            assert_int_equal(option.length, length);
            assert_int_equal(option.body.length, length - 2);
            tcp_option_read(&option, &value);
            assert_true(option.fault == TCP_OPTION_SOUND || !value.typed);
            assert_same_bytes(option_bytes(&value), bytes);
            assert_same_bytes(options_of_text(option_text(&option)), bytes);
        }
        (void)free_bytes(state);
    }
}

static void every_name_has_a_meaning_and_is_read_back(void **state)
{
    (void)state;
    size_t named = 0;
    for (unsigned kind = 0; kind < 256; kind++) {
        const char *name = tcp_option_name((uint8_t)kind);
        assert_int_equal(name == NULL, tcp_option_meaning((uint8_t)kind) == NULL);
        if (name == NULL)
            continue;
        named++;
        assert_true(strlen(tcp_option_meaning((uint8_t)kind)) > 2);
        for (unsigned other = 0; other < kind; other++) {
            bool both_ecn = other == TCP_OPTION_ACCECN_0 && kind == TCP_OPTION_ACCECN_1;
            const char *another = tcp_option_name((uint8_t)other);
            assert_true(another == NULL || both_ecn || strcmp(name, another) != 0);
        }
    }
    assert_int_equal(named, 36);
    assert_string_equal(tcp_option_name(TCP_OPTION_TIMESTAMPS), "TS");
    assert_string_equal(tcp_option_meaning(TCP_OPTION_USER_TIMEOUT), "User Timeout");
    assert_null(tcp_option_name(77));
}

static struct tcp_option_value value_of(const char *digits)
{
    struct tcp_option option = only_option(from_hex(digits));
    struct tcp_option_value value;
    tcp_option_read(&option, &value);
    assert_true(value.typed);
    return value;
}

static void typed_values_are_those_of_the_bytes(void **state)
{
    (void)state;
    struct tcp_option_value value = value_of("020405b4");
    assert_int_equal(value.mss, 1460);
    value = value_of("03030e");
    assert_int_equal(value.window_scale, 14);
    value = value_of("0512 00000001 00000002 ffffffff 00000000");
    assert_int_equal(value.sack.count, 2);
    assert_int_equal(value.sack.blocks[0].right, 2);
    assert_int_equal(value.sack.blocks[1].left, UINT32_MAX);
    value = value_of("080a 00000001 ffffffff");
    assert_int_equal(value.timestamps.value, 1);
    assert_int_equal(value.timestamps.echo_reply, UINT32_MAX);
    value = value_of("1312 000102030405060708090a0b0c0d0e0f");
    assert_bytes(value.md5, "000102030405060708090a0b0c0d0e0f");
    value = value_of("1c04 812c");
    assert_true(value.user_timeout.minutes);
    assert_int_equal(value.user_timeout.timeout, 300);
    value = value_of("1d06 0102 aabb");
    assert_int_equal(value.authentication.key_id, 1);
    assert_int_equal(value.authentication.receive_next_key_id, 2);
    assert_bytes(value.authentication.mac, "aabb");
    value = value_of("1e04 2f ff");
    assert_int_equal(value.multipath.subtype, 2);
    assert_int_equal(value.multipath.flags, 15);
    assert_bytes(value.multipath.data, "ff");
    value = value_of("2206 01020304");
    assert_false(value.fast_open.experimental);
    assert_bytes(value.fast_open.cookie, "01020304");
    value = value_of("fd06 f989 0102");
    assert_true(value.fast_open.experimental);
    assert_bytes(value.fast_open.cookie, "0102");
    value = value_of("ae08 000001 abcdef");
    assert_int_equal(value.accecn.count, 2);
    assert_int_equal(value.accecn.counters[1], 0xabcdef);
}

static void faults_are_told_and_end_the_walk_where_they_must(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text, *whole, *body;
        uint8_t length;
        enum tcp_option_fault fault;
        size_t rest;
    } rows[] = {
        {"0200 0102", "raw 02000102", "02000102", "0102", 0, TCP_OPTION_LENGTH_BELOW_TWO, 0},
        {"0501", "raw 0501", "0501", "", 1, TCP_OPTION_LENGTH_BELOW_TWO, 0},
        {"02", "raw 02", "02", "", 0, TCP_OPTION_PAST_HEADER, 0},
        {"0204 05", "raw 020405", "020405", "05", 4, TCP_OPTION_PAST_HEADER, 0},
        {"ffff 00", "raw ffff00", "ffff00", "00", 255, TCP_OPTION_PAST_HEADER, 0},
        {"0203 05 01", "kind 2 05", "020305", "05", 3, TCP_OPTION_UNUSUAL_SIZE, 1},
        {"1e02 01", "kind 30", "1e02", "", 2, TCP_OPTION_UNUSUAL_SIZE, 1},
        {"00 02", "eol", "00", "", 1, TCP_OPTION_SOUND, 1},
        {"01 02", "nop", "01", "", 1, TCP_OPTION_SOUND, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bytes rest = from_hex(rows[i].bytes);
        struct tcp_option option;
        struct tcp_option_value value;
        assert_true(tcp_option_next(&rest, &option));
        assert_int_equal(option.fault, rows[i].fault);
        assert_int_equal(option.length, rows[i].length);
        assert_bytes(option.whole, rows[i].whole);
        assert_bytes(option.body, rows[i].body);
        assert_int_equal(rest.length, rows[i].rest);
        assert_string_equal(option_text(&option), rows[i].text);
        tcp_option_read(&option, &value);
        assert_int_equal(value.typed, rows[i].fault == TCP_OPTION_SOUND);
    }
}

static void the_first_sound_option_of_a_kind_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint8_t kind;
        const char *found; /* NULL if there is none */
    } rows[] = {
        {"01 01 0204 05b4 0204 0001", 2, "020405b4"},
        {"0203 05 0204 05b4", 2, "020405b4"}, /* the first is not sound */
        {"01 01 0402", 4, "0402"},
        {"0402 00", 0, "00"},
        {"01", 2, NULL},
        {"", 2, NULL},
        {"00 0204 05b4", 2, NULL}, /* behind the end */
        {"4d00 0204 05b4", 2, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct tcp_option option = {.length = 99};
        assert_int_equal(tcp_option_find(from_hex(rows[i].bytes), rows[i].kind, &option), rows[i].found != NULL);
        if (rows[i].found != NULL)
            assert_bytes(option.whole, rows[i].found);
        else
            assert_int_equal(option.length, 99);
    }
}

static void padding_behind_the_end_is_kept(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"mss 1,eol,eol,eol,eol", "02040001 00000000"},
        {"eol,raw 000001", "00 000001"},
        {"nop,raw 0501ffff", "01 0501ffff"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct packet packet = {.transport = TRANSPORT_TCP, .tcp.options = from_hex(texts[i][1])};
        assert_bytes(options_of_text(texts[i][0]), texts[i][1]);
        struct text expected = text_growing();
        text_append_format(&expected, "- 0:0(0) win 0 <%s>", texts[i][0]);
        assert_string_equal(printed(&packet, PATTERN_SCRIPT), keep_text(&expected));
    }
}

static void values_that_do_not_fit_fail_the_writer(void **state)
{
    (void)state;
    static const uint8_t body[254];
    struct tcp_option_value value = {.kind = 77, .body = {body, 253}};
    assert_int_equal(option_bytes(&value).length, 255);
    uint8_t buffer[300];
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    value.body.length = 254;
    tcp_option_write(&value, &writer);
    assert_true(writer.failed);
    for (size_t room = 0; room < 4; room++) {
        const struct tcp_option_value mss = {.kind = TCP_OPTION_MSS, .typed = true, .mss = 1460};
        writer = byte_writer_on(take_block(room), room);
        tcp_option_write(&mss, &writer);
        assert_true(writer.failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(every_form_is_walked_written_printed_and_read),
        packet_test(every_kind_survives_with_every_length),
        packet_test(every_name_has_a_meaning_and_is_read_back),
        packet_test(typed_values_are_those_of_the_bytes),
        packet_test(faults_are_told_and_end_the_walk_where_they_must),
        packet_test(the_first_sound_option_of_a_kind_is_found),
        packet_test(padding_behind_the_end_is_kept),
        packet_test(values_that_do_not_fit_fail_the_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
