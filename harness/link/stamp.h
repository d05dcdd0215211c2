/* SPDX-License-Identifier: MIT */
/* The kernel's packet stamps, which are on the clock that can be set, brought to the one that can't. */
#ifndef LINK_STAMP_H
#define LINK_STAMP_H

#include "base/clock.h"

/* Zero-initialise to start. */
struct stamp_clock {
    struct clock_bridge bridge;
    bool measured;
};

/*
 * The CLOCK_MONOTONIC time of something that happened within BOUNDS and that the kernel stamped REALTIME
 * (CLOCK_REALTIME): a point, or as much as is certain if the clock was set meanwhile.
 */
struct interval stamp_place(struct stamp_clock *clock, nanoseconds realtime, struct interval bounds);

#endif
