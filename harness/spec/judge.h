/* SPDX-License-Identifier: MIT */
/*
 * The judge: reads a trace, event by event, and holds the stack to the specification. Whatever the trace comes from (a
 * script, a fuzzer, a capture), the same rules decide. It keeps for each connection the set of states that the stack
 * may be in; a segment that none of them explains is a violation, and so is an answer that never comes.
 */
#ifndef SPEC_JUDGE_H
#define SPEC_JUDGE_H

#include "spec/spec.h"
#include "trace/trace.h"

/* Both ends of a connection, the stack's own first. */
struct judge_ends {
    struct address local;
    struct address remote;
    uint16_t local_port;
    uint16_t remote_port;
};

/* What became of one connection. */
struct judge_connection {
    struct judge_ends ends;
    enum verdict verdict; /* PASS, FAIL or INCONCLUSIVE */
    const char *reason;   /* why it is inconclusive, static; NULL otherwise */
    bool excused;         /* a PASS by judge_excuse() */
    bool lax;             /* a PASS, or INCONCLUSIVE, that left out something that it should have done */
    size_t violation;     /* of a FAIL, of one excused and of one lax: index */
    uint64_t to_stack;    /* segments */
    uint64_t from_stack;
    nanoseconds began;
    nanoseconds ended; /* the last event */
};

/* One violation: the rule, its clauses, the event, and what would have been right. */
struct judge_violation {
    struct judge_ends ends;
    uint64_t event; /* counts the trace's events from 1 */
    nanoseconds time;
    enum spec_level level;
    const uint16_t *clauses; /* indices in the specification; at least one */
    uint16_t clause_count;
    struct span rule;  /* where in the specification's source */
    const char *state; /* "LISTEN", the one that explains most */
    uint16_t flags;    /* control bits of the segment at fault; 0: none came */
    bool of_time;      /* it rests on a moment: whoever measured it late has nothing */
    char *text;        /* one line */
};

/* How often the rows that cite a clause were met. */
struct judge_tally {
    uint64_t exercised;
    uint64_t violated;
};

struct judge;

/* A judge by SPEC, which has to outlive it; NULL with an error if memory ran out. End it with judge_close(). */
MUST_USE struct judge *judge_open(const struct spec *spec, struct error *error);
void judge_close(struct judge *judge);

/* Makes JUDGE what it was when it was opened, for another trace; cheaper than another judge. */
void judge_restart(struct judge *judge);

/* Of connections of a capture that are long over, and passed plainly, no more is kept than their number: for captures
 * of any length. */
void judge_forget_passed(struct judge *judge);

/* Takes JUDGE's captures for complete: what happened between the first packet and the last is there, so that what is
 * not there did not happen. */
void judge_take_for_complete(struct judge *judge);

/* How many were forgotten; they are none of those that judge_connection_at() knows. */
uint64_t judge_forgotten_count(const struct judge *judge);

/* The sink that a trace is given to. It fails only for want of memory. */
struct trace_sink judge_sink(struct judge *judge);

/* To be called once after the last event: what was still owed by then is told. */
MUST_USE bool judge_finish(struct judge *judge, struct error *error);

/* To be called before judge_finish() of a trace that ends before it should: an answer that is not there by then may be
 * in the rest. */
void judge_cut_short(struct judge *judge);

/* Makes every FAIL inconclusive for REASON (static): what was judged turned out to be incomplete. */
void judge_doubt_failures(struct judge *judge, const char *reason);

/* Makes every PASS that is lax a FAIL; INCONCLUSIVE in a capture, which may lack what seems to have been left out. */
void judge_be_strict(struct judge *judge);

/* Makes the FAIL of a connection, or its being lax, a PASS: it is known, and has been looked into. */
void judge_excuse(struct judge *judge, size_t connection);

/* The worst of all connections' verdicts; PASS without any. */
enum verdict judge_verdict(const struct judge *judge);

size_t judge_connection_count(const struct judge *judge);
const struct judge_connection *judge_connection_at(const struct judge *judge, size_t index);
size_t judge_violation_count(const struct judge *judge);
const struct judge_violation *judge_violation_at(const struct judge *judge, size_t index);

/* Of the clause with that index in the specification. */
struct judge_tally judge_clause_tally(const struct judge *judge, uint16_t clause);

/* How often ROW was met in STATE, as far as the stack may have been there. */
uint64_t judge_row_tally(const struct judge *judge, enum spec_state state, const struct spec_row *row);

#endif
