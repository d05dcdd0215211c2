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

/* Checks what was parsed without an error. */
static void check_program(const struct suite *suite, struct suite_script *script, struct diagnostics *diagnostics,
                          struct text *reason)
{
    script->check = engine_check(&script->program, diagnostics, reason);
    if (suite->settings->no_shell && !engine_check_no_shell(&script->program, diagnostics))
        script->check = VERDICT_ERROR;
    if (script->check == VERDICT_ERROR || !engine_options_read(&script->program, diagnostics, &script->options))
        return;
    script->estimate = plan_estimate(&script->program);
    script->time_out = engine_time_out(&script->program);
}

static bool keep_findings(struct suite *suite, struct suite_script *script, const struct diagnostics *diagnostics,
                          struct text *reason)
{
    struct text detail = text_growing();
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

bool plan_script(struct suite *suite, struct suite_script *script, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct text reason = text_growing();
    struct error unread;
    script->check = VERDICT_ERROR;
    if (!program_load(script->path, &suite->settings->program, &diagnostics, &script->program, &unread)) {
        script->program = (struct program){0};
        text_append_string(&reason, unread.text);
    } else if (diagnostics.count == 0) {
        read_notes(script);
        check_program(suite, script, &diagnostics, &reason);
    }
    bool planned = keep_findings(suite, script, &diagnostics, &reason) && keep_requirements(suite, script);
    text_free(&reason);
    arena_free(&arena);
    return planned || error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the script %s", script->path);
}

ip_versions plan_versions(const struct suite_script *script, ip_versions asked)
{
    ip_versions allowed = IP_VERSIONS_ALL;
    if (script->options.ip_version_given)
        allowed = 1U << script->options.ip_version;
    else if (script->versions != 0)
        allowed = script->versions;
    if (asked != 0)
        return allowed & asked;
    if (script->options.ip_version_given || script->versions != 0)
        return allowed;
    return script->title == NULL ? 1U << IP_VERSION_IPV4 : 1U << IP_VERSION_IPV4 | 1U << IP_VERSION_IPV6;
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
