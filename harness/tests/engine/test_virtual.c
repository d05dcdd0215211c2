/* SPDX-License-Identifier: MIT */
/* The engine on a virtual clock: the sample stack, in this process. */
#include "engine/engine.h"
#include "stack/plugin.h"
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LISTEN                                      \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
    "+0 bind(3, ..., ...) = 0\n"                    \
    "+0 listen(3, 8) = 0\n"
#define OPEN                               \
    LISTEN                                 \
    "+0 < S 0:0(0) win 32792 <mss 1460>\n" \
    "+0 > S. 0:0(0) ack 1 <...>\n"         \
    "+0.1 < . 1:1(0) ack 1 win 32792\n"    \
    "+0 accept(3, ..., ...) = 4\n"

struct fixture {
    struct plugin *plugin;
    struct stack *stack;
    nanoseconds ended;
};

static int setup(void **state)
{
    const struct plugin_settings settings = {.seed = 1};
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct error error;
    assert_non_null(fixture);
    if (!plugin_load(SHAKEDOWN_BINARY_DIR "/stacks/sample.so", &fixture->plugin, &error) ||
        !plugin_stack_open(fixture->plugin, &settings, &fixture->stack, &error))
        fail_msg("%s", error.text);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    stack_close(fixture->stack);
    plugin_unload(fixture->plugin);
    free(fixture);
    return 0;
}

static bool note_end(void *context, const struct trace_event *event, struct error *error)
{
    (void)error;
    if (event->kind == TRACE_END)
        ((struct fixture *)context)->ended = event->time.latest;
    return true;
}

static void assert_verdict(void **state, const char *script, enum verdict verdict, const char *headline)
{
    struct fixture *fixture = *state;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    const struct source source = {.name = "test.pkt", .text = script, .length = strlen(script)};
    const struct trace_sink sink = {note_end, fixture};
    struct engine_settings settings = {.title = "test.pkt", .trace = &sink};
    struct engine_result result;
    struct program program;
    struct error error;
    assert_true(program_parse(&source, &(struct program_settings){0}, &diagnostics, &program));
    assert_true(engine_options_read(&program, &diagnostics, &settings.options));
    assert_true(plugin_stack_restart(fixture->stack, &error));
    engine_run(&program, fixture->stack, &settings, &result);
    if (result.verdict != verdict || strstr(text_string(&result.headline), headline) == NULL)
        fail_msg("%s: %s\n%s", verdict_name(result.verdict), text_string(&result.headline),
                 text_string(&result.detail));
    engine_result_free(&result);
    program_free(&program);
    arena_free(&arena);
}

static void time_passes_without_waiting(void **state)
{
    nanoseconds start = clock_now();
    assert_verdict(state,
                   LISTEN "+0 < S 0:0(0) win 32792 <mss 1460>\n"
                          "+0 > S. 0:0(0) ack 1 <...>\n+1 > S. 0:0(0) ack 1 <...>\n+2 > S. 0:0(0) ack 1 <...>\n"
                          "+4 > S. 0:0(0) ack 1 <...>\n+3600 close(3) = 0\n",
                   VERDICT_PASS, "");
    assert_true(clock_now() - start < 10 * NANOSECONDS_PER_SECOND);
    assert_int_equal(((struct fixture *)*state)->ended, 3607 * NANOSECONDS_PER_SECOND);
}

static void what_never_comes_is_a_fail(void **state)
{
    assert_verdict(state, LISTEN "+0 > S. 0:0(0) ack 1 <...>\n", VERDICT_FAIL, "nothing came");
}

static void a_segment_that_comes_too_early_is_a_fail(void **state)
{
    assert_verdict(state,
                   LISTEN "+0 < S 0:0(0) win 32792 <mss 1460>\n+0 > S. 0:0(0) ack 1 <...>\n"
                          "+2 > S. 0:0(0) ack 1 <...>\n",
                   VERDICT_FAIL, "too early");
}

static void a_blocking_call_returns_when_its_packet_comes(void **state)
{
    assert_verdict(state,
                   LISTEN "+0...0.3 accept(3, ..., ...) = 4\n+0.1 < S 0:0(0) win 32792 <mss 1460>\n"
                          "+0 > S. 0:0(0) ack 1 <...>\n+0.2 < . 1:1(0) ack 1 win 32792\n",
                   VERDICT_PASS, "");
    assert_verdict(state,
                   LISTEN "+0...0.5 accept(3, ..., ...) = 4\n+0.1 < S 0:0(0) win 32792 <mss 1460>\n"
                          "+0 > S. 0:0(0) ack 1 <...>\n+0.2 < . 1:1(0) ack 1 win 32792\n",
                   VERDICT_FAIL, "too early");
}

static void a_blocking_connect_gives_up_at_the_stacks_time(void **state)
{
    assert_verdict(state,
                   "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                   "+0 setsockopt(3, IPPROTO_TCP, TCP_SYNCNT, [1], 4) = 0\n"
                   "+0...3 connect(3, ..., ...) = -1 ETIMEDOUT\n+0 > S 0:0(0) <...>\n+1 > S 0:0(0) <...>\n",
                   VERDICT_PASS, "");
}

static void a_call_that_never_returns_is_a_fail(void **state)
{
    assert_verdict(state, OPEN "+0 read(4, ..., 100) = 100\n", VERDICT_FAIL, "still blocks");
}

static void a_blocking_write_takes_all_of_it(void **state)
{
    assert_verdict(state,
                   OPEN "+0...0.2 write(4, ..., 70000) = 70000\n+.1 < . 1:1(0) ack 1461 win 32792\n"
                        "+.1 < . 1:1(0) ack 8761 win 32792\n",
                   VERDICT_PASS, "");
}

/* At 1 s the SYN-ACK would go out again: the ACK that comes at the very time is first. */
static void a_packet_comes_before_the_timer_of_its_time(void **state)
{
    assert_verdict(state,
                   LISTEN "+0 < S 0:0(0) win 32792 <mss 1460>\n+0 > S. 0:0(0) ack 1 <...>\n"
                          "+1 < . 1:1(0) ack 1 win 32792\n+0~+2 > nothing\n",
                   VERDICT_PASS, "");
}

/* The connection is given up at 3 s, when its user looks: the timer is first. */
static void a_call_comes_after_the_timer_of_its_time(void **state)
{
    assert_verdict(state,
                   "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                   "+0 setsockopt(3, IPPROTO_TCP, TCP_SYNCNT, [1], 4) = 0\n"
                   "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                   "+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
                   "3 getsockopt(3, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]) = 0\n",
                   VERDICT_PASS, "");
}

static void what_the_stack_lacks_makes_a_script_not_applicable(void **state)
{
    assert_verdict(state, LISTEN "+0 setsockopt(3, IPPROTO_TCP, TCP_CORK, [1], 4) = 0\n", VERDICT_NOT_APPLICABLE,
                   "TCP_CORK");
    assert_verdict(state, LISTEN "+0 `true`\n", VERDICT_NOT_APPLICABLE, "shell commands");
    assert_verdict(state, "--init_scripts=true\n" LISTEN, VERDICT_NOT_APPLICABLE, "init scripts");
    assert_verdict(state, LISTEN "+0 %{ assert tcpi_state == TCP_LISTEN }%\n", VERDICT_NOT_APPLICABLE,
                   "Python code about TCP_INFO");
    assert_verdict(state, "--ip_version=ipv4-mapped-ipv6\n" LISTEN, VERDICT_NOT_APPLICABLE, "IPv4-mapped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(time_passes_without_waiting, setup, teardown),
        cmocka_unit_test_setup_teardown(what_never_comes_is_a_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(a_segment_that_comes_too_early_is_a_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(a_blocking_call_returns_when_its_packet_comes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_blocking_connect_gives_up_at_the_stacks_time, setup, teardown),
        cmocka_unit_test_setup_teardown(a_call_that_never_returns_is_a_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(a_blocking_write_takes_all_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_packet_comes_before_the_timer_of_its_time, setup, teardown),
        cmocka_unit_test_setup_teardown(a_call_comes_after_the_timer_of_its_time, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_stack_lacks_makes_a_script_not_applicable, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
