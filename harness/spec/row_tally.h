/* SPDX-License-Identifier: MIT */
/* How often rows were met, by clause. Private to this room. */
#ifndef SPEC_ROW_TALLY_H
#define SPEC_ROW_TALLY_H

#include "spec/judge.h"

/* Adds to CLAUSES, the tallies of SPEC's, how often the rows that cite each were met: IN_STATES is of struct
 * step_tally.
 */
void row_tally_clauses(const struct spec *spec, const uint32_t *in_states, struct judge_tally *clauses);

#endif
