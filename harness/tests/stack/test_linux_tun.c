/* SPDX-License-Identifier: MIT */
/* A Linux stack over a tun device. */
#include "live.h"

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
