/* SPDX-License-Identifier: MIT */
/*
 * Time in nanoseconds on one clock. The real clock is CLOCK_MONOTONIC; kernel packet stamps come on CLOCK_REALTIME and
 * are brought to it by clock_bridge, so that the two are never mixed.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds, as a point on a clock or as a span. */
typedef int64_t nanoseconds;

#define NANOSECONDS_PER_SECOND      INT64_C(1000000000)
#define NANOSECONDS_PER_MILLISECOND INT64_C(1000000)
#define NANOSECONDS_PER_MICROSECOND INT64_C(1000)
/* Later than every point that is used. */
#define NANOSECONDS_NEVER INT64_MAX

/* A point that is only known to lie between two others, both included. */
struct interval {
    nanoseconds earliest;
    nanoseconds latest;
};

/* CLOCK_MONOTONIC now. */
nanoseconds clock_now(void);

/* How far apart the ticks are by which the kernel counts the time of its coarser timers; 0 if it does not tell. */
nanoseconds clock_tick(void);

/* The difference CLOCK_REALTIME - CLOCK_MONOTONIC, and how far it may be off. */
struct clock_bridge {
    nanoseconds offset;
    nanoseconds error;
};

/* Measures the bridge anew; takes about a microsecond. */
struct clock_bridge clock_bridge_measure(void);

/* A CLOCK_REALTIME stamp on the CLOCK_MONOTONIC scale. */
nanoseconds clock_from_realtime(const struct clock_bridge *bridge, nanoseconds realtime);

/* Sum that stays at NANOSECONDS_NEVER or the least value instead of overflowing. */
nanoseconds nanoseconds_add(nanoseconds left, nanoseconds right);

#endif
