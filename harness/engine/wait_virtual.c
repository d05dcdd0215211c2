/* SPDX-License-Identifier: MIT */
/* Waiting on a virtual clock: nothing sleeps, time moves to when the stack has something to do. */
#include "engine/run.h"

/* Lets the stack do what is due, at most by LIMIT, takes in what comes of it, and tries a call that waits again:
 * packets, then timers, then calls. */
static bool run_pass(struct run *run, nanoseconds limit, bool timers)
{
    struct error error;
    if (!stack_advance(run->stack, nanoseconds_add(run->origin, limit), timers, &error))
        return run_fault(run, NULL, &error);
    if (run->caller != NULL)
        caller_try_again(run->caller);
    return run_take_in(run);
}

/* As long as nothing happens at this instant, moves the virtual clock on, at most to LIMIT. */
bool run_step(struct run *run, nanoseconds limit, bool timers)
{
    struct run_frame *const *end = run->frames_end;
    bool returned = run->returned;
    nanoseconds now = run_now(run);
    if (now >= limit && !timers)
        return run_take_in(run);
    if (!run_pass(run, now, true))
        return false;
    if (run->frames_end != end || run->returned != returned || now >= limit)
        return true;
    return run_pass(run, limit, timers);
}

bool run_step_until(struct run *run, nanoseconds deadline, bool timers)
{
    do
        if (!run_step(run, deadline, timers))
            return false;
    while (run_now(run) < deadline);
    return true;
}
