/* SPDX-License-Identifier: MIT */
/* Texts that are read: the bytes they stand for, what they give and what they leave open. */
#include "packet_fixture.h"
#include "sound_packets.h"

#define BIT(field)  FIELD_BIT(FIELD_##field)
#define PORTS       (BIT(SOURCE_PORT) | BIT(DESTINATION_PORT))
#define SEGMENT     (BIT(FLAGS) | BIT(SEQUENCE) | BIT(PAYLOAD_LENGTH))
#define BARE        (SEGMENT | BIT(OPTIONS))
#define UDP_PACKET  BIT(PAYLOAD_LENGTH)
#define ICMP_PACKET BIT(ICMP_TYPE)

static void texts_of_sound_packets_are_their_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sound_packets); i++)
        assert_bytes(built_from(sound_packets[i].text), sound_packets[i].bytes);
}

/* What a text gives; all else is left open. */
static const struct given_row {
    const char *text;
    uint64_t given;
    bool any_options;
} given_rows[] = {
    {"S 0:0(0)", BARE, false},
    {"S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>", BARE | BIT(WINDOW), false},
    {"S. 0:0(0) ack 1 <...>", SEGMENT | BIT(ACKNOWLEDGMENT), true},
    {"S. 0:0(0) ack 1 win 5 <...>", SEGMENT | BIT(ACKNOWLEDGMENT) | BIT(WINDOW), true},
    {"S. 0:0(0) ack 1 ...", SEGMENT | BIT(ACKNOWLEDGMENT), true},
    {". 1:1(0) ack 1 win 257", BARE | BIT(ACKNOWLEDGMENT) | BIT(WINDOW), false},
    {". 1:1(0) ack 1 <>", BARE | BIT(ACKNOWLEDGMENT), false},
    {"P. 1:11(10) ack 1 urg 3", BARE | BIT(ACKNOWLEDGMENT) | BIT(URGENT_POINTER), false},
    {"- 0:0(0) win 1 urg 2", BARE | BIT(WINDOW) | BIT(URGENT_POINTER), false},
    {"1234 > 80 R 1:1(0)", BARE | PORTS, false},
    {"(ttl 64) R 1:1(0)", BARE | BIT(TIME_TO_LIVE), false},
    {"[ect0] . 1:1(0)", BARE | BIT(ECN), false},
    {"[ect01] . 1:1(0)", BARE | BIT(ECN), false},
    {"(tos 0x10, id 7, df, fragment 0) . 1:1(0)",
     BARE | BIT(TYPE_OF_SERVICE) | BIT(IDENTIFICATION) | BIT(IP_FLAGS) | BIT(FRAGMENT_OFFSET), false},
    {"(mf, df, reserved_flag) . 1:1(0)", BARE | BIT(IP_FLAGS), false},
    {"(src 1.2.3.4) (dst 1.2.3.5) [ce] . 1:1(0)", BARE | BIT(SOURCE) | BIT(DESTINATION) | BIT(ECN), false},
    {"(version 6, flowlabel 1, payload_length 9, extensions 0 0600010400000000) . 1:1(0)",
     BARE | BIT(IP_VERSION) | BIT(FLOW_LABEL) | BIT(IP_LENGTH) | BIT(IP_OPTIONS), false},
    {"(header_length 5, total_length 9, protocol 6, checksum bad, options 01010100, trailer \"x\") . 1:1(0)",
     BARE | BIT(IP_HEADER_LENGTH) | BIT(IP_LENGTH) | BIT(PROTOCOL) | BIT(IP_CHECKSUM) | BIT(IP_OPTIONS) | BIT(TRAILER),
     false},
    {". 1:1(0) {checksum bad, data_offset 5, reserved 0}", BARE | BIT(CHECKSUM) | BIT(DATA_OFFSET) | BIT(RESERVED),
     false},
    {"P. 1:3(2) ... {payload \"hi\"}", SEGMENT | BIT(PAYLOAD), true},
    {"udp (5)", UDP_PACKET, false},
    {"udp 53 > 54 (5) {length 1, checksum 2}", UDP_PACKET | PORTS | BIT(UDP_LENGTH) | BIT(CHECKSUM), false},
    {"icmp type 8", ICMP_PACKET, false},
    {"icmpv4 type 3 code 4 rest 0x5dc (28)", ICMP_PACKET | BIT(ICMP_CODE) | BIT(ICMP_REST) | BIT(PAYLOAD_LENGTH),
     false},
    {"icmpv6 type 2 {payload 60, checksum bad}", ICMP_PACKET | BIT(PAYLOAD) | BIT(PAYLOAD_LENGTH) | BIT(CHECKSUM),
     false},
    {"protocol 47", BIT(PROTOCOL), false},
    {"protocol 47 \"ab\"", BIT(PROTOCOL) | BIT(PAYLOAD) | BIT(PAYLOAD_LENGTH), false},
    {"raw", 0, false},
    {"raw 0x4500", BIT(PAYLOAD) | BIT(PAYLOAD_LENGTH), false},
};

static void what_is_not_said_is_left_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(given_rows); i++) {
        struct reading reading;
        read_sound(&reading, given_rows[i].text);
        const struct pattern *pattern = &reading.pattern;
        if (pattern->given != given_rows[i].given)
            fail_msg("%s gives %#llx, not %#llx", given_rows[i].text, (unsigned long long)pattern->given,
                     (unsigned long long)given_rows[i].given);
        assert_int_equal(pattern->any_options, given_rows[i].any_options);
        assert_int_equal(pattern->at.offset, 0);
        assert_int_equal(pattern->at.length, strlen(given_rows[i].text));
        assert_int_equal(pattern_gives(pattern, FIELD_WINDOW), (given_rows[i].given & BIT(WINDOW)) != 0);
        reading_free(&reading);
    }
}

static void control_bits_are_letters_or_a_number(void **state)
{
    (void)state;
    static const struct {
        const char *letters;
        uint16_t flags;
    } rows[] = {
        {"-", 0},
        {"S", TCP_SYN},
        {".", TCP_ACK},
        {"S.", TCP_SYN | TCP_ACK},
        {"F.", TCP_FIN | TCP_ACK},
        {"R", TCP_RST},
        {"P.U", TCP_PSH | TCP_ACK | TCP_URG},
        {"SEW", TCP_SYN | TCP_ECE | TCP_CWR},
        {"SEWA", TCP_SYN | TCP_ECE | TCP_CWR | TCP_AE},
        {"AWE.S", TCP_SYN | TCP_ACK | TCP_ECE | TCP_CWR | TCP_AE},
        {"S0", TCP_SYN},
        {"S.1", TCP_SYN | TCP_ACK | TCP_ECE},
        {".2", TCP_ACK | TCP_CWR},
        {".4", TCP_ACK | TCP_AE},
        {".5", TCP_ACK | TCP_AE | TCP_ECE},
        {".7", TCP_ACK | TCP_AE | TCP_CWR | TCP_ECE},
        {"FSRP.UEWA", 0x1ff},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text text = text_growing();
        struct reading reading;
        text_append_format(&text, "%s 0:0(0)", rows[i].letters);
        read_sound(&reading, keep_text(&text));
        assert_int_equal(reading.pattern.packet.tcp.flags, rows[i].flags);
        reading_free(&reading);
    }
}

static void ecn_is_two_bits_or_a_choice(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint8_t code_point;
        enum pattern_ecn ecn;
    } rows[] = {
        {"[noecn] . 1:1(0)", 0, ECN_EXACT},
        {"[ect1] . 1:1(0)", 1, ECN_EXACT},
        {"[ect0] . 1:1(0)", 2, ECN_EXACT},
        {"[ect01] . 1:1(0)", 2, ECN_ECT0_OR_ECT1},
        {"[ce] . 1:1(0)", 3, ECN_EXACT},
        {"(ce) . 1:1(0)", 3, ECN_EXACT},
        {"[tos 0xb8, ce] . 1:1(0)", 0xbb, ECN_EXACT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        read_sound(&reading, rows[i].text);
        assert_int_equal(reading.pattern.packet.ipv4.type_of_service, rows[i].code_point);
        assert_int_equal(reading.pattern.ecn, rows[i].ecn);
        assert_true(pattern_gives(&reading.pattern, FIELD_ECN));
        reading_free(&reading);
    }
}

/* Texts that are read as others are, and their whole form. */
static void other_ways_to_say_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *text, *whole;
    } rows[] = {
        {"  ( src 1.2.3.4 ,ttl 0x40 )S 0 : 0 ( 0 )win 1<nop , nop,sackOK>",
         "(src 1.2.3.4, dst 0.0.0.0, ttl 64) 0 > 0 S 0:0(0) win 1 <nop,nop,sackOK>"},
        {"(src 1.2.3.4,\n ttl 1) S 0:0(0)", "(src 1.2.3.4, dst 0.0.0.0, ttl 1) 0 > 0 S 0:0(0) win 0"},
        {"(df) S 0:0(0) /* a note */ win 5 <mss 1, /* another */\n # and more\n mss 2>",
         "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) 0 > 0 S 0:0(0) win 5 <mss 1,mss 2>"},
        {"(df) . 1:1(0)\n  ack 1\n win 2 // window\n urg 3\n <nop,\n nop,nop,nop>\n {reserved 0}",
         "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) 0 > 0 . 1:1(0) ack 1 win 2 urg 3 <nop,nop,nop,nop>"},
        {"(df) P. 1:6(5) {payload \"he\\x6clo\"}",
         "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) 0 > 0 P. 1:6(5) ack 0 win 0 {payload 68656c6c6f}"},
        {"(df) P. 1:6(5) {payload 0X68656C6c6F, checksum 0xFFFF}",
         "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) 0 > 0 P. 1:6(5) ack 0 win 0 {checksum 0xffff, payload 68656c6c6f}"},
        {"(df) 0x10 > 00000000000080 S 4294967295:9(10) win 00012",
         "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) 16 > 80 S 4294967295:9(10) win 12"},
        {"(df) S 0:0(0) <kind 2 05b4,uto 5 ,kind 1,kind 0,raw 0000>",
         "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) 0 > 0 S 0:0(0) win 0 <mss 1460,uto 5,nop,eol,eol,eol>"},
        {"(df) S 0:0(0) <mptcp 2 3,nop,raw 020405b4>",
         "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) 0 > 0 S 0:0(0) win 0 <mptcp dss 3,nop,mss 1460>"},
        {"(flowlabel 0) icmp type 1", "(src ::, dst ::, ttl 0) icmp type 1 code 0 (0)"},
        {"(df) icmpv6 type 1", "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) icmpv6 type 1 code 0 (0)"},
        {"(flowlabel 0) icmpv4 type 1", "(src ::, dst ::, ttl 0) icmpv4 type 1 code 0 (0)"},
        {"(df) protocol 0x2f \"a\"", "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) protocol 47 61"},
        {"(flowlabel 0) protocol 7", "(src ::, dst ::, ttl 0) protocol 7"},
        {"raw \"\\r\\n\"", "raw 0d0a"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        read_sound(&reading, rows[i].text);
        assert_string_equal(printed(&reading.pattern.packet, PATTERN_WHOLE), rows[i].whole);
        reading_free(&reading);
    }
}

/* What follows a segment is left to whoever reads on; the span ends with the segment. */
static void a_segment_ends_where_nothing_more_of_it_comes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length, behind;
    } rows[] = {
        {"S 0:0(0) win 5 ; more", 14, 15},
        {"S 0:0(0)\n+0 > . 1:1(0)", 8, 8},
        {"S 0:0(0) // ack 1\n+0", 8, 9},
        {"S 0:0(0)\n// x\nwindow", 8, 8},
        {"S 0:0(0)\nack 7 \n+1", 14, 15},
        {"raw 01 02", 6, 7},
        {"udp (5)\n{", 7, 7},
        {"S 0:0(0) urg 1 ack 2", 14, 15},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        read_pattern(&reading, rows[i].text, NULL);
        assert_true(reading.done);
        assert_int_equal(reading.pattern.at.length, rows[i].length);
        assert_int_equal(reading.behind, rows[i].behind);
        reading_free(&reading);
    }
}

static void a_payload_that_only_has_a_length_is_zeros(void **state)
{
    (void)state;
    struct reading reading;
    read_sound(&reading, "P. 1:65536(65535)");
    struct bytes payload = reading.pattern.packet.payload;
    assert_int_equal(payload.length, 65535);
    for (size_t i = 0; i < payload.length; i++)
        assert_int_equal(payload.data[i], 0);
    assert_false(pattern_gives(&reading.pattern, FIELD_PAYLOAD));
    reading_free(&reading);
}

static void checksums_may_be_bad(void **state)
{
    (void)state;
    struct reading reading;
    read_sound(&reading, "(checksum bad) S 0:0(0) {checksum bad}");
    assert_int_equal(reading.pattern.checksum, CHECKSUM_BAD);
    assert_int_equal(reading.pattern.ip_checksum, CHECKSUM_BAD);
    assert_int_equal(reading.pattern.packet.network, NETWORK_IPV4);
    assert_int_equal(reading.pattern.packet.explicit_fields, 0);
    reading_free(&reading);
    read_sound(&reading, "(checksum 1) S 0:0(0) {checksum 2}");
    assert_int_equal(reading.pattern.checksum, CHECKSUM_AS_GIVEN);
    assert_int_equal(reading.pattern.ip_checksum, CHECKSUM_AS_GIVEN);
    assert_int_equal(reading.pattern.packet.explicit_fields, EXPLICIT_CHECKSUM | EXPLICIT_IP_CHECKSUM);
    assert_int_equal(reading.pattern.packet.ipv4.checksum, 1);
    assert_int_equal(reading.pattern.packet.tcp.checksum, 2);
    reading_free(&reading);
}

/* A text that is for either version of IP becomes one for the version asked for. */
static void a_pattern_is_made_for_a_network(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum packet_network network;
        const char *whole;
    } rows[] = {
        {"(tos 3, ttl 9) icmp type 1", NETWORK_IPV4,
         "(src 0.0.0.0, dst 0.0.0.0, tos 0x3, ttl 9) icmp type 1 code 0 (0)"},
        {"(tos 3, ttl 9) icmp type 1", NETWORK_IPV6, "(src ::, dst ::, tos 0x3, ttl 9) icmp type 1 code 0 (0)"},
        {"(version 5, trailer 0a) protocol 50", NETWORK_IPV6,
         "(src ::, dst ::, ttl 0, version 5, trailer 0a) protocol 50"},
        {"(version 5, trailer 0a) protocol 50", NETWORK_IPV4,
         "(src 0.0.0.0, dst 0.0.0.0, ttl 0, version 5, trailer 0a) protocol 50"},
        {"(df) protocol 50", NETWORK_IPV6, "(src 0.0.0.0, dst 0.0.0.0, df, ttl 0) protocol 50"},
        {"(flowlabel 0) protocol 50", NETWORK_IPV4, "(src ::, dst ::, ttl 0) protocol 50"},
        {"raw 01", NETWORK_NONE, "raw 01"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        read_sound(&reading, rows[i].text);
        pattern_set_network(&reading.pattern, rows[i].network);
        assert_string_equal(printed(&reading.pattern.packet, PATTERN_WHOLE), rows[i].whole);
        reading_free(&reading);
    }
}

/* MSS is 1460; a name that is too large; one of which the function itself has something to say. */
static bool find_name(void *context, const char *name, size_t length, uint64_t *value)
{
    if (length == 5 && memcmp(name, "WRONG", 5) == 0)
        return diagnostics_add(context, (struct span){0, 1}, "WRONG is wrong");
    if (length == 3 && memcmp(name, "MSS", 3) == 0)
        *value = 1460;
    else if (length == 3 && memcmp(name, "BIG", 3) == 0)
        *value = UINT64_C(1) << 33;
    else
        return false;
    return true;
}

static void names_stand_for_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *result;
    } rows[] = {
        {"S MSS:1460(0) win MSS <mss MSS>", "S 1460:1460(0) win 1460 <mss 1460>"},
        {"1 > MSS . 0:MSS(MSS) ack MSS", "1 > 1460 . 0:1460(1460) ack 1460"},
        {"MSS > 80 S 0:0(0)", "1460 > 80 S 0:0(0)"},
        {"MSS>80 S 0:0(0)", "1460 > 80 S 0:0(0)"},
        {"OTHER > 80 S 0:0(0)", "expected a source port: a number or a name that is defined as one, found `OTHER`"},
        {"S 0:0(0) win BIG", "this number is too large: at most 65535 fits here"},
        {"S 0:0(0) win OTHER", "expected a window: a number or a name that is defined as one, found `OTHER`"},
        {"S 0:0(0) win WRONG", "WRONG is wrong"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bytes block = exact_copy(text_bytes(rows[i].text));
        const struct source source = {"text", (const char *)block.data, block.length};
        struct arena arena = {0};
        struct diagnostics diagnostics = {.arena = &arena};
        struct scanner scanner = scanner_on(&source, &diagnostics);
        const struct pattern_names names = {.find = find_name, .context = &diagnostics};
        struct text text = text_growing();
        struct pattern pattern;
        if (pattern_parse(&scanner, &arena, &names, &pattern))
            pattern_print(&text, &pattern);
        else
            text_append_string(&text, diagnostics.items[0].message);
        assert_in_range(diagnostics.count, 0, 1);
        assert_string_equal(keep_text(&text), rows[i].result);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(texts_of_sound_packets_are_their_bytes),
        packet_test(what_is_not_said_is_left_open),
        packet_test(control_bits_are_letters_or_a_number),
        packet_test(ecn_is_two_bits_or_a_choice),
        packet_test(other_ways_to_say_the_same),
        packet_test(a_segment_ends_where_nothing_more_of_it_comes),
        packet_test(a_payload_that_only_has_a_length_is_zeros),
        packet_test(checksums_may_be_bad),
        packet_test(a_pattern_is_made_for_a_network),
        packet_test(names_stand_for_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
