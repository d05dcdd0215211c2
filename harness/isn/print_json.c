/* SPDX-License-Identifier: MIT */
#include "isn/print.h"

#include "report/json_members.h"

static const char *const series_keys[ISN_SERIES_COUNT] = {"passive", "passive_one", "active"};

static void real_member(struct text *text, const char *name, double value)
{
    json_member_begin(text, name);
    text_append_format(text, "%.3f", value);
}

static void requirement_object(struct text *text, const struct isn_requirement *requirement)
{
    text_append_character(text, '{');
    json_string_member(text, "requirement", requirement->name);
    json_string_member(text, "level", requirement->should ? "SHOULD" : "MUST");
    json_string_member(text, "verdict", verdict_name(requirement->verdict));
    json_string_member(text, "reason", requirement->reason);
    text_append_character(text, '}');
}

static void clock_object(struct text *text, const struct isn_clock *clock)
{
    text_append_character(text, '{');
    json_boolean_member(text, "monotonic", clock->monotonic);
    json_number_member(text, "backwards", clock->backwards);
    json_boolean_member(text, "steady", clock->steady);
    real_member(text, "rate", clock->rate);
    real_member(text, "rate_after_short_gaps", clock->rate_short);
    real_member(text, "rate_after_long_gaps", clock->rate_long);
    text_append_character(text, '}');
}

static void spread_object(struct text *text, enum isn_series_kind kind, const struct isn_spread *spread)
{
    text_append_character(text, '{');
    json_number_member(text, "count", spread->count);
    json_number_member(text, "distinct", spread->distinct);
    json_number_member(text, "gcd", spread->gcd);
    if (kind != ISN_OF_ONE_PASSIVE) {
        real_member(text, "guesses_by_clock", spread->guesses_clock);
        real_member(text, "guesses_by_step", spread->guesses_step);
        json_boolean_member(text, "even", spread->even);
    }
    if (spread->nmap.there) {
        json_number_member(text, "sp", spread->nmap.index);
        json_number_member(text, "isr", spread->nmap.rate);
    }
    text_append_character(text, '}');
}

void isn_print_json(struct text *text, const struct isn_report *report)
{
    const struct isn_findings *findings = report->findings;
    json_string_member(text, "type", "isn");
    json_string_member(text, "stack", report->stack);
    json_string_member(text, "verdict", verdict_name(isn_verdict(findings, report->strict)));
    json_number_member(text, "ip", report->ipv6 ? 6 : 4);
    json_member_begin(text, "requirements");
    for (size_t i = 0; i < ISN_REQUIREMENT_COUNT; i++) {
        text_append_character(text, i == 0 ? '[' : ',');
        requirement_object(text, &findings->requirements[i]);
    }
    text_append_character(text, ']');
    json_member_begin(text, "clock");
    clock_object(text, &findings->clock);
    for (enum isn_series_kind kind = 0; kind < ISN_SERIES_COUNT; kind++) {
        if (findings->spread[kind].count == 0)
            continue;
        json_member_begin(text, series_keys[kind]);
        spread_object(text, kind, &findings->spread[kind]);
    }
    text_append_string(text, "}\n");
}
