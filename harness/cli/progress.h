/* SPDX-License-Identifier: MIT */
/* How a run goes, while it goes: a bar on a terminal, a line a result elsewhere. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "report/text_report.h"

struct progress {
    const struct text_report_settings *report;
    bool bar;   /* draw one */
    bool lines; /* of every result */
    bool brief; /* of those only that count as no pass */
    size_t counts[VERDICT_COUNT];
};

/* Draws the bar into TEXT, in less than COLUMNS characters. */
void progress_draw(struct text *text, const struct progress *progress, const struct suite *suite, size_t columns);

/* A suite_progress; CONTEXT is a struct progress. */
void progress_show(void *context, const struct suite *suite, const struct suite_case *one,
                   const struct suite_result *result);

/* Takes the bar away. */
void progress_end(const struct progress *progress);

#endif
