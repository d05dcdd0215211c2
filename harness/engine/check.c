/* SPDX-License-Identifier: MIT */
#include "engine/call.h"
#include "engine/call_row.h"
#include "engine/check_order.h"
#include "engine/check_time.h"
#include "engine/command.h"
#include "engine/engine.h"

#include <stdlib.h>

/* Linux has no such thing. */
static const char over_udp[] = "TCP over UDP";

static const nanoseconds after_last_event = 30 * NANOSECONDS_PER_SECOND;

/* What is checked, and what is known by then of the script's descriptors. */
struct checking {
    struct evaluation *evaluation;
    struct arena *arena;
    const struct engine_options *options;
    struct descriptors descriptors;
    bool any_descriptor; /* some were given numbers that the text does not tell */
};

static void note_descriptor(struct checking *checking, const struct value *value)
{
    int64_t number = 0;
    bool told = value->kind != VALUE_ELLIPSIS && evaluate_integer(checking->evaluation, value, &number);
    bool known = told && (number < 0 || descriptors_note(&checking->descriptors, checking->arena, number, number));
    checking->any_descriptor = checking->any_descriptor || !known;
}

/* The descriptors that a call gives if it does what the script says. */
static void note_descriptors(struct checking *checking, const struct prepared_call *prepared)
{
    const struct call_event *event = prepared->event;
    if (prepared->row->gives_descriptor) {
        if (event->has_result)
            note_descriptor(checking, &event->result);
        else
            checking->any_descriptor = true;
    }
    for (size_t i = 0; i < prepared->output_count; i++) {
        const struct call_output *output = &prepared->outputs[i];
        for (size_t j = 0; output->kind == OUTPUT_DESCRIPTORS && j < 2; j++)
            note_descriptor(checking, &output->expected->items[j]);
    }
}

static void check_call(struct checking *checking, const struct call_event *call)
{
    const struct call_row *row = call_row_find(call->name);
    /* A text that begins with a descriptor is a piece of a script. */
    if (checking->descriptors.count == 0 && row != NULL && row->parameters[0] == PARAMETER_DESCRIPTOR)
        checking->any_descriptor = true;
    struct call_context context = {
        .evaluation = checking->evaluation,
        .arena = checking->arena,
        .options = checking->options,
        .descriptors = checking->any_descriptor ? NULL : &checking->descriptors,
    };
    struct prepared_call prepared;
    if (call_prepare(&context, call, &prepared))
        note_descriptors(checking, &prepared);
    else if (row == NULL || row->gives_descriptor)
        checking->any_descriptor = true;
}

/* The IP versions that a program is for: what it says itself or, if it says nothing, both if it has a title, as ours
 * have, and IPv4 alone as packetdrill has it. */
struct ip_support {
    bool four;
    bool six;
};

static struct ip_support ip_support_of(const struct program *program, const struct engine_options *options)
{
    const char *note = program_note(program, "ip");
    if (options->ip_version_given)
        return (struct ip_support){options->ip_version != IP_VERSION_IPV6, options->ip_version == IP_VERSION_IPV6};
    if (note == NULL)
        return (struct ip_support){true, program_note(program, "title") != NULL};
    bool all = strstr(note, "all") != NULL;
    return (struct ip_support){all || strchr(note, '4') != NULL || strstr(note, "mapped") != NULL,
                               all || strchr(note, '6') != NULL};
}

/* A word that the ICMP of a version lacks in which the script may be run. */
static void check_icmp(struct evaluation *evaluation, const struct pattern *written, struct ip_support support)
{
    const struct {
        bool runs;
        enum packet_network network;
        const char *message;
    } versions[] = {
        {support.four, NETWORK_IPV4, "ICMPv4 has no such type or code: is this script for IPv6 (`--ip_version=ipv6`)?"},
        {support.six, NETWORK_IPV6, "ICMPv6 has no such type or code: is this script for IPv4 (`--ip_version=ipv4`)?"},
    };
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        struct pattern pattern = *written;
        pattern_set_network(&pattern, versions[i].network);
        if (versions[i].runs && !pattern_resolve_icmp(&pattern))
            (void)diagnostics_add(evaluation->diagnostics, pattern.at, "%s", versions[i].message);
    }
}

static void check_pattern(struct evaluation *evaluation, const struct pattern *pattern, struct ip_support support,
                          bool expected)
{
    if (pattern->icmp_type_word != 0)
        check_icmp(evaluation, pattern, support);
    if (expected && pattern->packet.transport == TRANSPORT_NONE && !pattern_gives(pattern, FIELD_PROTOCOL))
        (void)diagnostics_add(evaluation->diagnostics, pattern->at, "bytes alone can't be expected: of what protocol?");
    if ((pattern->encapsulation.over_udp || pattern->quote.over_udp) && evaluation->elsewhere == NULL)
        evaluation->elsewhere = over_udp;
}

static void check_segment(struct evaluation *evaluation, const struct event *event, struct ip_support support)
{
    check_pattern(evaluation, &event->pattern, support, event->kind == EVENT_EXPECT);
    for (size_t i = 0; event->kind == EVENT_EXPECT && i < event->other_count; i++)
        check_pattern(evaluation, &event->others[i], support, true);
}

static void check_segments(struct evaluation *evaluation, const struct program *program,
                           const struct engine_options *options)
{
    struct ip_support support = ip_support_of(program, options);
    for (size_t i = 0; i < program->event_count; i++)
        if (program->events[i].kind == EVENT_INJECT || program->events[i].kind == EVENT_EXPECT)
            check_segment(evaluation, &program->events[i], support);
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

static void check_event(struct checking *checking, const struct event *event)
{
    switch (event->kind) {
    case EVENT_CALL:
        check_call(checking, &event->call);
        break;
    case EVENT_COMMAND:
        check_command(checking->evaluation, checking->arena, event->body.text);
        break;
    case EVENT_INJECT:
    case EVENT_EXPECT:
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
    if (options.udp_encapsulation)
        evaluation.elsewhere = over_udp;
    check_command(&evaluation, &arena, program->init_command);
    check_command(&evaluation, &arena, program->cleanup_command);
    struct checking checking = {
        .evaluation = &evaluation,
        .arena = &arena,
        .options = &options,
        .any_descriptor = program->continues || diagnostics->count > 0,
    };
    for (size_t i = 0; i < program->event_count; i++)
        check_event(&checking, &program->events[i]);
    check_segments(&evaluation, program, &options);
    check_times(program, options.tolerance, diagnostics);
    if (before == 0)
        check_order(program, diagnostics);
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
    for (size_t i = 0; i < program->option_count; i++)
        if (engine_option_is(&program->options[i], "init_scripts"))
            (void)diagnostics_add(diagnostics, program->options[i].at, "programs to run, which --no-shell refuses");
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
