/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The difference of the two clocks is constant (slewing moves both) except where somebody sets
 * CLOCK_REALTIME. A single reading shows whether that has happened since the bridge was measured; whether a stamp is
 * from before or from after it, its bounds must say.
 */
#include "link/stamp.h"

#include <time.h>

/* True if the clock was set since BRIDGE was measured. */
static bool clock_was_set(const struct clock_bridge *bridge)
{
    struct timespec reading;
    nanoseconds before = clock_now();
    INVARIANT(clock_gettime(CLOCK_REALTIME, &reading) == 0);
    nanoseconds after = clock_now();
    nanoseconds realtime = (nanoseconds)reading.tv_sec * NANOSECONDS_PER_SECOND + reading.tv_nsec;
    return bridge->offset + bridge->error < realtime - after || bridge->offset - bridge->error > realtime - before;
}

/* Where BRIDGE puts the stamp: moved into BOUNDS if it misses them by no more than the bridge's error. */
static bool place_by(const struct clock_bridge *bridge, nanoseconds realtime, struct interval bounds,
                     nanoseconds *point)
{
    nanoseconds placed = clock_from_realtime(bridge, realtime);
    if (placed < bounds.earliest - bridge->error || placed > bounds.latest + bridge->error)
        return false;
    if (placed < bounds.earliest)
        placed = bounds.earliest;
    *point = placed > bounds.latest ? bounds.latest : placed;
    return true;
}

struct interval stamp_place(struct stamp_clock *clock, nanoseconds realtime, struct interval bounds)
{
    if (!clock->measured)
        *clock = (struct stamp_clock){.bridge = clock_bridge_measure(), .measured = true};
    struct clock_bridge old = clock->bridge;
    nanoseconds point;
    if (!clock_was_set(&old))
        return place_by(&old, realtime, bounds, &point) ? (struct interval){point, point} : bounds;
    clock->bridge = clock_bridge_measure();
    nanoseconds other;
    bool by_old = place_by(&old, realtime, bounds, &point);
    bool by_new = place_by(&clock->bridge, realtime, bounds, &other);
    if (!by_old && !by_new)
        return bounds;
    if (!by_old)
        point = other;
    if (!by_new)
        other = point;
    return point < other ? (struct interval){point, other} : (struct interval){other, point};
}
