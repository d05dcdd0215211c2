/* SPDX-License-Identifier: MIT */
#include "report/again.h"
#include "report/conformity.h"
#include "report/json_members.h"
#include "report/judged_case.h"

static void requirement_object(struct text *text, const struct conformity_report *report,
                               const struct conformity_row *row)
{
    json_string_member(text, "type", "requirement");
    json_string_member(text, "requirement", row->requirement);
    json_string_member(text, "level", conformity_level(row));
    json_string_member(text, "says", row->entry == NULL ? NULL : row->entry->says);
    json_string_member(text, "unseen", row->entry == NULL ? NULL : row->entry->unseen);
    json_member_begin(text, "stacks");
    text_append_character(text, '{');
    for (size_t i = 0; i < report->stack_count; i++)
        json_string_member(text, report->stacks[i].name, conformity_name(row->of[i]));
    text_append_string(text, "}}\n");
}

static bool is_plain_pass(const struct suite_case *one)
{
    return one->verdict == VERDICT_PASS && one->deviation == NULL && one->telling->judged.known == 0 &&
           !one->non_strict;
}

static void case_object(struct text *text, const struct conformity_stack *stack, const struct suite_case *one)
{
    const struct suite_script *script = one->script;
    struct text again = text_growing();
    again_print(&again, script->made ? stack->report.making : stack->report.command, one);
    json_string_member(text, "type", "case");
    json_string_member(text, "stack", stack->name);
    json_string_member(text, "path", script->path);
    json_string_member(text, "ip", script->check == VERDICT_PASS ? ip_version_name(one->ip_version) : NULL);
    json_string_member(text, "verdict", verdict_name(one->verdict));
    json_string_member(text, "script", verdict_name(one->telling->verdict));
    json_string_member(text, "title", script->title);
    json_string_member(text, "requirements", script->requirements);
    json_string_member(text, "headline", case_headline(one));
    json_string_member(text, "detail", text_string(&one->telling->detail));
    judged_member(text, stack->suite, one->telling);
    json_boolean_member(text, "strict", !one->non_strict);
    json_string_member(text, "deviation", one->deviation == NULL ? NULL : one->deviation->reason);
    json_string_member(text, "again", text_string(&again));
    text_append_string(text, "}\n");
    text_free(&again);
}

static void stack_object(struct text *text, const struct conformity_report *report, size_t index)
{
    static const char *const levels[] = {"MUST", "SHOULD", "MAY"};
    const struct suite *suite = report->stacks[index].suite;
    json_string_member(text, "type", "stack");
    json_string_member(text, "stack", report->stacks[index].name);
    json_member_begin(text, "verdicts");
    text_append_character(text, '{');
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        json_number_member(text, verdict_name((enum verdict)verdict), suite->totals.verdicts[verdict]);
    text_append_character(text, '}');
    json_member_begin(text, "requirements");
    text_append_character(text, '{');
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        json_member_begin(text, levels[i]);
        text_append_character(text, '{');
        for (int conformity = 0; conformity < CONFORMITY_COUNT; conformity++)
            json_number_member(text, conformity_name((enum conformity)conformity),
                               conformity_count(report, index, levels[i], (enum conformity)conformity));
        text_append_character(text, '}');
    }
    text_append_character(text, '}');
    json_number_member(text, "not_performed", suite->totals.unfinished);
    json_number_member(text, "known_deviations", suite->totals.deviations);
    json_number_member(text, "stale_deviations", suite->stale_count);
    json_seconds_member(text, "seconds", suite->duration);
    json_boolean_member(text, "interrupted", suite->interrupted);
    json_number_member(text, "exit_status", (uint64_t)suite_exit_status(suite));
    text_append_string(text, "}\n");
}

void conformity_print_json(struct text *text, const struct conformity_report *report)
{
    for (size_t i = 0; i < report->row_count; i++)
        requirement_object(text, report, &report->rows[i]);
    for (size_t i = 0; i < report->stack_count; i++) {
        const struct conformity_stack *stack = &report->stacks[i];
        for (size_t j = 0; j < stack->suite->case_count; j++)
            if (stack->suite->cases[j].telling != NULL && !is_plain_pass(&stack->suite->cases[j]))
                case_object(text, stack, &stack->suite->cases[j]);
    }
    for (size_t i = 0; i < report->stack_count; i++)
        stack_object(text, report, i);
}
