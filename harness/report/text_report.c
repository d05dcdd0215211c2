/* SPDX-License-Identifier: MIT */
#include "report/text_report.h"

#include "report/again.h"
#include "report/background.h"
#include "report/judged_case.h"

static const struct {
    const char *label;
    const char *colour; /* an SGR sequence */
} verdict_style[VERDICT_COUNT] = {
    [VERDICT_PASS] = {"pass", "\x1b[32m"},
    [VERDICT_FAIL] = {"FAIL", "\x1b[1;31m"},
    [VERDICT_INCONCLUSIVE] = {"inconclusive", "\x1b[33m"},
    [VERDICT_ERROR] = {"ERROR", "\x1b[1;35m"},
    [VERDICT_NOT_APPLICABLE] = {"not applicable", "\x1b[36m"},
};

static const char indent[] = "    ";

static double seconds(nanoseconds time)
{
    return (double)time / (double)NANOSECONDS_PER_SECOND;
}

static void print_label(struct text *text, const struct text_report_settings *settings, const char *colour,
                        const char *label)
{
    if (settings->colours)
        text_append_string(text, colour);
    text_append_string(text, label);
    if (settings->colours)
        text_append_string(text, "\x1b[0m");
}

/* "handshake/open.pkt [ipv4]"; of a script that can't be run the version says nothing. */
static void print_case(struct text *text, const struct suite_case *one)
{
    text_append_string(text, one->script->path);
    if (one->script->check == VERDICT_PASS)
        text_append_format(text, " [%s]", ip_version_name(one->ip_version));
}

void text_report_result(struct text *text, const struct text_report_settings *settings,
                        const struct text_report_line *line)
{
    static const char *const excuses[] = {[SUITE_KNOWN_DEVIATION] = "deviation", [SUITE_NOT_STRICT] = "not strict"};
    enum { LABEL_WIDTH = 15 };
    const struct suite_result *result = line->result;
    bool excused = line->verdict == VERDICT_PASS && result->verdict == VERDICT_FAIL;
    const char *label = excused ? excuses[line->excuse] : verdict_style[line->verdict].label;
    print_label(text, settings, verdict_style[line->verdict].colour, label);
    text_append_repeated(text, ' ', LABEL_WIDTH - strlen(label));
    text_append_format(text, "%7.2f s  ", seconds(result->duration));
    print_case(text, line->one);
    if (result->headline.length > 0)
        text_append_format(text, ": %s", text_string(&result->headline));
    if (result->judged.there && result->judged.verdict != VERDICT_PASS)
        text_append_format(text, ": by the specification: %s", text_string(&result->judged.headline));
    text_append_character(text, '\n');
}

static void print_indented(struct text *text, const char *string)
{
    while (*string != '\0') {
        size_t length = strcspn(string, "\n");
        if (length > 0)
            text_append_string(text, indent);
        text_append_bytes(text, string, length);
        text_append_character(text, '\n');
        string += length;
        string += *string == '\n';
    }
}

static void print_failure(struct text *text, const struct text_report_settings *settings, const struct suite *suite,
                          const struct suite_case *one)
{
    const struct suite_script *script = one->script;
    print_label(text, settings, verdict_style[one->verdict].colour, verdict_style[one->verdict].label);
    text_append_string(text, "  ");
    print_case(text, one);
    text_append_character(text, '\n');
    requirements_print(text, script, indent);
    if (script->title != NULL)
        text_append_format(text, "%stitle: %s\n", indent, script->title);
    if (one->reruns > 0)
        text_append_format(text, "%srun again %u time%s: the last verdict counts\n", indent, one->reruns,
                           one->reruns == 1 ? "" : "s");
    print_indented(text, text_string(&one->telling->headline));
    if (one->telling->headline.length > 0)
        text_append_character(text, '\n');
    print_indented(text, text_string(&one->telling->detail));
    judged_case_print(text, one->telling, indent);
    recordings_print(text, suite->settings, one, indent);
    text_append_format(text, "%sagain: ", indent);
    again_print(text, script->made ? settings->making : settings->command, one);
    text_append_string(text, "\n\n");
}

static void print_failures(struct text *text, const struct text_report_settings *settings, const struct suite *suite)
{
    static const enum verdict order[] = {VERDICT_FAIL, VERDICT_ERROR, VERDICT_INCONCLUSIVE};
    for (size_t i = 0; i < COUNT_OF(order); i++)
        for (size_t j = 0; j < suite->case_count; j++)
            if (suite->cases[j].telling != NULL && suite->cases[j].verdict == order[i])
                print_failure(text, settings, suite, &suite->cases[j]);
}

/* One line of a section, which gets its heading with the first. */
static void print_item(struct text *text, bool *begun, const char *heading)
{
    if (!*begun)
        text_append_format(text, "%s:\n", heading);
    *begun = true;
    text_append_string(text, indent);
}

static void print_not_applicable(struct text *text, const struct suite *suite)
{
    bool begun = false;
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (one->telling == NULL || one->verdict != VERDICT_NOT_APPLICABLE)
            continue;
        print_item(text, &begun, "not applicable");
        print_case(text, one);
        text_append_format(text, ": %s\n", text_string(&one->telling->headline));
    }
}

static void print_changed(struct text *text, const struct suite *suite)
{
    bool begun = false;
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (!one->changed)
            continue;
        size_t counts[VERDICT_COUNT] = {0};
        for (unsigned j = 0; j < suite->settings->repeat; j++)
            if (one->results[j].there)
                counts[one->results[j].verdict]++;
        print_item(text, &begun, "the verdict changed from one performance to another");
        print_case(text, one);
        const char *separator = ": ";
        for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
            if (counts[verdict] == 0)
                continue;
            text_append_format(text, "%s%zu %s", separator, counts[verdict], verdict_name((enum verdict)verdict));
            separator = ", ";
        }
        text_append_character(text, '\n');
    }
}

static void print_rerun(struct text *text, const struct suite *suite)
{
    bool begun = false;
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (one->reruns == 0 || one->telling == NULL || one->verdict == VERDICT_INCONCLUSIVE)
            continue;
        print_item(text, &begun, "inconclusive at first, run again");
        print_case(text, one);
        text_append_format(text, ": %u time%s, in the end %s\n", one->reruns, one->reruns == 1 ? "" : "s",
                           verdict_name(one->telling->verdict));
    }
}

static void print_non_strict(struct text *text, const struct suite *suite)
{
    bool begun = false;
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (!one->non_strict)
            continue;
        print_item(text, &begun, "passed, but not strictly (no more than a SHOULD was broken)");
        print_case(text, one);
        const struct suite_result *telling = one->telling;
        if (telling->verdict == VERDICT_PASS) /* then it is the specification's verdict */
            text_append_format(text, ": %s; %s\n", text_string(&telling->judged.clauses),
                               text_string(&telling->judged.headline));
        else
            text_append_format(text, ": %s; %s\n", one->script->requirements, text_string(&telling->headline));
    }
}

/* The versions on which cases deviated as DEVIATION says: " [ipv4, ipv6]". */
static size_t print_deviating(struct text *text, const struct suite *suite, const struct deviation *deviation)
{
    size_t count = 0;
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct suite_case *one = &suite->cases[i];
        if (one->deviation != deviation)
            continue;
        if (count == 0)
            text_append_format(text, "%s [", one->script->path);
        text_append_format(text, "%s%s", count == 0 ? "" : ", ", ip_version_name(one->ip_version));
        count++;
    }
    if (count > 0)
        text_append_character(text, ']');
    return count;
}

static void print_deviations(struct text *text, const struct suite *suite)
{
    const struct deviations *deviations = suite->settings->deviations;
    bool begun = false;
    if (suite->totals.deviations == 0 || deviations == NULL)
        return;
    for (size_t i = 0; i < deviations->count; i++) {
        const struct deviation *deviation = &deviations->items[i];
        struct text cases = text_growing();
        if (print_deviating(&cases, suite, deviation) > 0) {
            print_item(text, &begun, "known deviations");
            text_append_format(text, "%s\n%s%s%s\n%s%s(%s)\n", text_string(&cases), indent, indent, deviation->reason,
                               indent, indent, deviation->reference);
        }
        text_free(&cases);
    }
}

static void print_entries(struct text *text, const struct suite *suite, const char *heading,
                          const struct deviation *const *entries, size_t count)
{
    bool begun = false;
    for (size_t i = 0; i < count; i++) {
        const struct source *source = suite_entry_source(suite, entries[i]);
        print_item(text, &begun, heading);
        text_append_format(text, "%s:%u: %s\n", source->name, source_position(source, entries[i]->at.offset).line,
                           entries[i]->script);
    }
}

static void print_count(struct text *text, size_t count, const char *what)
{
    text_append_format(text, ", %zu %s", count, what);
}

void text_report_totals(struct text *text, const struct suite *suite)
{
    const struct suite_totals *totals = &suite->totals;
    text_append_format(text, "%zu passed", totals->verdicts[VERDICT_PASS]);
    print_count(text, totals->verdicts[VERDICT_FAIL], "failed");
    print_count(text, totals->verdicts[VERDICT_INCONCLUSIVE], "inconclusive");
    print_count(text, totals->verdicts[VERDICT_ERROR], totals->verdicts[VERDICT_ERROR] == 1 ? "error" : "errors");
    print_count(text, totals->verdicts[VERDICT_NOT_APPLICABLE], "not applicable");
    text_append_format(text, " (%zu known deviation%s", totals->deviations, totals->deviations == 1 ? "" : "s");
    if (totals->non_strict > 0)
        print_count(text, totals->non_strict, "not strict");
    if (totals->changed > 0)
        print_count(text, totals->changed, "with changed verdicts");
    if (suite->stale_count > 0)
        print_count(text, suite->stale_count, "stale");
    text_append_format(text, ") in %.1f s", seconds(suite->duration));
    if (totals->disagreed > 0)
        text_append_format(text, "; of %zu the specification says otherwise", totals->disagreed);
    if (totals->unfinished > 0)
        text_append_format(text, "; %zu not performed", totals->unfinished);
    text_append_character(text, '\n');
}

/* What is wrong with the entries of deviations themselves. */
static void print_wrong_entries(struct text *text, const struct suite *suite)
{
    print_entries(text, suite, "stale deviations: nothing shows them any more, so the entries must go", suite->stale,
                  suite->stale_count);
    print_entries(text, suite, "deviations of scripts that are not there", suite->unmatched, suite->unmatched_count);
    if (suite->interrupted)
        text_append_string(text, "interrupted: what was done so far\n");
}

void text_report_remarks(struct text *text, const struct text_report_settings *settings, const struct suite *suite)
{
    print_failures(text, settings, suite);
    print_non_strict(text, suite);
    print_deviations(text, suite);
    judged_known_print(text, suite, indent);
    print_wrong_entries(text, suite);
}

void text_report_end(struct text *text, const struct text_report_settings *settings, const struct suite *suite)
{
    print_failures(text, settings, suite);
    print_not_applicable(text, suite);
    print_rerun(text, suite);
    print_changed(text, suite);
    print_non_strict(text, suite);
    judged_aside_print(text, suite, indent);
    print_deviations(text, suite);
    judged_known_print(text, suite, indent);
    print_wrong_entries(text, suite);
    text_report_totals(text, suite);
}
