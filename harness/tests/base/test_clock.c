/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static nanoseconds read_clock(clockid_t which)
{
    struct timespec now;
    assert_int_equal(clock_gettime(which, &now), 0);
    return (nanoseconds)now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

static void the_clock_is_the_monotonic_one(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        nanoseconds before = read_clock(CLOCK_MONOTONIC);
        nanoseconds now = clock_now();
        nanoseconds after = read_clock(CLOCK_MONOTONIC);
        assert_true(before <= now && now <= after);
    }
}

static void a_realtime_stamp_is_brought_between_its_monotonic_neighbours(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct clock_bridge bridge = clock_bridge_measure();
        nanoseconds before = clock_now();
        nanoseconds stamp = clock_from_realtime(&bridge, read_clock(CLOCK_REALTIME));
        nanoseconds after = clock_now();
        assert_true(before - bridge.error <= stamp && stamp <= after + bridge.error);
    }
}

static void the_bridge_knows_how_far_it_may_be_off(void **state)
{
    (void)state;
    nanoseconds least = NANOSECONDS_NEVER;
    for (int i = 0; i < 100; i++) {
        struct clock_bridge bridge = clock_bridge_measure();
        assert_true(bridge.error > 0);
        if (bridge.error < least)
            least = bridge.error;
    }
    assert_true(least < NANOSECONDS_PER_MILLISECOND);
}

static void two_bridges_agree_within_their_errors(void **state)
{
    (void)state;
    struct clock_bridge first = clock_bridge_measure();
    for (int i = 0; i < 100; i++) {
        struct clock_bridge second = clock_bridge_measure();
        nanoseconds apart = first.offset - second.offset;
        assert_true(apart <= first.error + second.error && -apart <= first.error + second.error);
    }
}

static void a_stamp_moves_by_the_offset(void **state)
{
    (void)state;
    struct clock_bridge bridge = {.offset = 1000, .error = 1};
    assert_int_equal(clock_from_realtime(&bridge, 1000), 0);
    assert_int_equal(clock_from_realtime(&bridge, 1), -999);
    bridge.offset = -5;
    assert_int_equal(clock_from_realtime(&bridge, 7), 12);
}

static void the_tick_is_that_of_a_timer_of_the_kernels(void **state)
{
    (void)state;
    /* From 1000 to 100 in a second. */
    assert_in_range(clock_tick(), 900 * NANOSECONDS_PER_MICROSECOND, 10 * NANOSECONDS_PER_MILLISECOND);
}

static void a_sum_stays_at_the_ends(void **state)
{
    (void)state;
    const struct {
        nanoseconds left, right, sum;
    } rows[] = {
        {1, 2, 3},
        {-1, -2, -3},
        {NANOSECONDS_NEVER, 0, NANOSECONDS_NEVER},
        {NANOSECONDS_NEVER - 1, 1, NANOSECONDS_NEVER},
        {NANOSECONDS_NEVER, 1, NANOSECONDS_NEVER},
        {1, NANOSECONDS_NEVER, NANOSECONDS_NEVER},
        {NANOSECONDS_NEVER, NANOSECONDS_NEVER, NANOSECONDS_NEVER},
        {NANOSECONDS_NEVER, -1, NANOSECONDS_NEVER - 1},
        {INT64_MIN + 1, -1, INT64_MIN},
        {INT64_MIN, -1, INT64_MIN},
        {-1, INT64_MIN, INT64_MIN},
        {INT64_MIN, INT64_MIN, INT64_MIN},
        {INT64_MIN, NANOSECONDS_NEVER, -1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(nanoseconds_add(rows[i].left, rows[i].right), rows[i].sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_is_the_monotonic_one),
        cmocka_unit_test(a_realtime_stamp_is_brought_between_its_monotonic_neighbours),
        cmocka_unit_test(the_bridge_knows_how_far_it_may_be_off),
        cmocka_unit_test(two_bridges_agree_within_their_errors),
        cmocka_unit_test(a_stamp_moves_by_the_offset),
        cmocka_unit_test(the_tick_is_that_of_a_timer_of_the_kernels),
        cmocka_unit_test(a_sum_stays_at_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
