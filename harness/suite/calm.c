/* SPDX-License-Identifier: MIT */
#include "suite/calm.h"

#include <poll.h>

/* Longer than what the engine looks back at before a wrong answer. */
static const nanoseconds calm_span = 30 * NANOSECONDS_PER_MILLISECOND;
static const nanoseconds calm_lateness = 2 * NANOSECONDS_PER_MILLISECOND;
static const nanoseconds calm_patience = 5 * NANOSECONDS_PER_SECOND;

const nanoseconds calm_pause = 10 * NANOSECONDS_PER_MILLISECOND;

bool calm_now(const struct machine_watch *watch)
{
    nanoseconds now = clock_now();
    if (watch == NULL)
        return true;
    return machine_watch_worst(watch, now - calm_span, now) < calm_lateness;
}

void calm_await(const struct machine_watch *watch)
{
    nanoseconds end = clock_now() + calm_patience;
    while (!calm_now(watch) && clock_now() < end)
        (void)poll(NULL, 0, (int)(calm_pause / NANOSECONDS_PER_MILLISECOND));
}
