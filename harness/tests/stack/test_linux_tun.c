/* SPDX-License-Identifier: MIT */
/* A Linux stack over a tun device. */
#include "live.h"

#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <pcap/pcap.h>

static const char device[] = "tun0";

static int stack_set_up(void **state)
{
    struct error error;
    struct stack *stack;
    struct linux_settings settings = {.link = LINUX_LINK_TUN};
    *state = NULL;
    if (!live_link_possible(LINUX_LINK_TUN))
        return 0;
    if (!linux_stack_open(&settings, &stack, &error)) {
        print_error("%s\n", error.text);
        return -1;
    }
    *state = stack;
    return 0;
}

static int stack_tear_down(void **state)
{
    stack_close(*state);
    return 0;
}

static void a_handshake_over_ipv4_ends_in_accept(void **state)
{
    if (*state == NULL)
        skip();
    live_handshake(*state, 0);
}

static void a_handshake_over_ipv6_ends_in_accept(void **state)
{
    if (*state == NULL)
        skip();
    live_handshake(*state, 1);
}

/* What comes in on the device, by a capture that has nothing of the link's. */
static pcap_t *witness_open(void)
{
    char text[PCAP_ERRBUF_SIZE];
    pcap_t *witness = pcap_create(device, text);
    assert_non_null(witness);
    assert_int_equal(pcap_set_immediate_mode(witness, 1), 0);
    assert_int_equal(pcap_set_timeout(witness, 1000), 0);
    assert_int_equal(pcap_activate(witness), 0);
    assert_int_equal(pcap_setdirection(witness, PCAP_D_IN), 0);
    return witness;
}

static void cut_and_damaged_packets_arrive_as_they_are(void **state)
{
    if (*state == NULL)
        skip();
    struct stack *stack = *state;
    pcap_t *witness = witness_open();
    for (size_t version = 0; version < 2; version++) {
        uint8_t buffer[256];
        struct packet packet =
            live_segment(&stack->remote[version], &stack->local[version], (struct tcp_header){.flags = TCP_SYN});
        struct bytes whole = live_build(&packet, buffer, sizeof(buffer));
        for (size_t length = 1; length <= whole.length; length++) {
            struct error error;
            struct link_frame sent;
            struct pcap_pkthdr *header;
            const u_char *data;
            /* The version is wrong in every other one. */
            buffer[0] = (uint8_t)(buffer[0] ^ 0x10);
            assert_done(link_send(stack->link, (struct bytes){buffer, length}, &sent, &error), error);
            assert_int_equal(sent.time.earliest, sent.time.latest);
            assert_int_equal(pcap_next_ex(witness, &header, &data), 1);
            assert_int_equal(header->caplen, length);
            assert_memory_equal(data, buffer, length);
        }
    }
    pcap_close(witness);
}

static void all_that_the_stack_sends_to_us_comes_in_order(void **state)
{
    if (*state == NULL)
        skip();
    struct stack *stack = *state;
    struct sockaddr_storage place;
    /* Ours are all addresses that differ from the harness's in the last byte alone. */
    struct address other = stack->remote[1];
    nanoseconds last = clock_now();
    int sender = socket(AF_INET6, SOCK_DGRAM, 0);
    other.bytes[14] = 99;
    for (uint8_t i = 0; i < 100; i++) {
        socklen_t size = live_address(&stack->remote[1], 9, &place);
        assert_int_equal(sendto(sender, &i, 1, 0, (struct sockaddr *)&place, size), 1);
        size = live_address(&other, 9, &place);
        assert_int_equal(sendto(sender, &i, 1, 0, (struct sockaddr *)&place, size), 1);
    }
    for (uint8_t i = 0; i < 100; i++) {
        struct link_frame frame;
        struct packet packet;
        assert_true(live_next(stack->link, &frame, 1000));
        packet_decode(frame.packet, DECODE_ALL, &packet);
        assert_int_equal(packet.transport, TRANSPORT_UDP);
        assert_int_equal(packet.payload.data[0], i);
        assert_int_equal(frame.time.earliest, frame.time.latest);
        assert_true(frame.time.earliest >= last);
        last = frame.time.latest;
    }
    assert_int_equal(close(sender), 0);
}

static void large_writes_are_seen_as_the_stack_made_them(void **state)
{
    if (*state == NULL)
        skip();
    live_large_write(*state);
}

static void a_device_that_vanishes_is_an_error(void **state)
{
    if (*state == NULL)
        skip();
    struct stack *stack = *state;
    struct error error;
    struct link_frame frame;
    bool came;
    struct nl_sock *sock = nl_socket_alloc();
    struct rtnl_link *link = rtnl_link_alloc();
    assert_int_equal(nl_connect(sock, NETLINK_ROUTE), 0);
    rtnl_link_set_ifindex(link, (int)if_nametoindex(device));
    assert_int_equal(rtnl_link_delete(sock, link), 0);
    rtnl_link_put(link);
    nl_socket_free(sock);
    assert_false(link_send(stack->link, (struct bytes){(const uint8_t *)"E", 1}, &frame, &error));
    assert_int_equal(error.code, ERROR_LINK);
    struct pollfd readable = {.fd = link_descriptor(stack->link), .events = POLLIN};
    assert_int_equal(poll(&readable, 1, 1000), 1);
    bool done = link_next(stack->link, &frame, &came, &error);
    assert_false(done);
    assert_int_equal(error.code, ERROR_LINK);
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_handshake_over_ipv4_ends_in_accept, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(a_handshake_over_ipv6_ends_in_accept, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(cut_and_damaged_packets_arrive_as_they_are, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(all_that_the_stack_sends_to_us_comes_in_order, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(large_writes_are_seen_as_the_stack_made_them, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(a_device_that_vanishes_is_an_error, stack_set_up, stack_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
