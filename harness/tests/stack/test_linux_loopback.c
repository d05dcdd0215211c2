/* SPDX-License-Identifier: MIT */
/* A Linux stack on a loopback device that the harness shares with it. */
#include "live.h"

static int stack_set_up(void **state)
{
    struct error error;
    struct stack *stack;
    struct linux_settings settings = {.link = LINUX_LINK_LOOPBACK, .remote_port = LIVE_OWN_PORT};
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
    live_handshake(*state, 0);
}

/* The rule that keeps the kernel's RSTs back lets those pass that the harness sends. */
static void a_reset_of_ours_arrives(void **state)
{
    struct stack *stack = *state;
    struct link_frame frame;
    char byte;
    int listener = live_listen(&stack->local[0], LIVE_STACK_PORT);
    struct tcp_header tcp = {.sequence = LIVE_ISN, .flags = TCP_SYN, .window = 65535};
    live_send(stack, 0, tcp);
    struct packet answer = live_expect(stack, TCP_SYN | TCP_ACK, &frame);
    tcp.flags = TCP_ACK;
    tcp.sequence++;
    tcp.acknowledgment = answer.tcp.sequence + 1;
    live_send(stack, 0, tcp);
    int accepted = accept(listener, NULL, NULL);
    assert_true(accepted >= 0);
    tcp.flags = TCP_RST;
    live_send(stack, 0, tcp);
    assert_int_equal(read(accepted, &byte, 1), -1);
    assert_int_equal(errno, ECONNRESET);
    assert_int_equal(close(accepted), 0);
    assert_int_equal(close(listener), 0);
}

/* A packet that the kernel would mend goes round the sockets, and is taken in all the same. */
static void a_packet_without_identification_arrives_as_it_is(void **state)
{
    struct stack *stack = *state;
    uint8_t buffer[128];
    struct error error;
    struct link_frame frame;
    struct tcp_header tcp = {.source_port = LIVE_OWN_PORT,
                             .destination_port = LIVE_STACK_PORT,
                             .sequence = LIVE_ISN,
                             .flags = TCP_SYN,
                             .window = 65535};
    struct packet packet = live_segment(&stack->remote[0], &stack->local[0], tcp);
    packet.ipv4.identification = 0;
    struct bytes wire = live_build(&packet, buffer, sizeof(buffer));
    assert_done(link_send(stack->link, wire, &frame, &error), error);
    assert_true(bytes_equal(frame.packet, wire));
    live_expect(stack, TCP_RST | TCP_ACK, &frame);
}

static void the_stack_s_segments_have_their_checksums(void **state)
{
    struct stack *stack = *state;
    struct link_frame frame;
    struct sockaddr_storage place;
    socklen_t size = live_address(&stack->remote[0], LIVE_OWN_PORT, &place);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&place, size), -1);
    assert_int_equal(errno, EINPROGRESS);
    live_expect(stack, TCP_SYN, &frame);
    assert_int_equal(close(client), 0);
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_handshake_over_ipv4_ends_in_accept, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(a_reset_of_ours_arrives, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(a_packet_without_identification_arrives_as_it_is, stack_set_up,
                                        stack_tear_down),
        cmocka_unit_test_setup_teardown(the_stack_s_segments_have_their_checksums, stack_set_up, stack_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
