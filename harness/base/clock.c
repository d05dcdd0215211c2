/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <time.h>

static nanoseconds clock_read(clockid_t which)
{
    struct timespec now;
    /* Both clocks exist on every system that this builds on: a failure is a broken invariant, not an input. */
    INVARIANT(clock_gettime(which, &now) == 0);
    return (nanoseconds)now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

nanoseconds clock_now(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

nanoseconds clock_tick(void)
{
#ifdef CLOCK_MONOTONIC_COARSE
    /* A clock that only ticks move on. */
    struct timespec tick;
    if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) == 0)
        return (nanoseconds)tick.tv_sec * NANOSECONDS_PER_SECOND + tick.tv_nsec;
#endif
    return 0;
}

struct clock_bridge clock_bridge_measure(void)
{
    /* Of a few readings the one with the closest bracket was disturbed least. */
    struct clock_bridge best = {.error = NANOSECONDS_NEVER};
    for (int attempt = 0; attempt < 4; attempt++) {
        nanoseconds before = clock_read(CLOCK_MONOTONIC);
        nanoseconds realtime = clock_read(CLOCK_REALTIME);
        nanoseconds after = clock_read(CLOCK_MONOTONIC);
        nanoseconds half = (after - before) / 2 + 1;
        if (half < best.error)
            best = (struct clock_bridge){.offset = realtime - (before + (after - before) / 2), .error = half};
    }
    return best;
}

nanoseconds clock_from_realtime(const struct clock_bridge *bridge, nanoseconds realtime)
{
    return realtime - bridge->offset;
}

nanoseconds nanoseconds_add(nanoseconds left, nanoseconds right)
{
    nanoseconds sum;
    if (__builtin_add_overflow(left, right, &sum))
        return left > 0 ? NANOSECONDS_NEVER : INT64_MIN;
    return sum;
}
