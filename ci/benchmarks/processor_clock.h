/* SPDX-License-Identifier: MIT */
/* The time that the calling thread spent on a processor: what a limit "a core" is about, also where others want it. */
#ifndef PROCESSOR_CLOCK_H
#define PROCESSOR_CLOCK_H

#include "base/clock.h"

#include <time.h>

ALWAYS_INLINE nanoseconds processor_clock_now(void)
{
    struct timespec now;
    INVARIANT(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
    return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

#endif
