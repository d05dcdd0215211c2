/* SPDX-License-Identifier: MIT */
#include "engine/machine_watch.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs until SPAN has passed, without giving the processor away by itself. */
static void be_busy(nanoseconds span)
{
    nanoseconds end = clock_now() + span;
    while (clock_now() < end)
        continue;
}

static void what_never_was_counts_as_not_late(void **state)
{
    (void)state;
    struct machine_watch *watch = NULL;
    struct error error;
    assert_true(machine_watch_start(&watch, &error));
    nanoseconds now = clock_now();
    assert_int_equal(
        machine_watch_worst(watch, now - 2000 * NANOSECONDS_PER_SECOND, now - 1900 * NANOSECONDS_PER_SECOND), 0);
    machine_watch_stop(watch);
}

/* A processor that is kept from its watch for a while shows it: the watch has a thread of low rank there, we the
 * highest. */
static void a_processor_that_is_kept_busy_shows_as_late(void **state)
{
    (void)state;
    struct machine_watch *watch = NULL;
    struct error error;
    assert_true(machine_watch_start(&watch, &error));
    be_busy(20 * NANOSECONDS_PER_MILLISECOND);
    struct sched_param highest = {.sched_priority = 50};
    if (sched_setscheduler(0, SCHED_FIFO, &highest) != 0) {
        machine_watch_stop(watch);
        skip(); /* an ordinary user can't keep a processor to itself */
    }
    nanoseconds start = clock_now();
    be_busy(40 * NANOSECONDS_PER_MILLISECOND);
    nanoseconds end = clock_now();
    nanoseconds during = machine_watch_worst(watch, start, end);
    struct sched_param ordinary = {.sched_priority = 0};
    assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &ordinary), 0);
    be_busy(20 * NANOSECONDS_PER_MILLISECOND);
    nanoseconds afterwards = machine_watch_worst(watch, start, end);
    machine_watch_stop(watch);
    assert_true(during > 20 * NANOSECONDS_PER_MILLISECOND);
    assert_true(afterwards > 20 * NANOSECONDS_PER_MILLISECOND);
}

static void a_forked_process_reads_what_the_watch_writes(void **state)
{
    (void)state;
    struct machine_watch *watch = NULL;
    struct error error;
    assert_true(machine_watch_start(&watch, &error));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* The threads are the parent's: were their words not shared, all later time would seem late without end. */
        be_busy(300 * NANOSECONDS_PER_MILLISECOND);
        nanoseconds now = clock_now();
        nanoseconds late = machine_watch_worst(watch, now - 50 * NANOSECONDS_PER_MILLISECOND, now);
        _exit(late < 250 * NANOSECONDS_PER_MILLISECOND ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    machine_watch_stop(watch);
}

static void stopping_no_watch_is_allowed(void **state)
{
    (void)state;
    machine_watch_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_never_was_counts_as_not_late),
        cmocka_unit_test(a_processor_that_is_kept_busy_shows_as_late),
        cmocka_unit_test(a_forked_process_reads_what_the_watch_writes),
        cmocka_unit_test(stopping_no_watch_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
