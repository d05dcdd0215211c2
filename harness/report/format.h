/* SPDX-License-Identifier: MIT */
/* The forms of a report. */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "base/error.h"
#include "report/record.h"

enum report_format {
    REPORT_TEXT, /* for people: text_report.h */
    REPORT_TAP,
    REPORT_JUNIT,
    REPORT_JSON,
    REPORT_FORMAT_COUNT
};

/* "tap" and so on; ERROR_USAGE with the nearest name for what is none. */
MUST_USE bool report_format_find(const char *name, enum report_format *format, struct error *error);

/* The whole report in FORMAT, which is not REPORT_TEXT. */
void report_print(struct text *text, enum report_format format, const struct records *records);

/*
 * TAP 14: one test point a case, with what a fail, an error or a known deviation is about in a YAML block. Not
 * applicable is `# SKIP`, a known deviation `not ok ... # TODO`, which no consumer counts as a fail. Inconclusive and
 * error are `not ok`, told apart by `severity`. An interrupted run ends in `Bail out!`.
 */
void tap_report_print(struct text *text, const struct records *records);

/*
 * JUnit's XML as CI systems read it: a testsuite for each folder; a fail is a failure, inconclusive and error are
 * errors of that type, not applicable is skipped, a known deviation passes and has a property.
 */
void junit_report_print(struct text *text, const struct records *records);

/* JSON Lines: an object for each record, `type` saying which kind, and one of type "summary" at the end. */
void json_report_print(struct text *text, const struct records *records);

/* Of a suite that was only planned: the cases that would be run, without verdicts and without a summary. */
void json_list_print(struct text *text, const struct suite *suite);

#endif
