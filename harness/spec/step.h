/* SPDX-License-Identifier: MIT */
/*
 * One step of the conformance relation: a set of hypotheses and an event give the set of those that can explain it. No
 * clock is read and nothing is kept here: judge, model check and generator use the very same functions.
 */
#ifndef SPEC_STEP_H
#define SPEC_STEP_H

#include "spec/hypothesis.h"
#include "spec/row_index.h"

enum { HYPOTHESES_MOST = 32 };

struct hypotheses {
    size_t count;
    bool overflowed;                              /* there were more than can be kept */
    bool unsaid;                                  /* the specification has no row for what arrived */
    struct hypothesis items[HYPOTHESES_MOST + 1]; /* and one that is being made */
};

/* Counts of how rows were met; arrays by row number, either of which may be NULL. */
struct step_tally {
    uint32_t *applied;
    uint32_t *in_states; /* one such array for each state, one behind the other */
};

/* What a step is made with. */
struct step {
    const struct spec *spec;
    const struct row_index *index; /* of it */
    const struct segment *segment;
    nanoseconds now;
    uint32_t mask;
    uint32_t crowd;
    bool lossless;
    bool any_options; /* what options are there, and ECN's bits, is not looked at */
    uint8_t calls;    /* bits of enum spec_call: what the user may have called */
    struct step_tally *tally;
};

/* SEGMENT came to the stack. AFTER is what it may be in then; never empty if BEFORE wasn't. */
void step_arrives(const struct step *step, const struct hypotheses *before, struct hypotheses *after);

/* The stack sent SEGMENT: AFTER is all that explains it, and may be empty. */
void step_sends(const struct step *step, const struct hypotheses *before, struct hypotheses *after);

/* Time goes by up to step->now: AFTER is all of BEFORE that owes nothing that had to be there by then. */
void step_waits(const struct step *step, const struct hypotheses *before, struct hypotheses *after);

/* True if time alone changes nothing in ITEMS up to step->now: what step_waits() would find is what there was. */
bool step_lasts(const struct step *step, const struct hypothesis *items, size_t count);

/* Adds to SET what its hypotheses may have become by themselves: by a call of the user's, or by a time-out. */
void step_quietly(const struct step *step, struct hypotheses *set);

/* Adds all of OTHER to SET. */
void step_unite(const struct step *step, const struct hypotheses *other, struct hypotheses *set);

/* True if AE, CWR and ECE of SEGMENT, which the stack sent in HYPOTHESIS, are right as far as ECN is being negotiated.
 */
bool step_ecn(const struct step *step, const struct hypothesis *hypothesis);

/* The options of SEGMENT, which the stack sent in HYPOTHESIS: the number of the first that may not stand there, or
 * stands there with a wrong value; spec->option_count if all is well. */
uint16_t step_options(const struct step *step, const struct hypothesis *hypothesis);

/* What rows are looked at with in HYPOTHESIS; of the direction TO_STACK. */
struct view step_view(const struct step *step, const struct hypothesis *hypothesis, bool to_stack);

/* True if HYPOTHESIS owes something that had to be there by step->now. */
bool step_is_late(const struct step *step, const struct hypothesis *hypothesis);

/* Charges HYPOTHESIS for what it should have sent by step->now; false if there is nothing. */
bool step_charge(const struct step *step, struct hypothesis *hypothesis);

/* The row that demands repetitions in the state of HYPOTHESIS; NULL if none does. */
const struct spec_row *step_again_row(const struct step *step, const struct hypothesis *hypothesis);

/* Ends of the interval in which the next repetition of its SYN is due, by ROW. */
void step_again_times(const struct spec *spec, const struct hypothesis *hypothesis, const struct spec_row *row,
                      nanoseconds ends[2]);

#endif
