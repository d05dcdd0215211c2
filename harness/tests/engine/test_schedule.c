/* SPDX-License-Identifier: MIT */
#include "engine/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS NANOSECONDS_PER_MILLISECOND

static const struct event_time at_once = {.kind = TIME_RELATIVE};

static struct event_time relative(nanoseconds start)
{
    return (struct event_time){.kind = TIME_RELATIVE, .start = start, .end = start};
}

static struct event_time absolute(nanoseconds start)
{
    return (struct event_time){.kind = TIME_ABSOLUTE, .start = start, .end = start};
}

static struct interval point(nanoseconds at)
{
    return (struct interval){at, at};
}

static void relative_time_counts_from_when_the_event_before_happened(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    schedule_happened(&schedule, point(203 * MS));
    struct event_time time = relative(100 * MS);
    assert_int_equal(schedule_due(&schedule, &time, true), 303 * MS);
    assert_int_equal(schedule_due(&schedule, &time, false), 303 * MS);
}

static void a_train_of_injected_packets_keeps_the_pace_of_the_schedule(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    struct event_time time = relative(10 * MS);
    schedule_acted(&schedule, 100 * MS, point(102 * MS), true);
    assert_int_equal(schedule_due(&schedule, &time, true), 110 * MS);
    assert_int_equal(schedule_due(&schedule, &time, false), 112 * MS);
}

static void absolute_time_is_due_when_it_says(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    struct event_time time = absolute(500 * MS);
    schedule_acted(&schedule, 100 * MS, point(190 * MS), true);
    assert_int_equal(schedule_due(&schedule, &time, true), 500 * MS);
}

static void tolerance_is_the_larger_of_span_and_share(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    assert_int_equal(schedule_tolerance(&schedule, 0), 4 * MS);
    assert_int_equal(schedule_tolerance(&schedule, 32 * MS), 4 * MS);
    assert_int_equal(schedule_tolerance(&schedule, 1000 * MS), 125 * MS);
}

static void a_segment_in_its_window_is_in_time(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    schedule_happened(&schedule, point(100 * MS));
    struct event_time time = relative(1000 * MS);
    struct window window = schedule_window(&schedule, &time);
    assert_int_equal(window.allowed.earliest, 975 * MS);
    assert_int_equal(window.allowed.latest, 1225 * MS);
    assert_int_equal(window_miss(&window, point(975 * MS)), 0);
    assert_int_equal(window_miss(&window, point(1225 * MS)), 0);
    assert_int_equal(window_miss(&window, point(970 * MS)), -5 * MS);
    assert_int_equal(window_miss(&window, point(1230 * MS)), 5 * MS);
    /* An interval that reaches into the window fits it. */
    assert_int_equal(window_miss(&window, (struct interval){900 * MS, 980 * MS}), 0);
}

static void what_a_timer_brings_may_be_late_by_the_ticks_that_it_is_counted_in(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    schedule.coarseness = 8 * MS;
    schedule_happened(&schedule, point(100 * MS));
    struct event_time time = {.kind = TIME_RELATIVE_RANGE, .end = 40 * MS};
    struct window window = schedule_window(&schedule, &time);
    assert_int_equal(window_miss(&window, point(148 * MS)), 0);
    assert_int_equal(window_miss(&window, point(149 * MS)), MS);
    /* Too early it isn't, and no timer is as short as this. */
    time = relative(40 * MS);
    window = schedule_window(&schedule, &time);
    assert_int_equal(window.allowed.earliest, 135 * MS);
    time = relative(39 * MS);
    window = schedule_window(&schedule, &time);
    assert_int_not_equal(window_miss(&window, point(144 * MS)), 0);
    /* The time that a blocking call is given is a timer's, too. */
    time = (struct event_time){.kind = TIME_RELATIVE, .start = 0, .returns = 50 * MS};
    window = schedule_return_window(&schedule, &time, 200 * MS);
    assert_int_equal(window.allowed.latest, 258 * MS);
    assert_int_equal(window.allowed.earliest, 250 * MS - schedule_tolerance(&schedule, 50 * MS));
}

static void a_late_action_widens_what_follows_it(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    struct event_time time = relative(500 * MS);
    schedule_acted(&schedule, 500 * MS, point(700 * MS), true);
    /* The stack's own timer knows nothing of our delay: the answer may come as if we had been in time. */
    struct window window = schedule_window(&schedule, &time);
    assert_int_equal(window_miss(&window, point(1000 * MS)), 0);
    assert_int_equal(window_miss(&window, point(1200 * MS)), 0);
    assert_int_not_equal(window_miss(&window, point(1400 * MS)), 0);
}

static void an_absolute_window_is_widened_by_every_earlier_delay(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 0.0);
    struct event_time time = absolute(200 * MS);
    schedule_acted(&schedule, 200 * MS, point(250 * MS), true);
    struct window window = schedule_window(&schedule, &time);
    assert_int_equal(window_miss(&window, point(251 * MS)), 0);
    assert_int_not_equal(window_miss(&window, point(260 * MS)), 0);
}

static void an_action_past_its_own_tolerance_is_remembered(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    schedule_acted(&schedule, 10 * MS, point(13 * MS), false);
    assert_false(schedule.late);
    schedule_acted(&schedule, 20 * MS, point(30 * MS), false);
    assert_true(schedule.late);
    assert_int_equal(schedule.worst_late, 10 * MS);
    assert_int_equal(schedule.slack, 13 * MS);
}

static void an_action_in_time_leaves_no_slack(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    schedule_acted(&schedule, 10 * MS, (struct interval){9 * MS, 11 * MS}, false);
    assert_int_equal(schedule.slack, 0);
    struct window window = schedule_window(&schedule, &at_once);
    /* What a call sent while it ran came neither before nor after it. */
    assert_int_equal(window.wanted.earliest, 9 * MS);
    assert_int_equal(window.wanted.latest, 11 * MS);
}

static void a_command_that_had_to_wait_makes_what_follows_late(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    schedule_acted(&schedule, 100 * MS, (struct interval){100 * MS, 1100 * MS}, false);
    /* Its own second is the script's. */
    schedule_held_up(&schedule, 1000 * MS, 39 * MS);
    assert_false(schedule.late);
    assert_int_equal(schedule.slack, 0);
    schedule_held_up(&schedule, 1000 * MS, 700 * MS);
    assert_true(schedule.late);
    assert_int_equal(schedule.worst_late, 700 * MS);
    assert_int_equal(schedule.slack, 700 * MS);
    /* Others may have waited longer than it was there. */
    schedule_held_up(&schedule, 50 * MS, 700 * MS);
    assert_int_equal(schedule.slack, 750 * MS);
}

static void any_time_is_always_in_time(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    struct event_time time = {.kind = TIME_ANY};
    schedule_happened(&schedule, point(70 * MS));
    struct window window = schedule_window(&schedule, &time);
    assert_int_equal(window_miss(&window, point(0)), 0);
    assert_int_equal(window_miss(&window, point(INT64_C(1) << 50)), 0);
    assert_int_equal(schedule_due(&schedule, &time, true), 70 * MS);
}

static void a_range_allows_all_between_its_ends(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 0.0);
    struct event_time time = {.kind = TIME_RELATIVE_RANGE, .start = 100 * MS, .end = 300 * MS};
    schedule_happened(&schedule, point(50 * MS));
    struct window window = schedule_window(&schedule, &time);
    assert_int_equal(window_miss(&window, point(146 * MS)), 0);
    assert_int_equal(window_miss(&window, point(354 * MS)), 0);
    assert_int_not_equal(window_miss(&window, point(140 * MS)), 0);
    assert_int_not_equal(window_miss(&window, point(360 * MS)), 0);
}

static void a_blocking_call_returns_after_its_own_duration(void **state)
{
    (void)state;
    struct schedule schedule = schedule_start(4 * MS, 12.5);
    struct event_time time = {
        .kind = TIME_ABSOLUTE, .start = 100 * MS, .end = 100 * MS, .blocking = true, .returns = 200 * MS};
    struct window window = schedule_return_window(&schedule, &time, 100 * MS);
    assert_int_equal(window.wanted.latest, 200 * MS);
    assert_int_equal(window_miss(&window, point(212 * MS)), 0);
    assert_int_not_equal(window_miss(&window, point(220 * MS)), 0);
    assert_int_not_equal(window_miss(&window, point(150 * MS)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relative_time_counts_from_when_the_event_before_happened),
        cmocka_unit_test(a_train_of_injected_packets_keeps_the_pace_of_the_schedule),
        cmocka_unit_test(absolute_time_is_due_when_it_says),
        cmocka_unit_test(tolerance_is_the_larger_of_span_and_share),
        cmocka_unit_test(a_segment_in_its_window_is_in_time),
        cmocka_unit_test(what_a_timer_brings_may_be_late_by_the_ticks_that_it_is_counted_in),
        cmocka_unit_test(a_late_action_widens_what_follows_it),
        cmocka_unit_test(an_absolute_window_is_widened_by_every_earlier_delay),
        cmocka_unit_test(an_action_past_its_own_tolerance_is_remembered),
        cmocka_unit_test(an_action_in_time_leaves_no_slack),
        cmocka_unit_test(a_command_that_had_to_wait_makes_what_follows_late),
        cmocka_unit_test(any_time_is_always_in_time),
        cmocka_unit_test(a_range_allows_all_between_its_ends),
        cmocka_unit_test(a_blocking_call_returns_after_its_own_duration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
