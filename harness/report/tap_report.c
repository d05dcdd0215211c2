/* SPDX-License-Identifier: MIT */
/* Test Anything Protocol, version 14 (testanything.org). */
#include "report/format.h"
#include "report/quoted.h"

/* On one line, be the value several: no style of YAML with lines is read alike by all that read TAP. */
static void field_print(struct text *text, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    text_append_format(text, "  %s: ", key);
    yaml_string_print(text, value);
    text_append_character(text, '\n');
}

static void diagnostic_print_yaml(struct text *text, const struct record *record)
{
    const struct suite_script *script = record->script;
    text_append_string(text, "  ---\n");
    field_print(text, "message", record->headline);
    field_print(text, "severity", record->deviation != NULL ? "deviation" : verdict_name(record->verdict));
    if (script != NULL) {
        field_print(text, "requirement", script->requirements);
        field_print(text, "title", script->title);
    }
    if (record->deviation != NULL) {
        field_print(text, "reason", record->deviation->reason);
        field_print(text, "reference", record->deviation->reference);
    }
    if (record->one != NULL && record->one->telling != NULL && record->one->telling->judged.there) {
        const struct suite_judged *judged = &record->one->telling->judged;
        field_print(text, "specification", verdict_name(judged->verdict));
        field_print(text, "specification_says", text_string(&judged->headline));
        field_print(text, "specification_clauses", text_string(&judged->clauses));
        field_print(text, "specification_rule", text_string(&judged->rule));
    }
    field_print(text, "at", record->path);
    field_print(text, "detail", record->detail);
    field_print(text, "again", record->again);
    text_append_string(text, "  ...\n");
}

static void point_print(struct text *text, const struct record *record, size_t number)
{
    bool skipped = record->verdict == VERDICT_NOT_APPLICABLE;
    bool passed = record->verdict == VERDICT_PASS && record->deviation == NULL;
    text_append_format(text, "%s %zu - ", passed || skipped ? "ok" : "not ok", number);
    tap_text_print(text, record->name);
    if (skipped)
        text_append_string(text, " # SKIP not applicable: ");
    if (skipped)
        tap_text_print(text, record->headline);
    if (record->deviation != NULL)
        text_append_string(text, " # TODO known deviation: ");
    if (record->deviation != NULL)
        tap_text_print(text, record->deviation->reason);
    text_append_character(text, '\n');
    bool disagreed = record->one != NULL && record->one->telling != NULL && record->one->telling->judged.there &&
                     record->one->telling->judged.verdict != VERDICT_PASS;
    if ((!passed && !skipped) || disagreed || record->headline[0] != '\0')
        diagnostic_print_yaml(text, record);
}

void tap_report_print(struct text *text, const struct records *records)
{
    size_t number = 0;
    text_append_format(text, "TAP version 14\n1..%zu\n", records->count);
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].performed)
            point_print(text, &records->items[i], ++number);
    if (records->unperformed > 0)
        text_append_format(text, "Bail out! interrupted: %zu not performed\n", records->unperformed);
}
