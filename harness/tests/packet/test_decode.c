/* SPDX-License-Identifier: MIT */
#include "packet_fixture.h"
#include "sound_packets.h"

static void sound_packets_decode_without_a_defect(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sound_packets); i++) {
        struct bytes wire = from_hex(sound_packets[i].bytes);
        struct packet packet;
        packet_decode(wire, DECODE_ALL, &packet);
        assert_string_equal(defects_of(&packet), "");
        assert_string_equal(printed(&packet, PATTERN_WHOLE), sound_packets[i].text);
        assert_ptr_equal(packet.wire.data, wire.data);
        assert_int_equal(packet.wire.length, wire.length);
        assert_same_bytes(built(&packet), wire);
    }
}

static void ipv4_fields_are_those_of_the_header(void **state)
{
    (void)state;
    struct packet packet;
    packet_decode(from_hex("46b9001c1234e0b9ff113a2a0a0000010a0000fe940400000001ffff"), DECODE_ALL, &packet);
    assert_int_equal(packet.network, NETWORK_IPV4);
    assert_int_equal(packet.transport, TRANSPORT_NONE);
    assert_int_equal(packet.ipv4.version, 4);
    assert_int_equal(packet.ipv4.header_length, 6);
    assert_int_equal(packet.ipv4.type_of_service, 0xb9);
    assert_int_equal(packet.ipv4.total_length, 28);
    assert_int_equal(packet.ipv4.identification, 0x1234);
    assert_int_equal(packet.ipv4.flags, IPV4_MORE_FRAGMENTS | IPV4_DONT_FRAGMENT | IPV4_RESERVED);
    assert_int_equal(packet.ipv4.fragment_offset, 0xb9);
    assert_int_equal(packet.ipv4.time_to_live, 255);
    assert_int_equal(packet.ipv4.protocol, PROTOCOL_UDP);
    assert_int_equal(packet.ipv4.checksum, 0x3a2a);
    assert_bytes((struct bytes){packet.ipv4.source, 4}, "0a000001");
    assert_bytes((struct bytes){packet.ipv4.destination, 4}, "0a0000fe");
    assert_bytes(packet.ipv4.options, "94040000");
    assert_bytes(packet.payload, "0001ffff");
    assert_int_equal(packet.trailer.length, 0);
}

static void ipv6_fields_are_those_of_the_header(void **state)
{
    (void)state;
    static const char wire[] = "6abcdef00008 00fe 20010db8000000000000000000000001 fe800000000000000000000000000002"
                               "3b00050200000100 0102";
    struct packet packet;
    packet_decode(from_hex(wire), DECODE_ALL, &packet);
    assert_int_equal(packet.network, NETWORK_IPV6);
    assert_int_equal(packet.ipv6.version, 6);
    assert_int_equal(packet.ipv6.traffic_class, 0xab);
    assert_int_equal(packet.ipv6.flow_label, 0xcdef0);
    assert_int_equal(packet.ipv6.payload_length, 8);
    assert_int_equal(packet.ipv6.next_header, 0);
    assert_int_equal(packet.ipv6.hop_limit, 254);
    assert_int_equal(packet.ipv6.protocol, 59);
    assert_bytes(packet.ipv6.extensions, "3b00050200000100");
    assert_int_equal(packet.payload.length, 0);
    assert_bytes(packet.trailer, "0102");
    assert_string_equal(defects_of(&packet), "IP_TRAILER@48");
}

static void tcp_fields_are_those_of_the_header(void **state)
{
    (void)state;
    struct packet packet;
    packet_decode(from_hex("4500002e00000000400600000000000000000000"
                           "1234fedcfffefdfc010203046fc2abcd12345678 01010101 6869"),
                  DECODE_ALL, &packet);
    assert_int_equal(packet.transport, TRANSPORT_TCP);
    assert_int_equal(packet.tcp.source_port, 0x1234);
    assert_int_equal(packet.tcp.destination_port, 0xfedc);
    assert_int_equal(packet.tcp.sequence, 0xfffefdfc);
    assert_int_equal(packet.tcp.acknowledgment, 0x01020304);
    assert_int_equal(packet.tcp.data_offset, 6);
    assert_int_equal(packet.tcp.flags, TCP_RESERVED | TCP_AE | TCP_CWR | TCP_ECE | TCP_SYN);
    assert_int_equal(packet.tcp.window, 0xabcd);
    assert_int_equal(packet.tcp.checksum, 0x1234);
    assert_int_equal(packet.tcp.urgent_pointer, 0x5678);
    assert_bytes(packet.tcp.options, "01010101");
    assert_bytes(packet.payload, "6869");
    assert_int_equal(tcp_segment_length(&packet), 3);
    assert_int_equal(packet.explicit_fields, EXPLICIT_CHECKSUM | EXPLICIT_IP_CHECKSUM);
}

static void segment_length_counts_syn_and_fin(void **state)
{
    (void)state;
    static const struct {
        uint16_t flags;
        uint32_t length;
    } rows[] = {
        {0, 2}, {TCP_ACK | TCP_PSH | TCP_RST, 2}, {TCP_SYN, 3}, {TCP_FIN, 3}, {TCP_SYN | TCP_FIN | TCP_ACK, 4},
    };
    struct packet packet = {.network = NETWORK_IPV4, .transport = TRANSPORT_TCP, .payload = {(const uint8_t *)"ab", 2}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        packet.tcp.flags = rows[i].flags;
        assert_int_equal(tcp_segment_length(&packet), rows[i].length);
    }
    packet.transport = TRANSPORT_UDP;
    assert_int_equal(tcp_segment_length(&packet), 0);
}

static void addresses_are_those_of_the_network_layer(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *source, *destination;
        enum address_family family;
    } rows[] = {
        {"4500001400000000403b0000c0000201c0000202", "192.0.2.1", "192.0.2.2", ADDRESS_IPV4},
        {"6000000000003b4020010db8000000000000000000000001fe800000000000000000000000000002", "2001:db8::1", "fe80::2",
         ADDRESS_IPV6},
        {"75", "", "", ADDRESS_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct packet packet;
        struct text text = text_growing();
        packet_decode(from_hex(rows[i].bytes), DECODE_ALL, &packet);
        struct address source = packet_source(&packet), destination = packet_destination(&packet);
        assert_int_equal(source.family, rows[i].family);
        assert_int_equal(destination.family, rows[i].family);
        address_print(&text, &source);
        assert_string_equal(text_string(&text), rows[i].source);
        text_clear(&text);
        address_print(&text, &destination);
        assert_string_equal(text_string(&text), rows[i].destination);
        text_free(&text);
    }
}

/* What packets quote is printed as far as it goes; an empty text is no quote. */
static void errors_of_icmp_quote_a_packet(void **state)
{
    (void)state;
    static const struct {
        const char *text, *quoted, *defects;
    } rows[] = {
        {V4 "icmp type 3 code 4 rest 0x5dc (28) {payload 4500003c000000004006f6b8c0000201c0000202dda63039b9819cdd}",
         "(src 192.0.2.1, dst 192.0.2.2, total_length 60, ttl 64) protocol 6 dda63039b9819cdd", ""},
        {V4 "icmp type 11 code 0 (40) {payload 4500003c000000004006f6b8c0000201c0000202"
            "3039dda600000001b9819cdea012faf064b70000}",
         "(src 192.0.2.1, dst 192.0.2.2, total_length 60, ttl 64) 12345 > 56742 S. 1:1(0) ack 3112279262 win 64240 "
         "{data_offset 10}",
         ""},
        {V4 "icmp type 12 code 0 (28) {payload 45000030000000004011f6b9c0000201c00002020035007b001c1234}",
         "(src 192.0.2.1, dst 192.0.2.2, total_length 48, ttl 64) udp 53 > 123 (0) {length 28}", ""},
        {V4 "icmp type 4 code 0 (4) {payload 45000030}", "raw 45000030", ""},
        {V4 "icmp type 5 code 0 (1) {payload 75}", "raw 75", "IP_VERSION@0"},
        {V6 "icmp type 1 code 4 (42) {payload 6000000000140640"
            "20010db800000000000000000000000120010db80000000000000000000000020001}",
         "(src 2001:db8::1, dst 2001:db8::2, payload_length 20, ttl 64) protocol 6 0001", ""},
        {V6 "icmp type 127 code 0 (8) {payload 6000000000140640}", "raw 6000000000140640", ""},
        {V4 "icmp type 8 code 0 (4) {payload 45000030}", "", ""},
        {V4 "icmp type 35 code 0 (4) {payload 45000030}", "", ""},
        {V6 "icmp type 128 code 0 (4) {payload 45000030}", "", ""},
        {V4 "udp 1 > 2 (4) {payload 45000030}", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct packet packet, quoted = {.defect_count = 99};
        packet_decode(built_from(rows[i].text), DECODE_ALL, &packet);
        assert_int_equal(packet_decode_quoted(&packet, &quoted), rows[i].quoted[0] != '\0');
        if (rows[i].quoted[0] == '\0') {
            assert_int_equal(quoted.defect_count, 99);
            continue;
        }
        assert_string_equal(printed(&quoted, PATTERN_WHOLE), rows[i].quoted);
        assert_string_equal(defects_of(&quoted), rows[i].defects);
        assert_ptr_equal(quoted.wire.data, packet.payload.data);
    }
}

static void an_extension_header_cut_short_is_no_defect_of_a_quote(void **state)
{
    (void)state;
    static const char whole[] =
        "6000000000080040 20010db8000000000000000000000001 20010db8000000000000000000000002 06010502";
    struct packet packet;
    packet_decode(from_hex(whole), DECODE_ALL, &packet);
    assert_string_equal(defects_of(&packet), "IP_LENGTH_LONG@4 IP_EXTENSION_TRUNCATED@40");
    packet_decode(from_hex(whole), DECODE_QUOTED, &packet);
    assert_string_equal(defects_of(&packet), "");
    assert_bytes(packet.payload, "06010502");
}

/* A checksum that is not looked at is computed anew. */
static void unchecked_checksums_are_taken_as_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sound_packets); i++) {
        struct bytes sound = from_hex(sound_packets[i].bytes);
        struct packet packet;
        packet_decode(sound, DECODE_ALL, &packet);
        bool fragment = strstr(sound_packets[i].text, "{checksum") != NULL;
        size_t header =
            packet.network == NETWORK_IPV4 ? 20 + packet.ipv4.options.length : 40 + packet.ipv6.extensions.length;
        static const uint8_t checksum_at[] = {
            [TRANSPORT_TCP] = 16, [TRANSPORT_UDP] = 6, [TRANSPORT_ICMPV4] = 2, [TRANSPORT_ICMPV6] = 2};
        if (packet.transport == TRANSPORT_NONE || fragment)
            continue;
        struct bytes wire = exact_copy(sound);
        ((uint8_t *)wire.data)[header + checksum_at[packet.transport]] ^= 0x55;
        packet_decode(wire, DECODE_ALL, &packet);
        assert_true((packet.explicit_fields & EXPLICIT_CHECKSUM) != 0);
        assert_int_equal(packet.defect_count, 1);
        packet_decode(wire, DECODE_UNCHECKED, &packet);
        assert_string_equal(defects_of(&packet), "");
        assert_int_equal(packet.explicit_fields, 0);
        assert_same_bytes(built(&packet), sound);
    }
}

static void extension_headers_are_walked_one_by_one(void **state)
{
    (void)state;
    static const struct {
        uint8_t kind, next;
        const char *whole;
    } rows[] = {
        {0, 43, "2b00050200000100"},
        {43, 51, "3302040000000000 20010db8000000000000000000000001"},
        {51, 60, "3c02000000000001 0000000200000003"},
        {60, 135, "8700010400000000"},
        {135, 139, "8b00000000000000"},
        {139, 140, "8c00000000000000"},
        {140, 44, "2c00000000000000"},
        {44, 6, "06ff000000000007"}, /* its second byte is no length */
    };
    struct text text = text_growing();
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        text_append_string(&text, rows[i].whole);
    struct bytes rest = from_hex(text_string(&text));
    text_free(&text);
    uint8_t kind = rows[0].kind;
    struct ipv6_extension extension;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_true(ipv6_extension_next(&rest, &kind, &extension));
        assert_int_equal(extension.kind, rows[i].kind);
        assert_int_equal(extension.next, rows[i].next);
        assert_bytes(extension.whole, rows[i].whole);
        assert_int_equal(kind, rows[i].next);
    }
    assert_int_equal(rest.length, 0);
    assert_false(ipv6_extension_next(&rest, &kind, &extension));
}

static void extension_headers_that_are_not_whole_are_not_taken(void **state)
{
    (void)state;
    static const struct {
        uint8_t kind;
        const char *bytes;
    } rows[] = {
        {0, ""},
        {0, "06000502000001"},
        {60, "0601050200000100 00000000000000"},
        {51, "0602000000000001 000000"},
        {44, "06000000"},
        {6, "0600050200000100"},
        {59, "0600050200000100"},
        {50, "0600050200000100"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bytes rest = from_hex(rows[i].bytes);
        size_t length = rest.length;
        uint8_t kind = rows[i].kind;
        struct ipv6_extension extension = {.kind = 99};
        assert_false(ipv6_extension_next(&rest, &kind, &extension));
        assert_int_equal(kind, rows[i].kind);
        assert_int_equal(rest.length, length);
        assert_int_equal(extension.kind, 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(sound_packets_decode_without_a_defect),
        packet_test(ipv4_fields_are_those_of_the_header),
        packet_test(ipv6_fields_are_those_of_the_header),
        packet_test(tcp_fields_are_those_of_the_header),
        packet_test(segment_length_counts_syn_and_fin),
        packet_test(addresses_are_those_of_the_network_layer),
        packet_test(errors_of_icmp_quote_a_packet),
        packet_test(an_extension_header_cut_short_is_no_defect_of_a_quote),
        packet_test(unchecked_checksums_are_taken_as_right),
        packet_test(extension_headers_are_walked_one_by_one),
        packet_test(extension_headers_that_are_not_whole_are_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
