/* SPDX-License-Identifier: MIT */
/*
 * The time rules: when an event is due, and when what the stack does may come. Pure: it reads no clock.
 *
 * Theory of operation. All points are nanoseconds since the start of the run. Each event that happened leaves an
 * interval: for an action of ours from when it was due to when it was surely done, for a segment of the stack's its
 * stamp. A relative time counts from that interval; between two injected packets it counts from the schedule, so that a
 * train of segments keeps its pace. `slack` adds up how late our actions were: whatever the stack times from one of its
 * own earlier events may come that much sooner after a late action of ours, and, where the script names an absolute
 * time, that much later.
 *
 * A kernel counts the time of its timers in ticks: one is begun in the middle of a tick and ends with another, so that
 * it is up to two ticks late however idle the machine is. Against a delayed acknowledgment's 40 ms that is more than
 * the tolerance.
 */
#ifndef ENGINE_SCHEDULE_H
#define ENGINE_SCHEDULE_H

#include "script/program.h"

struct schedule {
    nanoseconds tolerance;    /* at least this much is allowed */
    double tolerance_percent; /* and this share of the time since the event before */
    nanoseconds coarseness;   /* and this much, the late way, to what the stack's timers may have been waited for */
    struct interval previous; /* when the event before happened */
    nanoseconds previous_due; /* when it was due, for an action of ours */
    bool previous_injected;
    nanoseconds slack;      /* how late our actions were, added up */
    nanoseconds worst_late; /* the latest of them */
    bool late;              /* one was later than its own tolerance: what follows it may not be what was meant */
};

/* What is allowed to a segment of the stack's, or to a call's return. */
struct window {
    struct interval allowed; /* tolerance and slack included */
    struct interval wanted;  /* as the script has it */
};

/* A schedule at the start of a run. */
struct schedule schedule_start(nanoseconds tolerance, double tolerance_percent);

/* The tolerance for something that is to come SPAN after the event before it. */
nanoseconds schedule_tolerance(const struct schedule *schedule, nanoseconds span);

/* When an action of ours with the time TIME is due; `*` is NANOSECONDS_NEVER's opposite: at once, whatever the time. */
nanoseconds schedule_due(const struct schedule *schedule, const struct event_time *time, bool injected);

/* Notes an action that was due at DUE and happened at WHEN. */
void schedule_acted(struct schedule *schedule, nanoseconds due, struct interval when, bool injected);

/*
 * Notes that an action took TOOK, during which programs waited for a processor for WAITED. Meanwhile the stack's timers
 * run: a wait as long as the shortest of them is lateness of ours like any other.
 */
void schedule_held_up(struct schedule *schedule, nanoseconds took, nanoseconds waited);

/* When a segment expected at TIME may come. */
struct window schedule_window(const struct schedule *schedule, const struct event_time *time);

/* When a blocking call that was due at DUE may return. */
struct window schedule_return_window(const struct schedule *schedule, const struct event_time *time, nanoseconds due);

/* Notes that an expected event happened at WHEN. */
void schedule_happened(struct schedule *schedule, struct interval when);

/* How far WHEN is outside of WINDOW: below zero too early, above zero too late, zero inside. */
nanoseconds window_miss(const struct window *window, struct interval when);

#endif
