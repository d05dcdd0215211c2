/* SPDX-License-Identifier: MIT */
/* A run that is fed step by step, on the live kernel, in a worker whose leaks are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "engine/session.h"
#include "stack/isolation.h"
#include "stack/linux.h"

/* What a worker's steps return when all is as expected. */
enum { AS_EXPECTED = 42 };

typedef bool session_steps(struct session *session);

static int session_worker(void *context)
{
    session_steps *const *steps = context;
    struct arena arena = {0};
    struct diagnostics none = {.arena = &arena};
    struct engine_settings settings = {.title = "test"};
    struct linux_settings linux_settings = {.link = LINUX_LINK_RAW};
    struct stack *stack = NULL;
    struct session *session = NULL;
    struct error error;
    bool read = engine_options_read(&(struct program){0}, &none, &settings.options);
    /* None of the steps is about time, and nothing runs them again where the machine was busy. */
    settings.options.tolerance = NANOSECONDS_PER_SECOND;
    bool expected = read && linux_stack_open(&linux_settings, &stack, &error) &&
                    session_open(stack, &settings, &session, &error) && (*steps)(session);
    if (session != NULL)
        session_close(session);
    stack_close(stack);
    return expected ? AS_EXPECTED : EXIT_FAILURE;
}

static void run_steps(session_steps *steps)
{
    pid_t worker = 0;
    struct error error = {0};
    if (!isolation_start(session_worker, &steps, &worker, &error))
        fail_msg("%s", error.text);
    int status = isolation_collect(worker, 30 * NANOSECONDS_PER_SECOND);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), AS_EXPECTED);
}

static struct source text_of(const char *text)
{
    return (struct source){"text", text, strlen(text)};
}

static bool performs(struct session *session, const char *text)
{
    struct source source = text_of(text);
    return session_perform(session, &source) == VERDICT_PASS;
}

static int64_t calls(struct session *session, const char *text)
{
    struct source source = text_of(text);
    struct session_answer answer = {.value = -77};
    return session_call(session, &source, &answer) == VERDICT_PASS ? answer.value : -78;
}

static bool says(const struct session *session, const char *headline)
{
    return strstr(text_string(&session_result(session)->headline), headline) != NULL;
}

static const char listen_text[] = "+0 socket(..., SOCK_STREAM, 0) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 8) = 0";

static bool steps_of_an_exchange(struct session *session)
{
    struct session_segment segment;
    struct source syn = text_of("+0 < S 0:0(0) win 1000 <mss 1000>");
    struct source syn_ack = text_of("+0 > S. 7:7(0) ack 1 <...>");
    return performs(session, listen_text) && session_send(session, &syn) == VERDICT_PASS &&
           session_expect(session, &syn_ack, NANOSECONDS_PER_SECOND) == VERDICT_PASS &&
           session_taken(session, &segment) && segment.script.sequence == 7 && segment.packet.length >= 40 &&
           segment.time.latest <= session_now(session) &&
           session_nothing(session, 20 * NANOSECONDS_PER_MILLISECOND) == VERDICT_PASS &&
           performs(session, "+0 < . 1:1(0) ack 1 win 1000") && calls(session, "+0 accept(3, ..., ...)") == 4;
}

static void test_segments_and_calls_follow_one_another(void **state)
{
    (void)state;
    run_steps(steps_of_an_exchange);
}

static bool steps_after_a_failure(struct session *session)
{
    return performs(session, listen_text) && !performs(session, "+0 close(9) = 0") && says(session, "9") &&
           !performs(session, "+0 close(3") && says(session, "expected `,` or `)`") &&
           !performs(session, "+0 listen(3, SOMAXCON_) = 0") && calls(session, "+0 socket(..., SOCK_STREAM, 0)") == 4 &&
           calls(session, "+0 close(4)") == 0 && calls(session, "+0 socket(..., SOCK_STREAM, 0)") == 4 &&
           says(session, "");
}

static void test_a_step_that_fails_ends_nothing(void **state)
{
    (void)state;
    run_steps(steps_after_a_failure);
}

/* The text of a call lives as long as the call, through other steps. */
static bool steps_beside_a_call(struct session *session)
{
    struct session_answer answer = {0};
    struct source accept = text_of("+0 accept(3, {sa_family=AF_INET, sin_port=htons(40000), sin_addr=...}, [16]) = 5");
    return performs(session, listen_text) && session_call_begin(session, &accept) == VERDICT_PASS &&
           session_call_begin(session, &accept) == VERDICT_ERROR &&
           performs(session, "+0 < 40000 > 8080 S 0:0(0) win 1000 <mss 1000>\n+0~+1 > S. 0:0(0) ack 1 <...>") &&
           performs(session, "+0 < . 1:1(0) ack 1 win 1000") &&
           session_call_end(session, NANOSECONDS_PER_SECOND, &answer) == VERDICT_PASS && answer.value == 5 &&
           answer.output.length == 16 && session_call_end(session, NANOSECONDS_PER_SECOND, &answer) == VERDICT_ERROR;
}

static void test_a_call_blocks_beside_other_steps(void **state)
{
    (void)state;
    run_steps(steps_beside_a_call);
}

static bool steps_with_a_call_left(struct session *session)
{
    struct source accept = text_of("+0 accept(3, ..., ...) = 5");
    return performs(session, listen_text) && session_call_begin(session, &accept) == VERDICT_PASS &&
           session_wait(session, session_now(session) + NANOSECONDS_PER_MILLISECOND) == VERDICT_PASS;
}

static void test_a_call_that_blocks_at_the_end_is_interrupted(void **state)
{
    (void)state;
    run_steps(steps_with_a_call_left);
}

/* What passed is kept for a failure's explanation, and no more than is read. */
static bool steps_of_a_long_run(struct session *session)
{
    for (unsigned i = 0; i < 200; i++)
        if (!performs(session, "+0 < 40000 > 8080 R 0:0(0)"))
            return false;
    return !performs(session, "+0 close(9) = 0") && session_result(session)->detail.length > 4000 &&
           session_result(session)->detail.length < 10000;
}

static void test_a_long_run_is_explained_by_its_end(void **state)
{
    (void)state;
    run_steps(steps_of_a_long_run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments_and_calls_follow_one_another),
        cmocka_unit_test(test_a_step_that_fails_ends_nothing),
        cmocka_unit_test(test_a_call_blocks_beside_other_steps),
        cmocka_unit_test(test_a_call_that_blocks_at_the_end_is_interrupted),
        cmocka_unit_test(test_a_long_run_is_explained_by_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
