/* SPDX-License-Identifier: MIT */
/* What a judge keeps. Private to this room. */
#ifndef SPEC_JUDGE_STATE_H
#define SPEC_JUDGE_STATE_H

#include "spec/connection.h"
#include "spec/crowds.h"
#include "spec/violations.h"

struct judge {
    const struct spec *spec;
    struct row_index index;
    struct connection_table table;
    struct violations violations;
    uint32_t *applied; /* for each state, by row */
    struct judge_tally *clauses;
    struct crowds crowds;
    struct trace_visibility visibility;
    uint64_t event; /* number of the one at hand */
    nanoseconds last;
    uint8_t calls; /* bits of enum spec_call: what was called, or may have been */
    bool forgets;  /* connections that are over and passed */
    bool complete; /* the capture lacks nothing, as whoever took it says */
    bool cut;      /* the end of the trace is missing */
    bool heard;    /* something that a stack sent is there */
    bool out_of_memory;
    /* Sets at work; too large for the stack of a small thread. */
    struct hypotheses sets[4];
};

/* True if what is judged may lack packets that would explain the others. */
static inline bool judge_may_lack(const struct judge *judge)
{
    return !judge->visibility.from_start && !judge->complete;
}

/* CONNECTION is inconclusive for REASON (static), whatever it was. */
void judge_give_up(struct judge *judge, struct connection *connection, const char *reason);

#endif
