/* SPDX-License-Identifier: MIT */
/* A Linux stack over a raw link: handshakes by hand, on both IP versions. */
#include "live.h"

enum { PORT_STACK = 8080, PORT_OWN = 54321, ISN = 1000 };

struct fixture {
    struct stack *stack;
};

static int stack_set_up(void **state)
{
    static struct fixture fixture;
    struct error error;
    struct linux_settings settings = {.link = LINUX_LINK_RAW};
    if (!linux_stack_open(&settings, &fixture.stack, &error)) {
        print_error("%s\n", error.text);
        return -1;
    }
    *state = &fixture;
    return 0;
}

static int stack_tear_down(void **state)
{
    struct fixture *fixture = *state;
    stack_close(fixture->stack);
    return 0;
}

static struct link_frame segment_send(struct stack *stack, size_t version, struct tcp_header tcp)
{
    uint8_t buffer[2048];
    struct error error;
    struct link_frame sent;
    tcp.source_port = PORT_OWN;
    tcp.destination_port = PORT_STACK;
    struct packet packet = live_segment(&stack->remote[version], &stack->local[version], tcp);
    struct bytes wire = live_build(&packet, buffer, sizeof(buffer));
    assert_done(link_send(stack->link, wire, &sent, &error), error);
    assert_true(bytes_equal(sent.packet, wire));
    return sent;
}

static void handshake(struct stack *stack, size_t version)
{
    int listener = live_listen(&stack->local[version], PORT_STACK);
    struct link_frame sent =
        segment_send(stack, version, (struct tcp_header){.sequence = ISN, .flags = TCP_SYN, .window = 65535});
    struct link_frame frame;
    assert_true(live_next(stack->link, &frame, 1000));
    struct packet answer;
    packet_decode(frame.packet, DECODE_ALL, &answer);
    assert_int_equal(answer.defect_count, 0);
    assert_int_equal(answer.tcp.flags, TCP_SYN | TCP_ACK);
    assert_int_equal(answer.tcp.acknowledgment, ISN + 1);
    assert_true(frame.time.earliest >= sent.time.latest);
    assert_true(frame.time.latest <= clock_now());
    segment_send(
        stack, version,
        (struct tcp_header){
            .sequence = ISN + 1, .acknowledgment = answer.tcp.sequence + 1, .flags = TCP_ACK, .window = 65535});
    int accepted = accept(listener, NULL, NULL);
    assert_true(accepted >= 0);
    assert_int_equal(close(accepted), 0);
    assert_true(live_next(stack->link, &frame, 1000));
    packet_decode(frame.packet, DECODE_ALL, &answer);
    assert_int_equal(answer.tcp.flags, TCP_FIN | TCP_ACK);
    assert_int_equal(close(listener), 0);
}

static void a_handshake_over_ipv4_ends_in_accept(void **state)
{
    handshake(((struct fixture *)*state)->stack, 0);
}

static void a_handshake_over_ipv6_ends_in_accept(void **state)
{
    handshake(((struct fixture *)*state)->stack, 1);
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_handshake_over_ipv4_ends_in_accept, stack_set_up, stack_tear_down),
        cmocka_unit_test_setup_teardown(a_handshake_over_ipv6_ends_in_accept, stack_set_up, stack_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
