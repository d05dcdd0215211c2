/* SPDX-License-Identifier: MIT */
/* What was found about initial sequence numbers, for people and for programs. */
#ifndef ISN_PRINT_H
#define ISN_PRINT_H

#include "isn/weigh.h"
#include "suite/catalogue.h"

struct isn_report {
    const char *stack; /* as it was named: "sample:fault=91" */
    const struct isn_samples *samples;
    const struct isn_findings *findings;
    const struct catalogue *catalogue; /* of requirements; may be NULL */
    bool strict;
    bool ipv6; /* the connections were of that, not of IPv4 */
};

/* The requirements with their verdicts, then the measures. */
void isn_print_text(struct text *text, const struct isn_report *report);

/* One JSON object on a line. */
void isn_print_json(struct text *text, const struct isn_report *report);

/* An SVG image: the numbers over time, and each number over the one before it, both without what the clock does. */
void isn_plot(struct text *text, const struct isn_report *report);

#endif
