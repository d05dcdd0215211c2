/* SPDX-License-Identifier: MIT */
/* JSON Lines: one object a line. */
#include "report/format.h"
#include "report/quoted.h"

/* Begins a member of an object; the first one opens that. */
static void member_begin(struct text *text, const char *name)
{
    bool first = text->length == 0 || text->data[text->length - 1] == '\n' || text->data[text->length - 1] == '{';
    if (!first)
        text_append_character(text, ',');
    else if (text->length == 0 || text->data[text->length - 1] == '\n')
        text_append_character(text, '{');
    text_append_format(text, "\"%s\":", name);
}

static void string_member(struct text *text, const char *name, const char *value)
{
    if (value == NULL)
        return;
    member_begin(text, name);
    json_string_print(text, value);
}

static void number_member(struct text *text, const char *name, size_t value)
{
    member_begin(text, name);
    text_append_unsigned(text, value);
}

static void boolean_member(struct text *text, const char *name, bool value)
{
    member_begin(text, name);
    text_append_string(text, value ? "true" : "false");
}

static void seconds_member(struct text *text, const char *name, nanoseconds time)
{
    member_begin(text, name);
    text_append_format(text, "%.6f", (double)time / (double)NANOSECONDS_PER_SECOND);
}

static void script_members(struct text *text, const struct suite_script *script)
{
    const char *separator = "";
    if (script == NULL)
        return;
    string_member(text, "title", script->title);
    member_begin(text, "requirements");
    text_append_character(text, '[');
    for (size_t i = 0; i < script->program.note_count; i++) {
        if (strcmp(script->program.notes[i].key, "requirement") != 0)
            continue;
        text_append_string(text, separator);
        json_string_print(text, script->program.notes[i].value);
        separator = ",";
    }
    text_append_character(text, ']');
}

/* What is known only of a case that was performed. */
static void case_members(struct text *text, const struct record *record)
{
    const struct suite_case *one = record->one;
    if (one == NULL || one->telling == NULL)
        return;
    seconds_member(text, "seconds", record->duration);
    seconds_member(text, "late", one->telling->late);
    number_member(text, "reruns", one->reruns);
    boolean_member(text, "changed", one->changed);
    boolean_member(text, "strict", !one->non_strict);
    if (record->deviation != NULL) {
        member_begin(text, "deviation");
        text_append_character(text, '{');
        string_member(text, "reason", record->deviation->reason);
        string_member(text, "reference", record->deviation->reference);
        text_append_character(text, '}');
    }
}

static void record_print(struct text *text, const struct record *record)
{
    static const char *const types[] = {
        [RECORD_CASE] = "case", [RECORD_SCRIPT] = "script", [RECORD_DEVIATION] = "deviation"};
    string_member(text, "type", types[record->kind]);
    string_member(text, "path", record->path);
    string_member(text, "ip", record->ip);
    if (record->kind == RECORD_DEVIATION)
        string_member(text, "name", record->name);
    string_member(text, "verdict", record->performed ? verdict_name(record->verdict) : "not performed");
    script_members(text, record->script);
    case_members(text, record);
    string_member(text, "headline", record->headline);
    string_member(text, "detail", record->detail);
    string_member(text, "again", record->again);
    text_append_string(text, "}\n");
}

void json_report_print(struct text *text, const struct records *records)
{
    for (size_t i = 0; i < records->count; i++)
        record_print(text, &records->items[i]);
    string_member(text, "type", "summary");
    member_begin(text, "verdicts");
    text_append_character(text, '{');
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        number_member(text, verdict_name((enum verdict)verdict), records->verdicts[verdict]);
    text_append_character(text, '}');
    number_member(text, "not_performed", records->unperformed);
    number_member(text, "known_deviations", records->suite->totals.deviations);
    seconds_member(text, "seconds", records->duration);
    boolean_member(text, "interrupted", records->suite->interrupted);
    member_begin(text, "exit_status");
    text_append_signed(text, records->exit_status);
    text_append_string(text, "}\n");
}

void json_list_print(struct text *text, const struct suite *suite)
{
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_script *script = suite->cases[i].script;
        bool runnable = script->check == VERDICT_PASS;
        string_member(text, "type", "listed");
        string_member(text, "path", script->path);
        string_member(text, "ip", runnable ? ip_version_name(suite->cases[i].ip_version) : NULL);
        script_members(text, script);
        string_member(text, "verdict", runnable ? NULL : verdict_name(script->check));
        string_member(text, "headline", runnable ? NULL : script->headline);
        text_append_string(text, "}\n");
    }
}
