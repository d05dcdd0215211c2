/* SPDX-License-Identifier: MIT */
/* JSON Lines: one object a line. */
#include "report/format.h"
#include "report/json_members.h"
#include "report/judged_case.h"
#include "report/quoted.h"

static void script_members(struct text *text, const struct suite_script *script)
{
    const char *separator = "";
    if (script == NULL)
        return;
    json_string_member(text, "title", script->title);
    json_member_begin(text, "requirements");
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
static void case_members(struct text *text, const struct suite *suite, const struct record *record)
{
    const struct suite_case *one = record->one;
    if (one == NULL || one->telling == NULL)
        return;
    json_seconds_member(text, "seconds", record->duration);
    json_seconds_member(text, "late", one->telling->late);
    json_number_member(text, "reruns", one->reruns);
    json_boolean_member(text, "changed", one->changed);
    json_boolean_member(text, "strict", !one->non_strict);
    json_string_member(text, "script", verdict_name(one->telling->verdict));
    judged_member(text, suite, one->telling);
    if (record->deviation != NULL) {
        json_member_begin(text, "deviation");
        text_append_character(text, '{');
        json_string_member(text, "reason", record->deviation->reason);
        json_string_member(text, "reference", record->deviation->reference);
        text_append_character(text, '}');
    }
}

static void record_print(struct text *text, const struct suite *suite, const struct record *record)
{
    static const char *const types[] = {
        [RECORD_CASE] = "case", [RECORD_SCRIPT] = "script", [RECORD_DEVIATION] = "deviation"};
    json_string_member(text, "type", types[record->kind]);
    json_string_member(text, "path", record->path);
    json_string_member(text, "ip", record->ip);
    if (record->kind == RECORD_DEVIATION)
        json_string_member(text, "name", record->name);
    json_string_member(text, "verdict", record->performed ? verdict_name(record->verdict) : "not performed");
    script_members(text, record->script);
    case_members(text, suite, record);
    json_string_member(text, "headline", record->headline);
    json_string_member(text, "detail", record->detail);
    json_string_member(text, "again", record->again);
    text_append_string(text, "}\n");
}

void json_report_print(struct text *text, const struct records *records)
{
    for (size_t i = 0; i < records->count; i++)
        record_print(text, records->suite, &records->items[i]);
    json_string_member(text, "type", "summary");
    json_member_begin(text, "verdicts");
    text_append_character(text, '{');
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        json_number_member(text, verdict_name((enum verdict)verdict), records->verdicts[verdict]);
    text_append_character(text, '}');
    json_number_member(text, "not_performed", records->unperformed);
    json_number_member(text, "known_deviations", records->suite->totals.deviations);
    json_seconds_member(text, "seconds", records->duration);
    json_boolean_member(text, "interrupted", records->suite->interrupted);
    json_member_begin(text, "exit_status");
    text_append_signed(text, records->exit_status);
    text_append_string(text, "}\n");
}

void json_list_print(struct text *text, const struct suite *suite)
{
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_script *script = suite->cases[i].script;
        bool runnable = script->check == VERDICT_PASS;
        json_string_member(text, "type", "listed");
        json_string_member(text, "path", script->path);
        json_string_member(text, "ip", runnable ? ip_version_name(suite->cases[i].ip_version) : NULL);
        script_members(text, script);
        json_string_member(text, "verdict", runnable ? NULL : verdict_name(script->check));
        json_string_member(text, "headline", runnable ? NULL : script->headline);
        text_append_string(text, "}\n");
    }
}
