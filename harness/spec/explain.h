/* SPDX-License-Identifier: MIT */
/* Which rule a stack broke, and what would have been right. Private to this room. */
#ifndef SPEC_EXPLAIN_H
#define SPEC_EXPLAIN_H

#include "spec/step.h"

struct explanation {
    enum spec_level level;
    const uint16_t *clauses;
    uint16_t clause_count;
    struct span rule;
    const char *state;
    bool of_time; /* the same would have been right at another moment */
    char text[512];
};

/* No hypothesis of BEFORE explains the segment of STEP, which the stack sent. */
void explain_segment(const struct step *step, const struct hypotheses *before, struct explanation *explanation);

/* HYPOTHESIS, which explains most, left out something that it should have done. */
void explain_laxity(const struct step *step, const struct hypothesis *hypothesis, struct explanation *explanation);

/* Something that all hypotheses of BEFORE owed is not there by the time of STEP. */
void explain_silence(const struct step *step, const struct hypotheses *before, struct explanation *explanation);

#endif
