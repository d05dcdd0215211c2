/* SPDX-License-Identifier: MIT */
/* What the specification says of a case, beside what its script says. */
#ifndef REPORT_JUDGED_CASE_H
#define REPORT_JUDGED_CASE_H

#include "suite/suite.h"

/* The headline of the verdict that decided: the script's or the specification's. ONE was performed. */
const char *case_headline(const struct suite_case *one);

/* Lines, each behind INDENT: the specification's verdict, its clauses, its rule and its event; nothing on a pass. */
void judged_case_print(struct text *text, const struct suite_result *result, const char *indent);

/* A section: what the specification says otherwise than a script, where that doesn't count. */
void judged_aside_print(struct text *text, const struct suite *suite, const char *indent);

/* A section: the known deviations from the specification that were met, each with its reason and how many cases. */
void judged_known_print(struct text *text, const struct suite *suite, const char *indent);

/* A member "specification" of a JSON object; nothing if RESULT was not judged. */
void judged_member(struct text *text, const struct suite *suite, const struct suite_result *result);

#endif
