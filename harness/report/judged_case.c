/* SPDX-License-Identifier: MIT */
#include "report/judged_case.h"

#include "report/json_members.h"
#include "report/quoted.h"

const char *case_headline(const struct suite_case *one)
{
    return text_string(one->by_judge ? &one->telling->judged.headline : &one->telling->headline);
}

static void print_lines(struct text *text, const char *string, const char *indent)
{
    while (*string != '\0') {
        size_t length = strcspn(string, "\n");
        text_append_format(text, "%s  %.*s\n", indent, (int)length, string);
        string += length + (string[length] == '\n');
    }
}

void judged_case_print(struct text *text, const struct suite_result *result, const char *indent)
{
    const struct suite_judged *judged = &result->judged;
    if (!judged->there || judged->verdict == VERDICT_PASS)
        return;
    text_append_format(text, "%sby the specification: %s: %s\n", indent, verdict_name(judged->verdict),
                       text_string(&judged->headline));
    print_lines(text, text_string(&judged->detail), indent);
    if (judged->rule.length > 0)
        text_append_format(text, "%s  rule: %s (event %llu of the trace)\n", indent, text_string(&judged->rule),
                           (unsigned long long)judged->event);
}

void judged_aside_print(struct text *text, const struct suite *suite, const char *indent)
{
    if (suite->totals.disagreed == 0)
        return;
    text_append_string(text, "the specification says otherwise, which counts under --strict only:\n");
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (one->telling == NULL || one->by_judge || one->verdict != VERDICT_PASS || !one->telling->judged.there ||
            one->telling->judged.verdict == VERDICT_PASS)
            continue;
        text_append_format(text, "%s%s [%s]\n", indent, one->script->path, ip_version_name(one->ip_version));
        judged_case_print(text, one->telling, "        ");
    }
}

static size_t excused_by(const struct suite *suite, size_t index)
{
    size_t count = 0;
    for (size_t i = 0; i < suite->case_count; i++)
        count += suite->cases[i].telling != NULL && (suite->cases[i].telling->judged.known >> index & 1) != 0;
    return count;
}

void judged_known_print(struct text *text, const struct suite *suite, const char *indent)
{
    const struct deviations *deviations = suite->settings->judged_deviations;
    bool begun = false;
    for (size_t i = 0; deviations != NULL && i < deviations->count; i++) {
        const struct deviation *deviation = &deviations->items[i];
        size_t count = excused_by(suite, i);
        if (count == 0)
            continue;
        if (!begun)
            text_append_string(text, "known deviations from the specification:\n");
        begun = true;
        text_append_format(text, "%s%s, %zu case%s\n%s%s%s\n%s%s(%s)\n", indent, deviation->script, count,
                           count == 1 ? "" : "s", indent, indent, deviation->reason, indent, indent,
                           deviation->reference);
    }
}

void judged_member(struct text *text, const struct suite *suite, const struct suite_result *result)
{
    const struct suite_judged *judged = &result->judged;
    const struct deviations *deviations = suite->settings->judged_deviations;
    const char *separator = "";
    if (!judged->there)
        return;
    json_member_begin(text, "specification");
    text_append_character(text, '{');
    json_string_member(text, "verdict", verdict_name(judged->verdict));
    if (judged->verdict != VERDICT_PASS) {
        json_string_member(text, "headline", text_string(&judged->headline));
        json_string_member(text, "clauses", text_string(&judged->clauses));
        json_string_member(text, "rule", text_string(&judged->rule));
        json_number_member(text, "event", judged->event);
    }
    json_member_begin(text, "known_deviations");
    text_append_character(text, '[');
    for (size_t i = 0; deviations != NULL && i < deviations->count; i++) {
        if ((judged->known >> i & 1) == 0)
            continue;
        text_append_string(text, separator);
        json_string_print(text, deviations->items[i].script);
        separator = ",";
    }
    text_append_string(text, "]}");
}
