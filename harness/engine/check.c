/* SPDX-License-Identifier: MIT */
#include "engine/call.h"
#include "engine/check_time.h"
#include "engine/command.h"
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
    for (size_t i = 0; event->kind == EVENT_EXPECT && i < event->other_count + 1; i++) {
        const struct pattern *pattern = i == 0 ? &event->pattern : &event->others[i - 1];
        if (pattern->packet.transport != TRANSPORT_TCP)
            (void)diagnostics_add(diagnostics, pattern->at, "only TCP segments can be expected");
    }
}

/* A setting of another system in a command makes the script not applicable. */
static void check_command(struct evaluation *evaluation, struct arena *arena, const char *command)
{
    char name[128];
    struct text text = text_in(name, sizeof(name));
    if (command == NULL || evaluation->elsewhere != NULL || !command_foreign_setting(command, &text))
        return;
    evaluation->elsewhere = arena_copy(arena, name, text.length);
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
    case EVENT_COMMAND:
        check_command(evaluation, arena, event->body.text);
        break;
    case EVENT_NOTHING:
    case EVENT_CODE:
        break;
    }
}

/* Wrong options are told, and the rest is looked at with those that there are without any. */
static void read_options(const struct program *program, struct diagnostics *diagnostics, struct engine_options *options)
{
    static const struct program without_options = {0};
    if (!engine_options_read(program, diagnostics, options))
        INVARIANT(engine_options_read(&without_options, diagnostics, options));
}

enum verdict engine_check(const struct program *program, struct diagnostics *diagnostics, struct text *reason)
{
    struct engine_options options;
    struct arena arena = {0};
    struct evaluation evaluation = {.diagnostics = diagnostics};
    size_t before = diagnostics->count;
    read_options(program, diagnostics, &options);
    evaluation.ipv6 = options.ip_version == IP_VERSION_IPV6;
    check_command(&evaluation, &arena, program->init_command);
    check_command(&evaluation, &arena, program->cleanup_command);
    for (size_t i = 0; i < program->event_count; i++)
        check_event(&evaluation, &arena, &options, &program->events[i]);
    check_times(program, options.tolerance, diagnostics);
    enum verdict verdict = VERDICT_PASS;
    if (diagnostics->count > before) {
        verdict = VERDICT_ERROR;
    } else if (evaluation.elsewhere != NULL) {
        text_append_format(reason, "%s is not known on this system, only on another", evaluation.elsewhere);
        verdict = VERDICT_NOT_APPLICABLE;
    }
    arena_free(&arena);
    return verdict;
}

/* Where COMMAND, which has no time, stands in its source: the first of that text in backquotes, or the last. */
static struct span command_span(const struct source *source, const char *command, bool last)
{
    size_t length = strlen(command);
    struct span found = {0, 0};
    for (size_t i = 0; i + length + 2 <= source->length && (last || found.length == 0); i++)
        if (source->text[i] == '`' && source->text[i + length + 1] == '`' &&
            memcmp(source->text + i + 1, command, length) == 0)
            found = (struct span){i, length + 2};
    return found;
}

bool engine_check_no_shell(const struct program *program, struct diagnostics *diagnostics)
{
    static const char message[] = "a shell command, which --no-shell refuses";
    const size_t before = diagnostics->count;
    if (program->init_command != NULL)
        (void)diagnostics_add(diagnostics, command_span(&program->source, program->init_command, false), message);
    for (size_t i = 0; i < program->event_count; i++) {
        const struct event *event = &program->events[i];
        if (event->kind == EVENT_COMMAND)
            (void)diagnostics_add(diagnostics, event->at, message);
        else if (event->kind == EVENT_CODE)
            (void)diagnostics_add(diagnostics, event->at, "Python code, which --no-shell refuses");
    }
    if (program->cleanup_command != NULL)
        (void)diagnostics_add(diagnostics, command_span(&program->source, program->cleanup_command, true), message);
    return diagnostics->count == before;
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
