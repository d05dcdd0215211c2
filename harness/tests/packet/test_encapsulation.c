/* SPDX-License-Identifier: MIT */
/* What a packet travels in: text to bytes, bytes to text, and what is looked into and what is not. */
#include "packet/encapsulation.h"
#include "packet_fixture.h"

#define INNER "(src 192.0.2.1, dst 192.0.2.2, ttl 64) 1 > 2 R 5:5(0) win 0"
/* The bytes of that. */
#define INNER_BYTES "45000028000000004006f6ccc0000201c0000202 00010002000000050000000050040000 2bd50000"
#define INNER_V6    "(src 2001:db8::1, dst 2001:db8::2, ttl 64) 1 > 2 R 5:5(0) win 0"
#define INNER_V6_BYTES                                                                 \
    "600000000014064020010db800000000000000000000000120010db8000000000000000000000002" \
    "00010002000000050000000050040000 54640000"

/* The whole text of a packet that is in others, and its bytes. */
static const struct {
    const char *text;
    const char *bytes;
} vectors[] = {
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): " INNER, "4500003c000000004004 2654 c6336401 c6336402" INNER_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (tos 0x10, id 7, df, ttl 9): " INNER,
     "4510003c000740000904 1d3d c6336401 c6336402" INNER_BYTES},
    {"ipv6 2001:db8::a > 2001:db8::b (ttl 64): " INNER,
     "6000000000280440 20010db800000000000000000000000a 20010db800000000000000000000000b" INNER_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): " INNER_V6,
     "45000050000000004029 261b c6336401 c6336402" INNER_V6_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): gre: " INNER,
     "4500004000000000402f 2625 c6336401 c6336402 00000800" INNER_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): gre flags 0x3000, key 0x5, seq 6: " INNER_V6,
     "4500005c00000000402f 2609 c6336401 c6336402 300086dd 00000005 00000006" INNER_V6_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): gre flags 0xb000, sum 511, off 1023, key 0x80001234, seq 512: " INNER,
     "4500004c00000000402f 2619 c6336401 c6336402 b0000800 01ff03ff 80001234 00000200" INNER_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): gre flags 0x8000: " INNER,
     "4500004400000000402f 2621 c6336401 c6336402 80000800 fc1d0000" INNER_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): gre: mpls (label 0, tc 0, ttl 0) (label 1048575, tc 7, [S], ttl "
     "255): " INNER,
     "4500004800000000402f 261d c6336401 c6336402 00008847 00000000 ffffffff" INNER_BYTES},
    {"ipv4 198.51.100.1 > 198.51.100.2 (ttl 64): mpls (label 123, tc 1, [S], ttl 255): " INNER_V6,
     "45000054000000004089 25b7 c6336401 c6336402 0007b3ff" INNER_V6_BYTES},
};

/* What is around a packet and the packet itself, as decoded. */
struct decoded {
    struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    struct encapsulation encapsulation;
    struct packet outermost;
    struct packet innermost;
};

static void decode(struct decoded *decoded, struct bytes wire)
{
    packet_decode(wire, DECODE_ALL, &decoded->outermost);
    decoded->innermost = decoded->outermost;
    size_t count = encapsulation_decode(&decoded->outermost, decoded->headers, &decoded->innermost);
    decoded->encapsulation = (struct encapsulation){.headers = decoded->headers, .count = count};
}

static const char *print_around(const struct encapsulation *encapsulation, const struct packet *packet)
{
    struct text text = text_growing();
    encapsulation_print(&text, encapsulation, packet, PATTERN_WHOLE);
    return keep_text(&text);
}

static void texts_are_their_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct reading reading;
        read_sound(&reading, vectors[i].text);
        assert_bytes(built_around(&reading.pattern.encapsulation, &reading.pattern.packet), vectors[i].bytes);
        reading_free(&reading);
    }
}

static void bytes_are_their_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct decoded decoded;
        struct bytes wire = from_hex(vectors[i].bytes);
        decode(&decoded, wire);
        assert_int_equal(decoded.innermost.defect_count, 0);
        assert_string_equal(print_around(&decoded.encapsulation, &decoded.innermost), vectors[i].text);
        assert_same_bytes(built_around(&decoded.encapsulation, &decoded.innermost), wire);
    }
}

/* Forms that scripts write, and what is printed of them. */
static void scripts_forms_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
    } rows[] = {
        {"ipv4 2.2.2.2 > 1.1.1.1: gre: . 1:1001(1000) ack 1 win 123", NULL},
        {"ipv4 2.2.2.2 > 1.1.1.1: gre:\n     mpls (label 123, tc 1, [S], ttl 255): . 1:2(1) ack 1 win 123",
         "ipv4 2.2.2.2 > 1.1.1.1: gre: mpls (label 123, tc 1, [S], ttl 255): . 1:2(1) ack 1 win 123"},
        {"ipv4 2.2.2.2 > 1.1.1.1 : gre flags 0xb000, sum 511, off 1023, key 0x80001234, seq 512: . 1:2(1) ack 1",
         "ipv4 2.2.2.2 > 1.1.1.1: gre flags 0xb000, sum 511, off 1023, key 0x80001234, seq 512: . 1:2(1) ack 1"},
        {"ipv6 2::2222 > 1::1111: ipv6 2::2222 > 1::1111: . 1:2(1) ack 1", NULL},
        {"ipv6 2::2222 > 1::: . 1:2(1) ack 1", NULL},
        {"ipv6 2::2222 > 1:: : . 1:2(1) ack 1", "ipv6 2::2222 > 1::: . 1:2(1) ack 1"},
        {"ipv4 1.1.1.1 > 2.2.2.2: gre key 5: . 1:2(1) ack 1",
         "ipv4 1.1.1.1 > 2.2.2.2: gre flags 0x2000, key 0x5: . 1:2(1) ack 1"},
        {"ipv4 1.1.1.1 > 2.2.2.2: [ect0] . 1:2(1) ack 1", "ipv4 1.1.1.1 > 2.2.2.2: (ect0) . 1:2(1) ack 1"},
        {"R. 0:0(0) ack 1 win 0/udp(1 > 9812)", NULL},
        {"S 0:0(0) win 65535 <mss 1452,sackOK,eol,eol>/udp(9811 > 1)", NULL},
        {"ipv4 1.1.1.1 > 2.2.2.2: udp (10)", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading, again;
        struct text text = text_growing();
        read_sound(&reading, rows[i].text);
        pattern_print(&text, &reading.pattern);
        const char *printed_text = keep_text(&text);
        assert_string_equal(printed_text, rows[i].printed == NULL ? rows[i].text : rows[i].printed);
        read_sound(&again, printed_text);
        assert_true(pattern_equal(&reading.pattern, &again.pattern));
        reading_free(&again);
        reading_free(&reading);
    }
}

static void what_differs_is_not_equal(void **state)
{
    (void)state;
    static const char *const texts[] = {
        ". 1:1(0) ack 1",
        ". 1:1(0) ack 1/udp(1 > 2)",
        ". 1:1(0) ack 1/udp(1 > 3)",
        ". 1:1(0) ack 1/udp(2 > 2)",
        "ipv4 1.1.1.1 > 2.2.2.2: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.3: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2 (ttl 3): . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: ipv4 1.1.1.1 > 2.2.2.2: . 1:1(0) ack 1",
        "ipv6 ::1 > ::2: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: gre: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: gre key 1: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: gre key 2: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: gre seq 1: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: gre sum 1: . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: mpls (label 1, tc 0, [S], ttl 1): . 1:1(0) ack 1",
        "ipv4 1.1.1.1 > 2.2.2.2: mpls (label 1, tc 0, ttl 1): . 1:1(0) ack 1",
    };
    assert_all_differ(texts, COUNT_OF(texts));
}

/* The bytes stay those of the outermost packet's payload. */
static void what_can_not_be_built_again_is_not_looked_into(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 4 00",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 4 6000",
        "(src 192.0.2.1, dst 192.0.2.2, mf, ttl 64) protocol 4 4500001400000000400600000102030401020304",
        "(src 192.0.2.1, dst 192.0.2.2, fragment 3, ttl 64) protocol 4 4500001400000000400600000102030401020304",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64, trailer 00) protocol 4 4500001400000000400600000102030401020304",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 47 00",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 47 b0000800 0000",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 47 00006558 0102",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 137 00000000 00000000",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 137 00000100",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 50 45",
        "(src 192.0.2.1, dst 192.0.2.2, ttl 64) udp 1 > 2 (4)",
        "raw 45",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct decoded decoded;
        struct text joined = text_growing();
        const char *last = strrchr(texts[i], ' ');
        bool two_words = strstr(texts[i], "47 b") != NULL || strstr(texts[i], "6558") != NULL ||
                         strstr(texts[i], "00000000 0") != NULL;
        text_append_bytes(&joined, texts[i], (size_t)(last - texts[i]) + (two_words ? 0 : 1));
        text_append_string(&joined, last + 1);
        decode(&decoded, built_from(keep_text(&joined)));
        assert_int_equal(decoded.encapsulation.count, 0);
    }
}

static void no_more_headers_than_fit_are_taken_off(void **state)
{
    (void)state;
    struct reading reading;
    struct text text = text_growing();
    for (size_t i = 0; i < ENCAPSULATION_HEADERS_MOST; i++)
        text_append_string(&text, "ipv4 1.1.1.1 > 2.2.2.2 (ttl 64): ");
    text_append_string(&text, "(src 192.0.2.1, dst 192.0.2.2, ttl 64) protocol 4 ");
    text_append_hex(&text, from_hex(INNER_BYTES).data, from_hex(INNER_BYTES).length);
    read_sound(&reading, keep_text(&text));
    struct decoded decoded;
    decode(&decoded, built_around(&reading.pattern.encapsulation, &reading.pattern.packet));
    assert_int_equal(decoded.encapsulation.count, ENCAPSULATION_HEADERS_MOST);
    assert_int_equal(decoded.innermost.transport, TRANSPORT_NONE);
    reading_free(&reading);
}

static void tcp_over_udp_is_built_and_decoded(void **state)
{
    (void)state;
    static const char *const texts[] = {
        ("(src 192.0.2.1, dst 192.0.2.2, ttl 64) 1 > 2 P. 5:8(3) ack 9 win 7 <nop,nop,nop,eol>/udp(9899 > 9900) "
         "{payload 010203}"),
        "(src 2001:db8::1, dst 2001:db8::2, ttl 64) 1 > 2 P. 5:8(3) ack 9 win 7/udp(9899 > 9900) {payload 010203}",
        "(src 192.0.2.1, dst 192.0.2.2, options 94040000, ttl 64) 1 > 2 S 5:5(0) win 7/udp(1 > 2)",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct reading reading;
        struct packet datagram, segment;
        read_sound(&reading, texts[i]);
        struct bytes wire = built_around(&reading.pattern.encapsulation, &reading.pattern.packet);
        packet_decode(wire, DECODE_ALL, &datagram);
        assert_int_equal(datagram.transport, TRANSPORT_UDP);
        assert_int_equal(datagram.defect_count, 0);
        assert_true(encapsulation_decode_over_udp(&datagram, &segment));
        assert_int_equal(segment.tcp.checksum, 0);
        struct encapsulation around = {
            .over_udp = true, .udp_source = datagram.udp.source_port, .udp_destination = datagram.udp.destination_port};
        assert_string_equal(print_around(&around, &segment), texts[i]);
        assert_same_bytes(built_around(&around, &segment), wire);
        reading_free(&reading);
    }
}

static void a_datagram_too_short_for_tcp_is_no_segment(void **state)
{
    (void)state;
    struct packet datagram, segment;
    packet_decode(built_from("(src 192.0.2.1, dst 192.0.2.2, ttl 64) udp 1 > 2 (19)"), DECODE_ALL, &datagram);
    assert_false(encapsulation_decode_over_udp(&datagram, &segment));
}

static void what_does_not_fit_is_told(void **state)
{
    (void)state;
    struct reading reading;
    struct error error;
    uint8_t buffer[70];
    read_sound(&reading, vectors[0].text);
    for (size_t room = 0; room < 60; room++) {
        struct byte_writer writer = byte_writer_on(buffer, room);
        assert_false(encapsulation_build(&reading.pattern.encapsulation, &reading.pattern.packet, &writer, &error));
    }
    reading_free(&reading);
    static uint8_t large[1 << 17];
    struct byte_writer writer = byte_writer_on(large, sizeof(large));
    read_sound(&reading, "ipv4 1.1.1.1 > 2.2.2.2: (src 192.0.2.1) . 1:65496(65495) ack 1");
    assert_false(encapsulation_build(&reading.pattern.encapsulation, &reading.pattern.packet, &writer, &error));
    reading_free(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(texts_are_their_bytes),
        packet_test(bytes_are_their_texts),
        packet_test(scripts_forms_are_read),
        packet_test(what_differs_is_not_equal),
        packet_test(what_can_not_be_built_again_is_not_looked_into),
        packet_test(no_more_headers_than_fit_are_taken_off),
        packet_test(tcp_over_udp_is_built_and_decoded),
        packet_test(a_datagram_too_short_for_tcp_is_no_segment),
        packet_test(what_does_not_fit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
