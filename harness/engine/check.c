/* SPDX-License-Identifier: MIT */
#include "engine/call.h"
#include "engine/engine.h"

#include <stdlib.h>

static const nanoseconds after_last_event = 30 * NANOSECONDS_PER_SECOND;

static void check_call(struct evaluation *evaluation, struct arena *arena, const struct engine_options *options,
                       const struct call_event *call)
{
    struct call_context context = {.evaluation = evaluation, .arena = arena, .options = options};
    struct prepared_call prepared;
    (void)call_prepare(&context, call, &prepared);
}

static void check_segment(struct diagnostics *diagnostics, const struct event *event)
{
    if (event->kind == EVENT_EXPECT && event->pattern.packet.transport != TRANSPORT_TCP)
        (void)diagnostics_add(diagnostics, event->at, "only TCP segments can be expected");
}

static void check_event(struct evaluation *evaluation, struct arena *arena, const struct engine_options *options,
                        const struct event *event)
{
    switch (event->kind) {
    case EVENT_CALL:
        check_call(evaluation, arena, options, &event->call);
        break;
    case EVENT_INJECT:
    case EVENT_EXPECT:
        check_segment(evaluation->diagnostics, event);
        break;
    case EVENT_NOTHING:
        break;
    case EVENT_COMMAND:
    case EVENT_CODE:
        (void)diagnostics_add(evaluation->diagnostics, event->at, "commands and code can't be run by this version");
        break;
    }
}

enum verdict engine_check(const struct program *program, struct diagnostics *diagnostics, struct text *reason)
{
    struct engine_options options;
    struct arena arena = {0};
    struct evaluation evaluation = {.diagnostics = diagnostics};
    size_t before = diagnostics->count;
    if (!engine_options_read(program, diagnostics, &options))
        return VERDICT_ERROR;
    if (program->init_command != NULL || program->cleanup_command != NULL)
        (void)diagnostics_add(diagnostics, (struct span){0, 0}, "commands can't be run by this version");
    for (size_t i = 0; i < program->event_count; i++)
        check_event(&evaluation, &arena, &options, &program->events[i]);
    arena_free(&arena);
    if (diagnostics->count > before)
        return VERDICT_ERROR;
    if (evaluation.elsewhere == NULL)
        return VERDICT_PASS;
    text_append_format(reason, "%s is not known on this system, only on another", evaluation.elsewhere);
    return VERDICT_NOT_APPLICABLE;
}

nanoseconds engine_time_out(const struct program *program)
{
    const char *note = program_note(program, "timeout");
    nanoseconds at = 0;
    if (note != NULL) {
        double seconds = strtod(note, NULL);
        if (seconds > 0.0 && seconds < 86400.0)
            return (nanoseconds)(seconds * (double)NANOSECONDS_PER_SECOND);
    }
    for (size_t i = 0; i < program->event_count; i++) {
        const struct event_time *time = &program->events[i].time;
        nanoseconds end = time->blocking && time->returns > time->end ? time->returns : time->end;
        bool relative = time->kind == TIME_RELATIVE || time->kind == TIME_RELATIVE_RANGE;
        if (relative)
            at = nanoseconds_add(at, end);
        else if (time->kind != TIME_ANY && end > at)
            at = end;
    }
    return nanoseconds_add(at, after_last_event);
}
