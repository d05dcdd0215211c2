/* SPDX-License-Identifier: MIT */
/* The trace, told and written. */
#include "stack_fixture.h"
#include "trace/file.h"

struct heard {
    size_t counts[8];
    double last;
    size_t most; /* events that the listener wants */
    size_t all;
    char connect[128];
};

static int hear(void *context, const struct shakedown_event *event)
{
    struct heard *heard = context;
    assert_true(event->kind <= SHAKEDOWN_EVENT_END);
    heard->counts[event->kind]++;
    assert_true(event->earliest <= event->latest);
    assert_true((event->packet != NULL) ==
                (event->kind == SHAKEDOWN_EVENT_SENT || event->kind == SHAKEDOWN_EVENT_SEEN));
    assert_null(strchr(event->text, '\n'));
    if (strcmp(event->name, "connect") == 0)
        (void)snprintf(heard->connect, sizeof(heard->connect), "%s", event->text);
    if (event->kind == SHAKEDOWN_EVENT_RETURN)
        assert_int_equal(event->value, event->call == 1 ? event->value : -EINPROGRESS);
    heard->last = event->latest;
    return ++heard->all == heard->most ? 42 : 0;
}

static void exchange(struct shakedown_stack *stack)
{
    int connecting = shakedown_socket(stack, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    shakedown_connect(stack, connecting, NULL, 0);
    shakedown_expect(stack, "S 0:0(0) <...>");
    shakedown_send(stack, "R. 0:0(0) ack 1");
    assert_passed(stack);
}

static void test_all_that_happened_is_told(void **state)
{
    struct shakedown_stack *stack = *state;
    struct heard heard = {0};
    exchange(stack);
    assert_int_equal(shakedown_trace(stack, hear, &heard), 0);
    assert_int_equal(heard.counts[SHAKEDOWN_EVENT_START], 1);
    assert_int_equal(heard.counts[SHAKEDOWN_EVENT_CALL], 2);
    assert_int_equal(heard.counts[SHAKEDOWN_EVENT_RETURN], 2);
    assert_int_equal(heard.counts[SHAKEDOWN_EVENT_SEEN], 1);
    assert_int_equal(heard.counts[SHAKEDOWN_EVENT_SENT], 1);
    assert_int_equal(heard.counts[SHAKEDOWN_EVENT_END], 1);
    assert_non_null(strstr(heard.connect, "{198.51.100.2 port 8080}"));
    assert_true(heard.last <= shakedown_now(stack));
}

static void test_a_listener_may_have_heard_enough(void **state)
{
    struct shakedown_stack *stack = *state;
    struct heard heard = {.most = 3};
    exchange(stack);
    assert_int_equal(shakedown_trace(stack, hear, &heard), 42);
    assert_int_equal(heard.all, 3);
}

static bool take_end(void *context, const struct trace_event *event, struct error *error)
{
    (void)error;
    if (event->kind == TRACE_END)
        (void)snprintf(context, 256, "%s: %s", verdict_name(event->end.verdict), event->end.reason);
    return true;
}

static void test_a_trace_file_is_whole_and_has_the_verdict(void **state)
{
    struct shakedown_stack *stack = *state;
    char end[256] = "";
    char path[] = "/tmp/test_recording.XXXXXX";
    int descriptor = mkstemp(path);
    struct error error;
    const struct trace_sink sink = {take_end, end};
    assert_true(descriptor >= 0);
    assert_int_equal(close(descriptor), 0);
    exchange(stack);
    assert_int_equal(shakedown_write_trace(stack, path), 0);
    assert_true(trace_read(path, &sink, &error));
    assert_string_equal(end, "pass: ");
    shakedown_expect_within(stack, 0.01, "S 0:0(0) <...>");
    assert_failed(stack, "expected SYN; nothing came");
    assert_int_equal(shakedown_write_trace(stack, path), 0);
    assert_true(trace_read(path, &sink, &error));
    assert_non_null(strstr(end, "expected SYN; nothing came"));
    assert_int_equal(unlink(path), 0);
}

static void test_a_capture_is_pcapng(void **state)
{
    struct shakedown_stack *stack = *state;
    char path[] = "/tmp/test_recording.XXXXXX";
    uint8_t head[4] = {0};
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    exchange(stack);
    assert_int_equal(shakedown_write_capture(stack, path), 0);
    assert_int_equal(read(descriptor, head, sizeof(head)), sizeof(head));
    assert_memory_equal(head, "\x0a\x0d\x0d\x0a", sizeof(head));
    assert_true(lseek(descriptor, 0, SEEK_END) > 200);
    assert_int_equal(close(descriptor), 0);
    assert_int_equal(unlink(path), 0);
}

static void test_a_file_that_cannot_be_made_is_told(void **state)
{
    struct shakedown_stack *stack = *state;
    assert_int_equal(shakedown_write_capture(stack, "/nowhere/x.pcapng"), -ENOENT);
    assert_int_equal(shakedown_write_trace(stack, "/dev/full"), -ENOSPC);
    assert_passed(stack);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_stack, teardown_stack)
    const struct CMUnitTest tests[] = {
        TEST(test_all_that_happened_is_told),
        TEST(test_a_listener_may_have_heard_enough),
        TEST(test_a_trace_file_is_whole_and_has_the_verdict),
        TEST(test_a_capture_is_pcapng),
        TEST(test_a_file_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
