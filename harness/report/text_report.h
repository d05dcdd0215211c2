/* SPDX-License-Identifier: MIT */
/* What came out of a suite, as text for people. */
#ifndef REPORT_TEXT_REPORT_H
#define REPORT_TEXT_REPORT_H

#include "suite/suite.h"

struct text_report_settings {
    bool colours;
    const char *command; /* that runs one script again, up to the version and the path: "shakedown run --link tun" */
    const char *making;  /* likewise, of a script that is made for the run: "shakedown conform" */
};

/* A result of a case, what it counts as, and why a fail of its script counts as a pass. */
struct text_report_line {
    const struct suite_case *one;
    const struct suite_result *result;
    enum verdict verdict;
    enum suite_excuse excuse;
};

/* One line for a case that has just got a result: "pass  0.31 s  handshake/open.pkt [ipv4]", with the headline of what
 * is no pass. */
void text_report_result(struct text *text, const struct text_report_settings *settings,
                        const struct text_report_line *line);

/*
 * The report at the end of a run: what failed first, with requirement, title, headline, detail and the command that
 * runs it again; then what else is not simply a pass; then the known deviations; then the totals.
 */
void text_report_end(struct text *text, const struct text_report_settings *settings, const struct suite *suite);

/* Of that report the failures, the passes that are not strict, the known deviations, the entries that are wrong, and
 * whether the run was interrupted: nothing, if all is a plain pass or not applicable. */
void text_report_remarks(struct text *text, const struct text_report_settings *settings, const struct suite *suite);

/* "N passed, N failed, N inconclusive, N errors, N not applicable (M known deviations) in S s". */
void text_report_totals(struct text *text, const struct suite *suite);

#endif
