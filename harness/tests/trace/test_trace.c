/* SPDX-License-Identifier: MIT */
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A reader that counts what it is given and refuses from the `refuse_from`th event on. */
struct counter {
    unsigned taken;
    unsigned refuse_from;
};

static bool counter_take(void *context, const struct trace_event *event, struct error *error)
{
    struct counter *counter = context;
    (void)event;
    if (++counter->taken < counter->refuse_from)
        return true;
    return error_set(error, ERROR_SYSTEM_CALL, "full");
}

static void test_a_fan_gives_each_event_to_all(void **state)
{
    (void)state;
    struct counter counters[2] = {{.refuse_from = 9}, {.refuse_from = 9}};
    struct trace_sink sinks[2] = {{counter_take, &counters[0]}, {counter_take, &counters[1]}};
    struct trace_fan fan = {sinks, 2};
    struct trace_sink sink = trace_fan_sink(&fan);
    struct trace_event event = {.kind = TRACE_NOTE, .note = "x"};
    struct error error;
    assert_true(trace_give(&sink, &event, &error));
    assert_true(trace_give(&sink, &event, &error));
    assert_int_equal(counters[0].taken, 2);
    assert_int_equal(counters[1].taken, 2);
}

static void test_a_fan_stops_at_the_first_that_fails(void **state)
{
    (void)state;
    struct counter counters[2] = {{.refuse_from = 1}, {.refuse_from = 9}};
    struct trace_sink sinks[2] = {{counter_take, &counters[0]}, {counter_take, &counters[1]}};
    struct trace_fan fan = {sinks, 2};
    struct trace_sink sink = trace_fan_sink(&fan);
    struct trace_event event = {.kind = TRACE_NOTE, .note = "x"};
    struct error error = {0};
    assert_false(trace_give(&sink, &event, &error));
    assert_string_equal(error.text, "full");
    assert_int_equal(counters[1].taken, 0);
}

static void test_an_empty_fan_takes_everything(void **state)
{
    (void)state;
    struct trace_fan fan = {NULL, 0};
    struct trace_sink sink = trace_fan_sink(&fan);
    struct trace_event event = {.kind = TRACE_NOTE, .note = "x"};
    struct error error;
    assert_true(trace_give(&sink, &event, &error));
}

static void test_each_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < TRACE_EVENT_KIND_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(trace_event_kind_name((enum trace_event_kind)i),
                                    trace_event_kind_name((enum trace_event_kind)j));
    assert_string_equal(trace_event_kind_name(TRACE_INJECTED), "injected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fan_gives_each_event_to_all),
        cmocka_unit_test(test_a_fan_stops_at_the_first_that_fails),
        cmocka_unit_test(test_an_empty_fan_takes_everything),
        cmocka_unit_test(test_each_kind_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
