/* SPDX-License-Identifier: MIT */
#include "spec/row_tally.h"

void row_tally_clauses(const struct spec *spec, const uint32_t *in_states, struct judge_tally *clauses)
{
    for (size_t i = 0; i < (size_t)SPEC_STATE_COUNT * spec->row_count; i++) {
        const struct spec_row *row = &spec->rows[i % spec->row_count];
        for (uint16_t j = 0; j < row->clause_count; j++)
            clauses[row->clauses[j]].exercised += in_states[i];
    }
}
