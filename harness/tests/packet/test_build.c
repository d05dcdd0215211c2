/* SPDX-License-Identifier: MIT */
#include "packet_fixture.h"

static struct packet segment(enum packet_network network)
{
    struct packet packet = {.network = network,
                            .transport = TRANSPORT_TCP,
                            .tcp = {.source_port = 56742,
                                    .destination_port = 12345,
                                    .sequence = 3112279261,
                                    .flags = TCP_SYN,
                                    .window = 65535}};
    if (network == NETWORK_IPV4)
        packet.ipv4 = (struct ipv4_header){.time_to_live = 64, .source = {192, 0, 2, 1}, .destination = {192, 0, 2, 2}};
    else
        packet.ipv6 = (struct ipv6_header){
            .hop_limit = 64, .source = {0x20, 1, 0xd, 0xb8, [15] = 1}, .destination = {0x20, 1, 0xd, 0xb8, [15] = 2}};
    return packet;
}

#define IPV4_ADDRESSES "c0000201c0000202"
#define IPV6_ADDRESSES "20010db8000000000000000000000001 20010db8000000000000000000000002"

static void fields_that_follow_are_computed(void **state)
{
    (void)state;
    struct packet packet = segment(NETWORK_IPV4);
    /* None of these is looked at. */
    packet.ipv4.version = 9;
    packet.ipv4.header_length = 1;
    packet.ipv4.total_length = 2;
    packet.ipv4.protocol = 3;
    packet.ipv4.checksum = 4;
    packet.tcp.data_offset = 5;
    packet.tcp.checksum = 6;
    assert_bytes(built(&packet),
                 "4500002800000000 4006f6cc " IPV4_ADDRESSES "dda63039b9819cdd00000000 5002ffff c79f0000");
    packet = segment(NETWORK_IPV6);
    packet.ipv6.version = 9;
    packet.ipv6.payload_length = 1;
    packet.ipv6.protocol = 2;
    packet.ipv6.next_header = 3;
    assert_bytes(built(&packet), "600000000014 0640 " IPV6_ADDRESSES "dda63039b9819cdd00000000 5002ffff f02e0000");
}

static void explicit_fields_are_kept(void **state)
{
    (void)state;
    struct packet packet = segment(NETWORK_IPV4);
    packet.explicit_fields = EXPLICIT_IP_VERSION | EXPLICIT_IP_HEADER_LENGTH | EXPLICIT_IP_LENGTH |
                             EXPLICIT_IP_CHECKSUM | EXPLICIT_IP_PROTOCOL | EXPLICIT_DATA_OFFSET | EXPLICIT_CHECKSUM;
    packet.ipv4.version = 5;
    packet.ipv4.header_length = 14;
    packet.ipv4.total_length = 0xabcd;
    packet.ipv4.protocol = 99;
    packet.ipv4.checksum = 0xbeef;
    packet.tcp.data_offset = 15;
    packet.tcp.checksum = 0xdead;
    assert_bytes(built(&packet),
                 "5e00abcd00000000 4063beef " IPV4_ADDRESSES "dda63039b9819cdd00000000 f002ffff dead0000");
    struct packet six = segment(NETWORK_IPV6);
    six.explicit_fields = EXPLICIT_IP_VERSION | EXPLICIT_IP_LENGTH | EXPLICIT_IP_PROTOCOL | EXPLICIT_CHECKSUM;
    six.ipv6.version = 15;
    six.ipv6.payload_length = 0xfedc;
    six.ipv6.protocol = 59;
    six.tcp.checksum = 0;
    assert_bytes(built(&six), "f0000000fedc 3b40 " IPV6_ADDRESSES "dda63039b9819cdd00000000 5002ffff 00000000");
}

static void udp_and_icmp_fields_are_computed_or_kept(void **state)
{
    (void)state;
    struct packet packet = segment(NETWORK_IPV4);
    packet.transport = TRANSPORT_UDP;
    packet.udp = (struct udp_header){.source_port = 53, .destination_port = 1024, .length = 1, .checksum = 2};
    packet.payload = text_bytes("hello");
    assert_bytes(built(&packet), "4500002100000000 4011f6c8 " IPV4_ADDRESSES "00350400000d33c9 68656c6c6f");
    packet.explicit_fields = EXPLICIT_UDP_LENGTH | EXPLICIT_CHECKSUM;
    assert_bytes(built(&packet), "4500002100000000 4011f6c8 " IPV4_ADDRESSES "0035040000010002 68656c6c6f");
    packet.explicit_fields = 0;
    packet.transport = TRANSPORT_ICMPV4;
    packet.icmp = (struct icmp_header){.type = 8, .rest = 0x12340001, .checksum = 9};
    packet.payload = text_bytes("ping");
    assert_bytes(built(&packet), "4500002000000000 4001f6d9 " IPV4_ADDRESSES "080006fa12340001 70696e67");
    packet.explicit_fields = EXPLICIT_CHECKSUM;
    assert_bytes(built(&packet), "4500002000000000 4001f6d9 " IPV4_ADDRESSES "0800000912340001 70696e67");
}

/* A UDP length below the packet's end leaves the surplus out of the checksum (RFC 9868). */
static void a_udp_checksum_covers_what_the_length_says(void **state)
{
    (void)state;
    struct packet packet = segment(NETWORK_IPV4), again;
    packet.transport = TRANSPORT_UDP;
    packet.udp = (struct udp_header){.source_port = 53, .destination_port = 1024, .length = 13};
    packet.payload = text_bytes("hello, surplus");
    packet.explicit_fields = EXPLICIT_UDP_LENGTH;
    struct bytes wire = built(&packet);
    assert_bytes(bytes_slice(wire, 20, 8), "00350400000d33c9");
    packet_decode(wire, DECODE_ALL, &again);
    assert_string_equal(defects_of(&again), "UDP_LENGTH@24");
    assert_int_equal(again.explicit_fields, EXPLICIT_UDP_LENGTH);
}

/* All twelve: nine control bits and the three reserved ones. */
static void every_combination_of_control_bits_survives(void **state)
{
    struct packet packet = segment(NETWORK_IPV4);
    for (unsigned flags = 0; flags < 4096; flags++) {
        struct packet decoded;
        packet.tcp.flags = (uint16_t)flags;
        struct bytes wire = built(&packet);
        assert_int_equal(load_be16(wire.data + 32) & 0xfff, flags);
        packet_decode(wire, DECODE_ALL, &decoded);
        assert_int_equal(decoded.tcp.flags, flags);
        assert_string_equal(defects_of(&decoded), (flags & TCP_RESERVED) != 0 ? "TCP_RESERVED_BITS@32" : "");
        assert_same_bytes(built_from(printed(&decoded, PATTERN_WHOLE)), wire);
        (void)free_bytes(state);
    }
}

/* What is behind an odd number of bytes is summed at an odd place. */
static void payloads_behind_options_of_any_length_are_summed_right(void **state)
{
    static uint8_t options[40], data[64];
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)(i * 37 + 1);
    memset(options, 1, sizeof(options));
    for (size_t length = 0; length <= sizeof(options); length++) {
        for (size_t payload = 0; payload <= 9; payload++) {
            struct packet packet = segment(NETWORK_IPV6);
            packet.tcp.options = (struct bytes){options, length};
            packet.tcp.data_offset = 5;
            packet.explicit_fields = length % 4 != 0 ? EXPLICIT_DATA_OFFSET : 0;
            packet.payload = (struct bytes){data, payload};
            struct packet decoded;
            packet_decode(built(&packet), DECODE_ALL, &decoded);
            assert_string_equal(defects_of(&decoded), "");
        }
        (void)free_bytes(state);
    }
}

static void transports_without_a_network_are_built(void **state)
{
    (void)state;
    struct packet packet = {.network = NETWORK_NONE, .payload = text_bytes("abc"), .trailer = text_bytes("d")};
    assert_bytes(built(&packet), "61626364");
    packet.transport = TRANSPORT_ICMPV4;
    packet.icmp.type = 8;
    packet.payload.length = 0;
    packet.trailer.length = 0;
    assert_bytes(built(&packet), "0800f7ff00000000");
}

static uint8_t zeros[PACKET_SIZE_MOST + 64];

static void lengths_that_no_field_can_say_are_refused(void **state)
{
    (void)state;
    const struct {
        enum packet_network network;
        enum packet_transport transport;
        size_t ip_options, tcp_options, payload;
        const char *length; /* the error says it */
    } rows[] = {
        {NETWORK_IPV4, TRANSPORT_TCP, 41, 0, 0, "41"},       {NETWORK_IPV4, TRANSPORT_NONE, 44, 0, 0, "44"},
        {NETWORK_IPV4, TRANSPORT_TCP, 0, 3, 0, "3"},         {NETWORK_IPV6, TRANSPORT_TCP, 0, 44, 0, "44"},
        {NETWORK_IPV4, TRANSPORT_TCP, 0, 0, 65496, "65536"}, {NETWORK_IPV6, TRANSPORT_TCP, 8, 0, 65508, "65576"},
        {NETWORK_NONE, TRANSPORT_UDP, 0, 0, 65528, "65536"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct packet packet = segment(rows[i].network);
        packet.transport = rows[i].transport;
        if (rows[i].network == NETWORK_IPV4)
            packet.ipv4.options = (struct bytes){zeros, rows[i].ip_options};
        else
            packet.ipv6.extensions = (struct bytes){zeros, rows[i].ip_options};
        packet.tcp.options = (struct bytes){zeros, rows[i].tcp_options};
        packet.payload = (struct bytes){zeros, rows[i].payload};
        uint8_t buffer[4] = {0xaa};
        struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
        struct error error;
        assert_false(packet_build(&packet, &writer, &error));
        assert_non_null(strstr(error.text, rows[i].length));
        assert_int_equal(error.code, ERROR_TOO_LARGE);
        assert_int_equal(writer.length, 0);
        assert_int_equal(buffer[0], 0xaa);
        assert_false(packet_equal(&packet, &packet));
    }
}

/* The longest that can be said, and what is longer but for its length given by hand. */
static void the_longest_packets_are_built(void **state)
{
    (void)state;
    struct packet packet = segment(NETWORK_IPV4), decoded;
    packet.payload = (struct bytes){zeros, 65495};
    assert_int_equal(built(&packet).length, 65535);
    packet.payload.length++;
    packet.explicit_fields = EXPLICIT_IP_LENGTH;
    assert_int_equal(built(&packet).length, 65536);
    packet = segment(NETWORK_IPV6);
    packet.payload = (struct bytes){zeros, 65515};
    struct bytes wire = built(&packet);
    assert_int_equal(wire.length, PACKET_SIZE_MOST);
    packet_decode(wire, DECODE_ALL, &decoded);
    assert_string_equal(defects_of(&decoded), "");
    assert_same_bytes(built_from(printed(&decoded, PATTERN_WHOLE)), wire);
}

static void a_writer_without_room_is_left_as_it_is(void **state)
{
    (void)state;
    struct packet packet = segment(NETWORK_IPV4);
    for (size_t room = 0; room < 40; room++) {
        struct byte_writer writer = byte_writer_on(take_block(room), room);
        struct error error;
        assert_false(packet_build(&packet, &writer, &error));
        assert_int_equal(error.code, ERROR_TOO_LARGE);
        assert_int_equal(writer.length, 0);
    }
    uint8_t buffer[90];
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    struct error error;
    assert_true(packet_build(&packet, &writer, &error));
    assert_true(packet_build(&packet, &writer, &error));
    assert_false(packet_build(&packet, &writer, &error));
    assert_string_equal(error.text, "a packet of 40 bytes does not fit in 10");
    assert_int_equal(writer.length, 80);
    assert_memory_equal(buffer, buffer + 40, 40);
}

static void equal_packets_have_the_same_bytes_and_layers(void **state)
{
    (void)state;
    struct packet packet = segment(NETWORK_IPV4), other = packet;
    other.ipv4.version = 4;
    other.ipv4.total_length = 40;
    assert_true(packet_equal(&packet, &other));
    other.tcp.sequence++;
    assert_false(packet_equal(&packet, &other));
    other = packet;
    other.tcp.options = from_hex("01010101");
    assert_false(packet_equal(&packet, &other));
    struct packet options = other;
    options.tcp.options = from_hex("01010100");
    assert_false(packet_equal(&options, &other));
    other = packet;
    other.payload = text_bytes("a");
    assert_false(packet_equal(&packet, &other));
    options = packet;
    options.trailer = text_bytes("a");
    assert_false(packet_equal(&options, &other));
    other = packet;
    other.transport = TRANSPORT_NONE;
    other.ipv4.protocol = PROTOCOL_TCP;
    other.payload = bytes_slice(built(&packet), 20, 20);
    assert_same_bytes(built(&packet), built(&other));
    assert_false(packet_equal(&packet, &other));
    other = segment(NETWORK_IPV6);
    assert_false(packet_equal(&packet, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(fields_that_follow_are_computed),
        packet_test(explicit_fields_are_kept),
        packet_test(udp_and_icmp_fields_are_computed_or_kept),
        packet_test(a_udp_checksum_covers_what_the_length_says),
        packet_test(every_combination_of_control_bits_survives),
        packet_test(payloads_behind_options_of_any_length_are_summed_right),
        packet_test(transports_without_a_network_are_built),
        packet_test(lengths_that_no_field_can_say_are_refused),
        packet_test(the_longest_packets_are_built),
        packet_test(a_writer_without_room_is_left_as_it_is),
        packet_test(equal_packets_have_the_same_bytes_and_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
