/* SPDX-License-Identifier: MIT */
/* What a report tells of a case that is no pass, besides what the run itself said: what the script is about, and what
 * was recorded. */
#ifndef REPORT_BACKGROUND_H
#define REPORT_BACKGROUND_H

#include "suite/suite.h"

/* A line "requirement: RFC9293 MUST-10: what it asks for" for each that SCRIPT cites, each behind INDENT. */
void requirements_print(struct text *text, const struct suite_script *script, const char *indent);

/* A line "capture: FILE" or "trace: FILE" for each file that the performance which decided ONE was recorded in. */
void recordings_print(struct text *text, const struct suite_settings *settings, const struct suite_case *one,
                      const char *indent);

#endif
