/* SPDX-License-Identifier: MIT */
#include "engine/schedule.h"

/* A delayed acknowledgment's: no timer of a stack's that answers a segment is shorter. */
static const nanoseconds shortest_timer = 40 * NANOSECONDS_PER_MILLISECOND;

struct schedule schedule_start(nanoseconds tolerance, double tolerance_percent)
{
    return (struct schedule){.tolerance = tolerance, .tolerance_percent = tolerance_percent};
}

nanoseconds schedule_tolerance(const struct schedule *schedule, nanoseconds span)
{
    nanoseconds share = (nanoseconds)((double)span * schedule->tolerance_percent / 100.0);
    return share > schedule->tolerance ? share : schedule->tolerance;
}

/* What a timer of the stack's may have brought after SPAN may be late by this. */
static nanoseconds late_tolerance(const struct schedule *schedule, nanoseconds span)
{
    nanoseconds tolerance = schedule_tolerance(schedule, span > 0 ? span : 0);
    return span >= shortest_timer && tolerance < schedule->coarseness ? schedule->coarseness : tolerance;
}

static bool time_is_relative(const struct event_time *time)
{
    return time->kind == TIME_RELATIVE || time->kind == TIME_RELATIVE_RANGE;
}

nanoseconds schedule_due(const struct schedule *schedule, const struct event_time *time, bool injected)
{
    if (time->kind == TIME_ANY)
        return schedule->previous.latest;
    if (!time_is_relative(time))
        return time->start;
    nanoseconds base = injected && schedule->previous_injected ? schedule->previous_due : schedule->previous.latest;
    return nanoseconds_add(base, time->start);
}

void schedule_acted(struct schedule *schedule, nanoseconds due, struct interval when, bool injected)
{
    nanoseconds late = when.earliest > due ? when.earliest - due : 0;
    nanoseconds span = due > schedule->previous.latest ? due - schedule->previous.latest : 0;
    if (late > schedule_tolerance(schedule, span))
        schedule->late = true;
    if (late > schedule->worst_late)
        schedule->worst_late = late;
    schedule->slack = nanoseconds_add(schedule->slack, late);
    schedule->previous = (struct interval){due < when.earliest ? due : when.earliest, when.latest};
    schedule->previous_due = due;
    schedule->previous_injected = injected;
}

void schedule_held_up(struct schedule *schedule, nanoseconds took, nanoseconds waited)
{
    nanoseconds late = took < waited ? took : waited;
    if (late < shortest_timer)
        return;
    schedule->late = true;
    if (late > schedule->worst_late)
        schedule->worst_late = late;
    schedule->slack = nanoseconds_add(schedule->slack, late);
}

struct window schedule_window(const struct schedule *schedule, const struct event_time *time)
{
    struct window window = {.allowed = {INT64_MIN, NANOSECONDS_NEVER}, .wanted = {INT64_MIN, NANOSECONDS_NEVER}};
    if (time->kind == TIME_ANY)
        return window;
    struct interval base = {0, 0};
    nanoseconds span = time->end - schedule->previous.earliest;
    nanoseconds late = schedule->slack;
    if (time_is_relative(time)) {
        base = schedule->previous;
        span = time->end;
        late = 0;
    }
    nanoseconds tolerance = schedule_tolerance(schedule, span > 0 ? span : 0);
    window.wanted.earliest = nanoseconds_add(base.earliest, time->start);
    window.wanted.latest = nanoseconds_add(base.latest, time->end);
    window.allowed.earliest = nanoseconds_add(window.wanted.earliest, -(tolerance + schedule->slack));
    window.allowed.latest = nanoseconds_add(window.wanted.latest, late_tolerance(schedule, span) + late);
    return window;
}

struct window schedule_return_window(const struct schedule *schedule, const struct event_time *time, nanoseconds due)
{
    /* Both ends of a blocking call are on one scale: the call's own duration is what the script says. */
    nanoseconds duration = time->returns - time->start;
    nanoseconds returns = nanoseconds_add(due, duration);
    nanoseconds early = nanoseconds_add(schedule_tolerance(schedule, duration), schedule->slack);
    nanoseconds late = nanoseconds_add(late_tolerance(schedule, duration), schedule->slack);
    return (struct window){
        .wanted = {returns, returns},
        .allowed = {nanoseconds_add(returns, -early), nanoseconds_add(returns, late)},
    };
}

void schedule_happened(struct schedule *schedule, struct interval when)
{
    schedule->previous = when;
    schedule->previous_due = when.latest;
    schedule->previous_injected = false;
}

nanoseconds window_miss(const struct window *window, struct interval when)
{
    if (when.latest < window->allowed.earliest)
        return when.latest - window->allowed.earliest;
    if (when.earliest > window->allowed.latest)
        return when.earliest - window->allowed.latest;
    return 0;
}
