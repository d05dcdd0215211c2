/* SPDX-License-Identifier: MIT */
/*
 * Two peers that both follow the specification, over a channel that loses, duplicates and reorders; searched to the
 * end, for the shortest way to break the contract that a handshake is.
 */
#ifndef SPEC_MODEL_H
#define SPEC_MODEL_H

#include "base/text.h"
#include "spec/spec.h"

enum { MODEL_SIDES = 2, MODEL_WIDTH = 10, MODEL_STATES_MOST = 4 << 20 };

/* What the search is about. */
struct model_scenario {
    const char *name;
    const char *choice; /* what both sides have chosen from the start; NULL: nothing */
    uint8_t opens;      /* initial sequence numbers that each side can use */
    uint8_t crashes;    /* of each side */
    bool outsider;      /* somebody sends who sees nothing */
    bool foreseen;      /* and knows the initial sequence numbers for all that */
    bool cookies;       /* each SYN has a Fast Open cookie */
    bool crowded;       /* the backlog may be full: SYN cookies */
    bool closes;        /* whoever is ESTABLISHED may close, and then waits for twice the MSL */
    bool talks;         /* and may say something, one octet a connection */
};

struct model_bounds {
    unsigned width;     /* of sequence numbers, in bits */
    size_t states_most; /* that are kept */
    uint32_t *applied;  /* counts how often each row was performed, by number; NULL: nobody asks */
};

/* The clauses of the contract, and what else a search can find. */
#define MODEL_FINDINGS(X)                                                                                \
    X(NOTHING, "nothing")                                                                                \
    X(DISAGREED, "both sides are ESTABLISHED, and one's IRS is not the other's ISS")                     \
    X(ALONE, "a connection is made that the other side never agreed to")                                 \
    X(BROKEN, "both sides were ESTABLISHED, and neither ended what has ended")                           \
    X(STUCK, "no segment and no retransmission brings both sides to ESTABLISHED together, or to closed") \
    X(UNSAID, "no row says what happens")

enum model_finding {
#define X(name, text) MODEL_##name,
    MODEL_FINDINGS(X)
#undef X
};

struct model_result {
    enum model_finding finding;
    size_t states;
    size_t transitions;
    size_t need_patience; /* of them: those that only R2 leads out of */
    size_t rows;          /* that say what arrives or is sent, and were performed */
    size_t pairs;         /* of peers, from which the way to the end was looked for */
    unsigned depth;
    bool cut;          /* a bound was hit: not all was searched */
    struct text story; /* the shortest counter-example, as a sequence diagram */
};

/* Searches SCENARIO. False with an error if memory ran out. End RESULT with model_result_free() in any case. */
MUST_USE bool model_search(const struct spec *spec, const struct model_scenario *scenario,
                           const struct model_bounds *bounds, struct model_result *result, struct error *error);
void model_result_free(struct model_result *result);

/* FINDING in words. Static storage. */
const char *model_finding_says(enum model_finding finding);

#endif
