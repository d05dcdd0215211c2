/* SPDX-License-Identifier: MIT */
#include "engine/check_time.h"

/* When the event before has happened: not before `earliest`, and, as far as that can be told, by `latest`. */
struct reached {
    nanoseconds earliest;
    nanoseconds latest;
    const struct event *blocking; /* the call that was let block last, and by when it is back */
    nanoseconds blocks_until;
};

static bool is_relative(const struct event_time *time)
{
    return time->kind == TIME_RELATIVE || time->kind == TIME_RELATIVE_RANGE;
}

static void reach(struct reached *reached, const struct event_time *time)
{
    if (time->kind == TIME_ANY) {
        reached->latest = NANOSECONDS_NEVER;
    } else if (is_relative(time)) {
        reached->earliest = nanoseconds_add(reached->earliest, time->start);
        reached->latest = nanoseconds_add(reached->latest, time->end);
    } else {
        reached->earliest = time->start > reached->earliest ? time->start : reached->earliest;
        reached->latest = time->end > reached->latest ? time->end : reached->latest;
    }
}

static void check_over(const struct reached *reached, const struct event *event, nanoseconds tolerance,
                       struct diagnostics *diagnostics)
{
    const struct event_time *time = &event->time;
    bool absolute = time->kind == TIME_ABSOLUTE || time->kind == TIME_ABSOLUTE_RANGE;
    if (!absolute || nanoseconds_add(time->end, tolerance) >= reached->earliest)
        return;
    (void)diagnostics_add(diagnostics, time->at,
                          "this time is over when its event is reached: the one before it is at %.9g s or later",
                          (double)reached->earliest / (double)NANOSECONDS_PER_SECOND);
}

static void check_blocking(struct reached *reached, const struct event *event, const struct source *source,
                           struct diagnostics *diagnostics)
{
    const struct event_time *time = &event->time;
    if (!time->blocking)
        return;
    if (reached->blocking != NULL && reached->latest < reached->blocks_until)
        (void)diagnostics_add(diagnostics, event->call.name_at,
                              "%s() on line %u still blocks then: only one call at a time can be let block",
                              reached->blocking->call.name, source_position(source, reached->blocking->at.offset).line);
    reached->blocking = event;
    reached->blocks_until = nanoseconds_add(reached->earliest, time->returns - time->start);
}

void check_times(const struct program *program, nanoseconds tolerance, struct diagnostics *diagnostics)
{
    struct reached reached = {0};
    for (size_t i = 0; i < program->event_count; i++) {
        const struct event *event = &program->events[i];
        check_over(&reached, event, tolerance, diagnostics);
        reach(&reached, &event->time);
        check_blocking(&reached, event, &program->source, diagnostics);
    }
}
