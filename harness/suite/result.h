/* SPDX-License-Identifier: MIT */
/* What one performance of one case came to. */
#ifndef SUITE_RESULT_H
#define SUITE_RESULT_H

#include "base/clock.h"
#include "base/text.h"
#include "base/verdict.h"
#include "suite/clause_set.h"

/* What the specification says of a performance. Texts are empty on a pass. */
struct suite_judged {
    bool there;                /* it was judged */
    enum verdict verdict;      /* PASS, FAIL or INCONCLUSIVE */
    bool should;               /* a FAIL that breaks no more than a SHOULD */
    bool late;                 /* INCONCLUSIVE because harness or machine were late: another time it may not be */
    uint64_t event;            /* of the trace, from 1; 0: none */
    uint64_t known;            /* bits: entries of the judged deviations that the stack was excused by */
    struct clause_set kept;    /* clauses whose rules were met, and none of them broken */
    struct clause_set broken;  /* those of violations */
    struct clause_set excused; /* those of violations that are known */
    struct text headline;      /* one line: "in SYN-SENT: the stack sent ..., right would have been ..." */
    struct text clauses;       /* "RFC9293 MUST-10, RFC6298 §5.5" */
    struct text detail;        /* a line for each clause with the catalogue's sentence */
    struct text rule;          /* where the rule stands: "tcp-handshake.spec:206" */
};

struct suite_result {
    bool there; /* else the rest is empty: it was not performed */
    enum verdict verdict;
    nanoseconds late;     /* how late harness or machine were at the worst */
    nanoseconds duration; /* from the start of the worker to its result */
    struct text headline; /* one line; empty on a pass */
    struct text detail;
    struct suite_judged judged;
};

/* A result with growing texts, not judged, to be ended with suite_result_free(). HEADLINE may be "". */
struct suite_result suite_result_of(enum verdict verdict, const char *headline);

/* Not judged yet, with growing texts. */
struct suite_judged suite_judged_none(void);

void suite_result_free(struct suite_result *result);

#endif
