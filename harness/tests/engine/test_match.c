/* SPDX-License-Identifier: MIT */
#include "engine/match.h"

#include "engine/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena arena;

static int end_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* The pattern that TEXT stands for, over IPv4. */
static struct pattern pattern_of(const char *text)
{
    struct source source = {.name = "text", .text = text, .length = strlen(text)};
    struct diagnostics diagnostics = {.arena = &arena};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    struct pattern pattern;
    if (!pattern_parse(&scanner, &arena, &(struct pattern_names){0}, &pattern))
        fail_msg("`%s`: %s", text, diagnostics.kept > 0 ? diagnostics.items[0].message : "no message");
    pattern_set_network(&pattern, NETWORK_IPV4);
    return pattern;
}

/* A packet of the stack's with the text's values, built and decoded. */
static struct packet packet_of(const char *text)
{
    struct pattern pattern = pattern_of(text);
    struct error error;
    uint8_t *wire = arena_take(&arena, 2048);
    struct packet packet;
    assert_non_null(wire);
    struct byte_writer writer = byte_writer_on(wire, 2048);
    assert_true(packet_build(&pattern.packet, &writer, &error));
    packet_decode(byte_writer_written(&writer), DECODE_ALL, &packet);
    return packet;
}

static void a_segment_agrees_with_its_own_text(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "S 0:0(0) win 100 <mss 1460,nop,nop,sackOK>",
        "S. 5:5(0) ack 1 win 65535 <mss 1000,nop,wscale 7>",
        "P. 1:11(10) ack 1 win 5",
        "R 7:7(0)",
        "- 7:7(0) win 3",
        "1234 > 80 S 0:0(0) win 100",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct pattern pattern = pattern_of(texts[i]);
        struct packet packet = packet_of(texts[i]);
        struct match match = match_packet(&pattern, &packet);
        assert_true(match_agrees(&match));
    }
}

static void each_field_that_differs_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *expected;
        const char *came;
        uint64_t differing;
    } vectors[] = {
        {"S 0:0(0) win 9", "S. 0:0(0) win 9", FIELD_BIT(FIELD_FLAGS)},
        {". 1:1(0) ack 1 win 9", ". 2:2(0) ack 1 win 9", FIELD_BIT(FIELD_SEQUENCE)},
        {". 1:1(0) ack 1 win 9", ". 1:1(0) ack 2 win 9", FIELD_BIT(FIELD_ACKNOWLEDGMENT)},
        {". 1:1(0) ack 1 win 9", ". 1:1(0) ack 1 win 8", FIELD_BIT(FIELD_WINDOW)},
        {". 1:3(2) ack 1 win 9", ". 1:2(1) ack 1 win 9", FIELD_BIT(FIELD_PAYLOAD_LENGTH)},
        {". 1:1(0) ack 1 <nop,nop,nop,eol>", ". 1:1(0) ack 1 <nop,nop,nop,nop>", FIELD_BIT(FIELD_OPTIONS)},
        {". 1:1(0) ack 1", ". 1:1(0) ack 1 <nop,nop,nop,nop>", FIELD_BIT(FIELD_OPTIONS)},
        {"1 > 2 . 1:1(0) ack 1", "1 > 3 . 1:1(0) ack 1", FIELD_BIT(FIELD_DESTINATION_PORT)},
        {"S 0:0(0) win 9", "R. 1:1(0) win 8",
         FIELD_BIT(FIELD_FLAGS) | FIELD_BIT(FIELD_SEQUENCE) | FIELD_BIT(FIELD_WINDOW)},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct pattern pattern = pattern_of(vectors[i].expected);
        struct packet packet = packet_of(vectors[i].came);
        struct match match = match_packet(&pattern, &packet);
        assert_int_equal(match.differing, vectors[i].differing);
    }
}

static void what_a_text_leaves_open_is_not_looked_at(void **state)
{
    (void)state;
    struct pattern pattern = pattern_of("S. 0:0(0) ack 1 <...>");
    struct packet packet = packet_of("44 > 55 S. 0:0(0) ack 1 win 777 <mss 536,nop,wscale 3>");
    struct match match = match_packet(&pattern, &packet);
    assert_true(match_agrees(&match));
}

/* No field that a script gives is passed over, and each is told by its own name. */
static void every_ip_field_is_compared(void **state)
{
    (void)state;
    static const struct {
        const char *expected;
        const char *came;
        const char *headline;
    } vectors[] = {
        {"(tos 0x10) S 0:0(0) <...>", "(tos 0) S 0:0(0)", "tos 0x00 instead of tos 0x10"},
        {"(ttl 1) S 0:0(0) <...>", "(ttl 64) S 0:0(0)", "ttl 64 instead of ttl 1"},
        {"(id 7) S 0:0(0) <...>", "(id 8) S 0:0(0)", "id 8 instead of id 7"},
        {"(df) S 0:0(0) <...>", "(id 1) S 0:0(0)", "no IP flags instead of df"},
        {"(fragment 2) S 0:0(0) <...>", "(fragment 0) S 0:0(0)", "fragment 0 instead of fragment 2"},
        {"(total_length 99) S 0:0(0) <...>", "(ttl 64) S 0:0(0)", "total_length 40 instead of total_length 99"},
        {"(header_length 6) S 0:0(0) <...>", "(ttl 64) S 0:0(0)", "header_length 5 instead of header_length 6"},
        {"(version 5) S 0:0(0) <...>", "(ttl 64) S 0:0(0)", "version 4 instead of version 5"},
        {"(protocol 99) S 0:0(0) <...>", "(ttl 64) S 0:0(0)", "protocol 6 instead of protocol 99"},
        {"(options 01010101) S 0:0(0) <...>", "(ttl 64) S 0:0(0)", "no IP options instead of IP options 01010101"},
        {"(trailer 00) S 0:0(0) <...>", "(ttl 64) S 0:0(0)", "no trailer instead of trailer 00"},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        char sentence[256];
        struct text text = text_in(sentence, sizeof(sentence));
        struct pattern pattern = pattern_of(vectors[i].expected);
        struct packet packet = packet_of(vectors[i].came);
        struct match match = match_packet(&pattern, &packet);
        explain_headline(&text, &pattern, &packet, &match);
        assert_memory_equal(sentence, "SYN came with ", strlen("SYN came with "));
        assert_string_equal(sentence + strlen("SYN came with "), vectors[i].headline);
    }
}

static void what_differs_in_open_control_bits_is_no_difference(void **state)
{
    (void)state;
    struct pattern pattern = pattern_of("SE?W? 0:0(0) <...>");
    static const struct {
        const char *came;
        bool agrees;
    } vectors[] = {
        {"S 0:0(0)", true},   {"SE 0:0(0)", true},   {"SEW 0:0(0)", true},
        {"SA 0:0(0)", false}, {"S.E 0:0(0)", false}, {"E 0:0(0)", false},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct packet packet = packet_of(vectors[i].came);
        struct match match = match_packet(&pattern, &packet);
        assert_int_equal(match_agrees(&match), vectors[i].agrees);
    }
    char sentence[256];
    struct text text = text_in(sentence, sizeof(sentence));
    struct packet packet = packet_of("S. 0:0(0)");
    struct match match = match_packet(&pattern, &packet);
    explain_headline(&text, &pattern, &packet, &match);
    assert_string_equal(sentence, "expected SYN (with or without ECE,CWR); got SYN,ACK");
}

static void fields_of_ip_are_told_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *expected, *came, *sentence;
    } rows[] = {
        {"(tos 0x10, id 5, df) S 0:0(0)", "(src 192.0.2.1, dst 192.0.2.2, id 6, mf) S 0:0(0)",
         "SYN came with tos 0x00 instead of tos 0x10 and id 6 instead of id 5 and mf instead of df"},
        {"[ect0] . 1:1(0)", "(src 192.0.2.1, dst 192.0.2.2, ce) . 1:1(0)", "ACK came with [ce] instead of [ect0]"},
        {"(ttl 7) . 1:1(0)", "(src 192.0.2.1, dst 192.0.2.2, ttl 8) . 1:1(0)", "ACK came with ttl 8 instead of ttl 7"},
        {"P. 1:3(2) {payload \"ab\"}", "(src 192.0.2.1, dst 192.0.2.2) P. 1:3(2) {payload 6100}",
         "PSH,ACK came with payload 6100 instead of payload \"ab\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pattern pattern = pattern_of(rows[i].expected);
        struct packet packet = packet_of(rows[i].came);
        struct match match = match_packet(&pattern, &packet);
        char sentence[256];
        struct text text = text_in(sentence, sizeof(sentence));
        match.malformed = false;
        explain_headline(&text, &pattern, &packet, &match);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

static void a_set_of_options_tells_what_it_misses(void **state)
{
    (void)state;
    struct pattern pattern = pattern_of("S 0:0(0) <mss 1460,wscale ...?,...>");
    struct packet packet = packet_of("S 0:0(0) <nop,nop,sackOK,mss 1400>");
    struct match match = match_packet(&pattern, &packet);
    char sentence[256];
    struct text text = text_in(sentence, sizeof(sentence));
    assert_int_equal(match.differing, FIELD_BIT(FIELD_OPTIONS));
    explain_headline(&text, &pattern, &packet, &match);
    assert_string_equal(sentence, "SYN came with options <nop,nop,sackOK,mss 1400> instead of "
                                  "<mss 1460,wscale ...?,...> (no mss 1460, mss 1400 besides)");
}

static void a_defect_that_was_not_asked_for_is_no_match(void **state)
{
    (void)state;
    struct pattern pattern = pattern_of("S 0:0(0) win 9");
    struct pattern asking = pattern_of("S 0:0(0) win 9 {checksum 0x1234}");
    struct packet packet = packet_of("S 0:0(0) win 9 {checksum 0x1234}");
    struct match match = match_packet(&pattern, &packet);
    assert_true(match.malformed);
    char sentence[256];
    struct text text = text_in(sentence, sizeof(sentence));
    explain_headline(&text, &pattern, &packet, &match);
    assert_string_equal(sentence, "the stack sent a malformed packet: the TCP checksum is wrong (at byte 36)");
    match = match_packet(&asking, &packet);
    assert_true(match_agrees(&match));
}

static void carets_stand_under_what_differs(void **state)
{
    (void)state;
    struct pattern pattern = pattern_of("S. 0:0(0) ack 1 win 10 <mss 1460>");
    struct packet packet = packet_of("R. 0:0(0) ack 12 win 10");
    struct match match = match_packet(&pattern, &packet);
    struct text text = text_growing();
    explain_segments(&text, &pattern, &packet, &match);
    assert_string_equal(text_string(&text), "  expected  S. 0:0(0) ack 1  win 10 <mss 1460>\n"
                                            "  got       R. 0:0(0) ack 12 win 10 <no options>\n"
                                            "            ^^        ^^^^^^        ^^^^^^^^^^^^\n");
    text_free(&text);
}

static void control_bits_are_named_as_people_say_them(void **state)
{
    (void)state;
    static const struct {
        uint16_t flags;
        const char *words;
    } vectors[] = {
        {TCP_SYN | TCP_ACK, "SYN,ACK"},
        {TCP_RST | TCP_ACK, "RST,ACK"},
        {TCP_FIN | TCP_PSH | TCP_ACK, "FIN,PSH,ACK"},
        {0, "no control bits"},
        {TCP_SYN | TCP_ECE | TCP_CWR, "SYN,ECE,CWR"},
        {TCP_RESERVED, "reserved bits"},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        char words[64];
        struct text text = text_in(words, sizeof(words));
        explain_flags(&text, vectors[i].flags);
        assert_string_equal(words, vectors[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_segment_agrees_with_its_own_text),
        cmocka_unit_test(each_field_that_differs_is_named),
        cmocka_unit_test(what_a_text_leaves_open_is_not_looked_at),
        cmocka_unit_test(every_ip_field_is_compared),
        cmocka_unit_test(what_differs_in_open_control_bits_is_no_difference),
        cmocka_unit_test(fields_of_ip_are_told_by_name),
        cmocka_unit_test(a_set_of_options_tells_what_it_misses),
        cmocka_unit_test(a_defect_that_was_not_asked_for_is_no_match),
        cmocka_unit_test(carets_stand_under_what_differs),
        cmocka_unit_test(control_bits_are_named_as_people_say_them),
    };
    return cmocka_run_group_tests(tests, NULL, end_arena);
}
