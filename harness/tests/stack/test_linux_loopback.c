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

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_handshake_over_ipv4_ends_in_accept, stack_set_up, stack_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
