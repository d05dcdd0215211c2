/* SPDX-License-Identifier: MIT */
/* What is found out about a specification, as JSON: an object a line, `type` saying of what. */
#ifndef REPORT_SPEC_JSON_H
#define REPORT_SPEC_JSON_H

#include "report/row_coverage.h"
#include "spec/contract.h"
#include "spec/laws.h"
#include "spec/situations.h"

/* A line of type "mistake" for each of DIAGNOSTICS, which are about SOURCE. */
void mistakes_print_json(struct text *text, const struct source *source, const struct diagnostics *diagnostics);

/* A line of type "law" for each that was looked at, and one of type "situations". */
void laws_print_json(struct text *text, const struct laws *laws, const struct spec_situations *situations);

/* A line of type "assumption" for each, and one of type "search" for each scenario. */
void contract_print_json(struct text *text, const struct spec *spec, const struct contract *contract);

/* A line of type "row" for each row of STATE, or of all for SPEC_STATE_COUNT, in the order in which they are tried;
 * COVERAGE (or NULL) says how often each was met. */
void rows_print_json(struct text *text, const struct spec *spec, enum spec_state state,
                     const struct row_coverage *coverage);

#endif
