/* SPDX-License-Identifier: MIT */
#include "isn/print.h"

#include <math.h>

static const char *verdict_word(const struct isn_requirement *requirement, bool strict)
{
    if (requirement->verdict == VERDICT_FAIL)
        return requirement->should && !strict ? "not kept" : "FAIL";
    return verdict_name(requirement->verdict);
}

static void print_requirement(struct text *text, const struct isn_requirement *requirement,
                              const struct isn_report *report)
{
    const struct catalogue_entry *entry =
        report->catalogue == NULL ? NULL
                                  : catalogue_find(report->catalogue, requirement->name, strlen(requirement->name));
    text_append_format(text, "%-12s  %s%s%s\n", verdict_word(requirement, report->strict), requirement->name,
                       entry == NULL ? "" : ": ", entry == NULL ? "" : entry->says);
    text_append_format(text, "              %s\n", requirement->reason);
}

static void print_clock(struct text *text, const struct isn_clock *clock)
{
    text_append_string(text, "one 4-tuple, again and again:\n");
    text_append_format(text, "    grows          %s", clock->monotonic ? "always" : "not always");
    if (!clock->monotonic)
        text_append_format(text, ": %zu times not", clock->backwards);
    text_append_character(text, '\n');
    text_append_format(text, "    rate           %.0f a second", clock->rate);
    if (clock->monotonic && clock->rate > 0)
        text_append_format(text, ", one in %.3g us", 1e6 / clock->rate);
    text_append_format(text, "\n    after gaps     short: %.0f a second, long: %.0f a second%s\n\n", clock->rate_short,
                       clock->rate_long, clock->distinct ? "" : " (the machine was too late to tell them apart)");
}

static void print_guesses(struct text *text, const char *name, double guesses)
{
    text_append_format(text, "    %-15s%.0f guesses (2^%.1f) hit every second one\n", name, guesses, log2(guesses));
}

static void print_spread(struct text *text, enum isn_series_kind kind, const struct isn_spread *spread)
{
    text_append_format(text, "%s:\n", isn_series_name(kind));
    text_append_format(text, "    distinct       %zu of %zu\n", spread->distinct, spread->count);
    text_append_format(text, "    GCD            %u of the differences\n", spread->gcd);
    if (kind != ISN_OF_ONE_PASSIVE) {
        print_guesses(text, "by the clock", spread->guesses_clock);
        print_guesses(text, "by the step", spread->guesses_step);
        text_append_format(text, "    spread         %s\n", spread->even ? "over all of 2^32" : "uneven");
    }
    if (spread->nmap.there)
        text_append_format(text, "    for nmap       SP=%X GCD=%X ISR=%X\n", spread->nmap.index, spread->nmap.gcd,
                           spread->nmap.rate);
    text_append_character(text, '\n');
}

void isn_print_text(struct text *text, const struct isn_report *report)
{
    const struct isn_findings *findings = report->findings;
    text_append_format(text, "Initial sequence numbers of %s%s, as RFC 9293 section 3.4.1 asks for them\n\n",
                       report->stack, report->ipv6 ? " over IPv6" : "");
    for (size_t i = 0; i < ISN_REQUIREMENT_COUNT; i++)
        print_requirement(text, &findings->requirements[i], report);
    text_append_character(text, '\n');
    print_clock(text, &findings->clock);
    for (enum isn_series_kind kind = 0; kind < ISN_SERIES_COUNT; kind++)
        if (findings->spread[kind].count > 0)
            print_spread(text, kind, &findings->spread[kind]);
    text_append_format(text, "verdict: %s\n", verdict_name(isn_verdict(findings, report->strict)));
}
