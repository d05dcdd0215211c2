/* SPDX-License-Identifier: MIT */
/* Which packets the kernel is trusted with, and what opening a sender needs. */
#include "live.h"

#include "link/sender.h"

/* One that could send both versions; nothing is sent. */
static struct sender sender_make(void)
{
    return (struct sender){
        .raw = {0, 0},
        .peer = {live_address("198.51.100.1"), live_address("2001:db8::1")},
    };
}

static bool kept(const struct packet *packet)
{
    uint8_t buffer[256];
    struct error error;
    struct sender sender = sender_make();
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    assert_done(packet_build(packet, &writer, &error), error);
    return sender_kernel_keeps(&sender, byte_writer_written(&writer));
}

static struct packet ipv4_syn(void)
{
    struct packet packet = {
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        .ipv4 = {.time_to_live = 64, .identification = 7, .source = {198, 51, 100, 2}},
        .tcp = {.flags = TCP_SYN},
    };
    memcpy(packet.ipv4.destination, live_address("198.51.100.1").bytes, 4);
    return packet;
}

static struct packet ipv6_syn(void)
{
    struct packet packet = {
        .network = NETWORK_IPV6,
        .transport = TRANSPORT_TCP,
        .ipv6 = {.hop_limit = 64, .flow_label = 5},
        .tcp = {.flags = TCP_SYN},
    };
    memcpy(packet.ipv6.source, live_address("2001:db8::2").bytes, 16);
    memcpy(packet.ipv6.destination, live_address("2001:db8::1").bytes, 16);
    return packet;
}

static void sound_headers_are_kept(void **state)
{
    (void)state;
    static const uint8_t options[] = {7, 7, 4, 0, 0, 0, 0, 0};
    struct packet packet = ipv4_syn();
    assert_true(kept(&packet));
    packet.ipv4.flags = IPV4_DONT_FRAGMENT;
    packet.ipv4.options = (struct bytes){options, sizeof(options)};
    assert_true(kept(&packet));
    packet = ipv6_syn();
    assert_true(kept(&packet));
}

static void what_is_wrong_above_ip_does_not_matter(void **state)
{
    (void)state;
    struct packet packet = ipv4_syn();
    packet.tcp.checksum = 0xbad0;
    packet.tcp.data_offset = 4;
    packet.tcp.flags = TCP_RESERVED;
    packet.explicit_fields = EXPLICIT_CHECKSUM | EXPLICIT_DATA_OFFSET;
    assert_true(kept(&packet));
}

static void what_the_kernel_fills_in_is_not_kept(void **state)
{
    (void)state;
    struct packet packet = ipv4_syn();
    packet.ipv4.identification = 0;
    assert_false(kept(&packet));
    packet = ipv4_syn();
    memset(packet.ipv4.source, 0, sizeof(packet.ipv4.source));
    assert_false(kept(&packet));
}

static void what_the_kernel_rewrites_is_not_kept(void **state)
{
    (void)state;
    struct packet packet = ipv4_syn();
    packet.ipv4.checksum = 0xbad0;
    packet.explicit_fields = EXPLICIT_IP_CHECKSUM;
    assert_false(kept(&packet));
    packet = ipv4_syn();
    packet.ipv4.total_length = 1000;
    packet.explicit_fields = EXPLICIT_IP_LENGTH;
    assert_false(kept(&packet));
    packet = ipv4_syn();
    packet.trailer = (struct bytes){(const uint8_t *)"x", 1};
    assert_false(kept(&packet));
}

static void what_is_for_somebody_else_is_not_kept(void **state)
{
    (void)state;
    struct packet packet = ipv4_syn();
    packet.ipv4.destination[3] = 255;
    assert_false(kept(&packet));
    packet = ipv6_syn();
    packet.ipv6.destination[0] = 0xff;
    assert_false(kept(&packet));
}

static void garbage_is_not_kept(void **state)
{
    (void)state;
    static const uint8_t garbage[] = {0x45, 0, 0, 20};
    struct sender sender = sender_make();
    assert_false(sender_kernel_keeps(&sender, (struct bytes){NULL, 0}));
    for (size_t length = 1; length <= sizeof(garbage); length++)
        assert_false(sender_kernel_keeps(&sender, (struct bytes){garbage, length}));
}

static void a_version_without_a_socket_is_not_kept(void **state)
{
    (void)state;
    uint8_t buffer[256];
    struct error error;
    struct sender sender = sender_make();
    struct packet packet = ipv6_syn();
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    assert_done(packet_build(&packet, &writer, &error), error);
    sender.raw[1] = -1;
    assert_false(sender_kernel_keeps(&sender, byte_writer_written(&writer)));
}

static void a_device_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    static const char *const devices[] = {"nowhere0", "a name that no device can have"};
    for (size_t i = 0; i < COUNT_OF(devices); i++) {
        struct sender sender;
        struct error error;
        struct sender_settings settings = {.device = devices[i]};
        assert_false(sender_open(&sender, &settings, &error));
        assert_int_equal(error.code, ERROR_LINK);
        assert_non_null(strstr(error.text, devices[i]));
    }
}

static void without_the_peers_place_damaged_packets_are_refused(void **state)
{
    (void)state;
    struct sender sender;
    struct error error;
    struct sender_settings settings = {.device = "lo", .peer = {live_address("127.0.0.2")}};
    assert_done(sender_open(&sender, &settings, &error), error);
    assert_false(sender_send(&sender, (struct bytes){(const uint8_t *)"E", 1}, &error));
    assert_int_equal(error.code, ERROR_LINK);
    sender_learn(&sender, 0, &(struct ethernet_address){{0}});
    assert_done(sender_send(&sender, (struct bytes){(const uint8_t *)"E", 1}, &error), error);
    sender_close(&sender);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_headers_are_kept),
        cmocka_unit_test(what_is_wrong_above_ip_does_not_matter),
        cmocka_unit_test(what_the_kernel_fills_in_is_not_kept),
        cmocka_unit_test(what_the_kernel_rewrites_is_not_kept),
        cmocka_unit_test(what_is_for_somebody_else_is_not_kept),
        cmocka_unit_test(garbage_is_not_kept),
        cmocka_unit_test(a_version_without_a_socket_is_not_kept),
        cmocka_unit_test(a_device_that_is_not_there_is_an_error),
        cmocka_unit_test(without_the_peers_place_damaged_packets_are_refused),
    };
    return live_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
