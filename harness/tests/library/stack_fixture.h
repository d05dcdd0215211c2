/* SPDX-License-Identifier: MIT */
/* An open stack for a test, and a listener on it. */
#ifndef TESTS_LIBRARY_STACK_FIXTURE_H
#define TESTS_LIBRARY_STACK_FIXTURE_H

#include "shakedown/shakedown.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_passed(const struct shakedown_stack *stack)
{
    if (shakedown_verdict(stack) != SHAKEDOWN_PASS)
        fail_msg("%s: %s\n%s", shakedown_verdict_name(shakedown_verdict(stack)), shakedown_headline(stack),
                 shakedown_detail(stack));
}

/* It failed, for HEADLINE; a machine that was late doesn't say otherwise, but that it proves nothing. */
static inline void assert_failed(const struct shakedown_stack *stack, const char *headline)
{
    enum shakedown_verdict verdict = shakedown_verdict(stack);
    const char *said = shakedown_headline(stack);
    if (verdict == SHAKEDOWN_INCONCLUSIVE && strstr(said, headline) != NULL)
        return;
    assert_string_equal(said, headline);
    assert_int_equal(verdict, SHAKEDOWN_FAIL);
}

static inline int setup_stack(void **state)
{
    *state = shakedown_open(NULL);
    if (shakedown_verdict(*state) != SHAKEDOWN_PASS)
        print_error("%s\n", shakedown_headline(*state));
    return shakedown_verdict(*state) == SHAKEDOWN_PASS ? 0 : -1;
}

static inline int teardown_stack(void **state)
{
    shakedown_close(*state);
    return 0;
}

/* A listener on the stack's own port. */
static inline int listener_on(struct shakedown_stack *stack, int domain)
{
    int listener = shakedown_socket(stack, domain, SOCK_STREAM, 0);
    assert_int_equal(shakedown_bind(stack, listener, NULL, 0), 0);
    assert_int_equal(shakedown_listen(stack, listener, 8), 0);
    return listener;
}

/* An established connection, accepted. */
static inline int connection_on(struct shakedown_stack *stack)
{
    int listener = listener_on(stack, AF_INET);
    shakedown_send(stack, "S 0:0(0) win 65535 <mss 1460>");
    shakedown_expect(stack, "S. 0:0(0) ack 1 <...>");
    shakedown_send(stack, ". 1:1(0) ack 1");
    int accepted = shakedown_accept(stack, listener, NULL, NULL);
    assert_passed(stack);
    assert_true(accepted > listener);
    return accepted;
}

#endif
