/* SPDX-License-Identifier: MIT */
/* Kernel stamps on the monotonic clock, also when the other clock is set. */
#include "live.h"

#include "link/stamp.h"

#include <time.h>

static nanoseconds realtime_now(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
    return (nanoseconds)now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

static void a_stamp_is_a_point_within_its_bounds(void **state)
{
    (void)state;
    struct stamp_clock clock = {0};
    for (int i = 0; i < 1000; i++) {
        struct interval bounds = {.earliest = clock_now()};
        nanoseconds realtime = realtime_now();
        bounds.latest = clock_now();
        struct interval placed = stamp_place(&clock, realtime, bounds);
        assert_int_equal(placed.earliest, placed.latest);
        assert_true(placed.earliest >= bounds.earliest && placed.latest <= bounds.latest);
    }
}

static void a_stamp_outside_its_bounds_is_not_believed(void **state)
{
    (void)state;
    struct stamp_clock clock = {0};
    nanoseconds now = clock_now();
    struct interval bounds = {now - NANOSECONDS_PER_SECOND, now};
    struct interval placed = stamp_place(&clock, realtime_now() + NANOSECONDS_PER_SECOND, bounds);
    assert_int_equal(placed.earliest, bounds.earliest);
    assert_int_equal(placed.latest, bounds.latest);
}

/* To set the clock backwards is to have a bridge that is ahead by as much. */
static void a_stamp_after_the_clock_was_set_is_right(void **state)
{
    (void)state;
    struct stamp_clock clock = {.bridge = clock_bridge_measure(), .measured = true};
    clock.bridge.offset += 3600 * NANOSECONDS_PER_SECOND;
    struct interval bounds = {.earliest = clock_now()};
    nanoseconds realtime = realtime_now();
    bounds.latest = clock_now();
    struct interval placed = stamp_place(&clock, realtime, bounds);
    assert_int_equal(placed.earliest, placed.latest);
    assert_true(placed.earliest >= bounds.earliest && placed.latest <= bounds.latest);
    assert_true(clock.bridge.offset - clock_bridge_measure().offset < NANOSECONDS_PER_MILLISECOND);
}

static void a_stamp_from_before_the_clock_was_set_is_right(void **state)
{
    (void)state;
    struct stamp_clock clock = {.bridge = clock_bridge_measure(), .measured = true};
    clock.bridge.offset += 3600 * NANOSECONDS_PER_SECOND;
    struct interval bounds = {.earliest = clock_now()};
    nanoseconds realtime = realtime_now() + 3600 * NANOSECONDS_PER_SECOND;
    bounds.latest = clock_now();
    struct interval placed = stamp_place(&clock, realtime, bounds);
    assert_int_equal(placed.earliest, placed.latest);
}

static void where_both_may_be_right_the_stamp_is_an_interval(void **state)
{
    (void)state;
    struct stamp_clock clock = {.bridge = clock_bridge_measure(), .measured = true};
    clock.bridge.offset += NANOSECONDS_PER_SECOND;
    nanoseconds now = clock_now();
    struct interval bounds = {now - 10 * NANOSECONDS_PER_SECOND, now};
    struct interval placed = stamp_place(&clock, realtime_now() - 5 * NANOSECONDS_PER_SECOND, bounds);
    nanoseconds width = placed.latest - placed.earliest;
    assert_true(width > NANOSECONDS_PER_SECOND - NANOSECONDS_PER_MILLISECOND);
    assert_true(width < NANOSECONDS_PER_SECOND + NANOSECONDS_PER_MILLISECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stamp_is_a_point_within_its_bounds),
        cmocka_unit_test(a_stamp_outside_its_bounds_is_not_believed),
        cmocka_unit_test(a_stamp_after_the_clock_was_set_is_right),
        cmocka_unit_test(a_stamp_from_before_the_clock_was_set_is_right),
        cmocka_unit_test(where_both_may_be_right_the_stamp_is_an_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
