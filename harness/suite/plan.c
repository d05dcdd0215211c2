/* SPDX-License-Identifier: MIT */
#include "suite/plan.h"

#include <stdio.h>

static const char *keep(struct suite *suite, const struct text *text)
{
    return text->truncated ? NULL : arena_copy(&suite->arena, text_string(text), text->length);
}

/* The parser lets pass only values that notes can have. */
static void read_notes(struct suite_script *script)
{
    const struct program *program = &script->program;
    const char *link = program_note(program, "link");
    const char *versions = program_note(program, "ip");
    script->title = program_note(program, "title");
    script->level = requirement_level(program);
    script->link = script->title == NULL ? LINUX_LINK_TUN : LINUX_LINK_RAW;
    if (link != NULL)
        script->link = strcmp(link, "tun") == 0 ? LINUX_LINK_TUN : LINUX_LINK_RAW;
    if (versions != NULL && !ip_versions_parse(versions, strlen(versions), &script->versions))
        script->versions = 0;
}

/* Checks what was parsed; of a script with errors that is what is sound of it. */
static void check_program(const struct suite *suite, struct suite_script *script, struct diagnostics *diagnostics,
                          struct text *reason)
{
    script->check = engine_check(&script->program, diagnostics, reason);
    if (suite->settings->no_shell && !engine_check_no_shell(&script->program, diagnostics))
        script->check = VERDICT_ERROR;
    if (diagnostics->count > 0)
        script->check = VERDICT_ERROR;
    if (script->check == VERDICT_ERROR || !engine_options_read(&script->program, diagnostics, &script->options))
        return;
    const char *slow = program_note(&script->program, "slow");
    if (script->check == VERDICT_PASS && slow != NULL && suite->settings->plugin == NULL && !suite->settings->slow) {
        script->check = VERDICT_NOT_APPLICABLE;
        text_append_format(reason, "it takes minutes on a real clock, and --slow lets it: %s", slow);
    }
    script->estimate = plan_estimate(&script->program);
    script->time_out = engine_time_out(&script->program);
}

static bool keep_findings(struct suite *suite, struct suite_script *script, struct diagnostics *diagnostics,
                          struct text *reason)
{
    struct text detail = text_growing();
    diagnostics_sort(diagnostics);
    diagnostics_print(&detail, &script->program.source, diagnostics);
    if (diagnostics->count > 0) {
        script->check = VERDICT_ERROR;
        text_clear(reason);
        text_append_format(reason, "the script has %zu error%s", diagnostics->count,
                           diagnostics->count == 1 ? "" : "s");
    }
    script->headline = keep(suite, reason);
    script->detail = keep(suite, &detail);
    bool kept = script->headline != NULL && script->detail != NULL;
    text_free(&detail);
    return kept;
}

static bool keep_requirements(struct suite *suite, struct suite_script *script)
{
    struct text text = text_growing();
    requirement_print(&text, &script->program);
    script->requirements = keep(suite, &text);
    text_clear(&text);
    catalogue_print(&text, suite->settings->catalogue, &script->program);
    script->clauses = keep(suite, &text);
    text_free(&text);
    return script->requirements != NULL && script->clauses != NULL;
}

/* Notes of WHOLE in memory of the suite's own; NULL if that ran out. */
static struct program_note *keep_notes(struct suite *suite, const struct program *whole)
{
    struct program_note *notes = arena_take(&suite->arena, (whole->note_count + 1) * sizeof(*notes));
    for (size_t i = 0; notes != NULL && i < whole->note_count; i++) {
        const struct program_note *note = &whole->notes[i];
        notes[i] = *note;
        notes[i].key = arena_copy(&suite->arena, note->key, strlen(note->key));
        notes[i].value = arena_copy(&suite->arena, note->value, strlen(note->value));
        if (notes[i].key == NULL || notes[i].value == NULL)
            return NULL;
    }
    return notes;
}

/* Moves *TEXT, which may be NULL, to memory of the suite's own; false if that ran out. */
static bool keep_text(struct suite *suite, const char **text)
{
    if (*text == NULL)
        return true;
    *text = arena_copy(&suite->arena, *text, strlen(*text));
    return *text != NULL;
}

/*
 * Keeps no more of the program than is needed without performing it. A syntax tree takes ten times the memory of its
 * text, and every fork copies the tables of all that is there.
 */
static bool keep_program(struct suite *suite, struct suite_script *script)
{
    struct program whole = script->program;
    const struct source *source = &whole.source;
    const char *text = arena_copy(&suite->arena, source->text, source->length);
    struct program_note *notes = keep_notes(suite, &whole);
    script->program = (struct program){0};
    if (text != NULL && notes != NULL)
        script->program = (struct program){
            .source = {script->path, text, source->length}, .notes = notes, .note_count = whole.note_count};
    script->title = program_note(&script->program, "title");
    bool kept = keep_text(suite, &script->options.init_scripts) && keep_text(suite, &script->options.code_command);
    program_free(&whole);
    return kept && text != NULL && notes != NULL;
}

bool plan_script(struct suite *suite, struct suite_script *script, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct text reason = text_growing();
    struct error unread;
    script->check = VERDICT_ERROR;
    if (script->fault != NULL) {
        text_append_string(&reason, script->fault);
    } else if (!program_load(script->path, &suite->settings->program, &diagnostics, &script->program, &unread)) {
        script->program = (struct program){0};
        text_append_string(&reason, unread.text);
    } else {
        read_notes(script);
        check_program(suite, script, &diagnostics, &reason);
    }
    bool planned = keep_findings(suite, script, &diagnostics, &reason) && keep_requirements(suite, script);
    planned = keep_program(suite, script) && planned;
    text_free(&reason);
    arena_free(&arena);
    return planned || error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the script %s", script->path);
}

/* The IP versions that have addresses like ADDRESS. */
static ip_versions versions_with(const struct address *address)
{
    if (address->family == ADDRESS_NONE)
        return IP_VERSIONS_ALL;
    return address->family == ADDRESS_IPV6 ? 1U << IP_VERSION_IPV6
                                           : 1U << IP_VERSION_IPV4 | 1U << IP_VERSION_IPV4_MAPPED;
}

static ip_versions versions_allowed(const struct suite_script *script)
{
    const struct engine_options *options = &script->options;
    if (options->ip_version_given)
        return 1U << options->ip_version;
    ip_versions noted = script->versions == 0 ? IP_VERSIONS_ALL : script->versions;
    return noted & versions_with(&options->local) & versions_with(&options->remote);
}

ip_versions plan_versions(const struct suite_script *script, ip_versions asked)
{
    const ip_versions allowed = versions_allowed(script);
    const ip_versions usual =
        script->title == NULL ? 1U << IP_VERSION_IPV4 : 1U << IP_VERSION_IPV4 | 1U << IP_VERSION_IPV6;
    if (asked != 0)
        return allowed & asked;
    if (script->options.ip_version_given || script->versions != 0)
        return allowed;
    return (usual & allowed) != 0 ? usual & allowed : allowed;
}

nanoseconds plan_estimate(const struct program *program)
{
    nanoseconds at = 0;
    for (size_t i = 0; i < program->event_count; i++) {
        const struct event_time *time = &program->events[i].time;
        nanoseconds end = time->blocking ? time->returns : time->end;
        if (time->kind == TIME_RELATIVE || time->kind == TIME_RELATIVE_RANGE)
            at = nanoseconds_add(at, end);
        else if (time->kind != TIME_ANY && end > at)
            at = end;
    }
    return at;
}
