/* SPDX-License-Identifier: MIT */
/*
 * Laws that every specification has to keep, whatever its rules are: every state has an outcome for all that can
 * arrive, no rule is there in vain since one above it contradicts it, no RST is answered by a RST, every state can be
 * come to, and what is cited is known. And what RFC 9293 leaves no choice in: the arrows of its figure 5, what a RST, a
 * SYN, an acknowledgment and a FIN bring about at least, and what nobody may send.
 */
#ifndef SPEC_LAWS_H
#define SPEC_LAWS_H

#include "base/text.h"
#include "spec/spec.h"

#define LAWS(X)                                                                                                     \
    X(COMPLETE, "every state has an outcome for all that can arrive", "situations")                                 \
    X(IN_VAIN, "no row contradicts one above it", "rows")                                                           \
    X(RESETS, "no row answers a RST with a RST", "situations")                                                      \
    X(REACHABLE, "every state can be come to", "states")                                                            \
    X(OUTCOMES, "what RFC 9293 has come of a RST, a SYN, an ACK or a FIN, every row has", "outcomes of situations") \
    X(FIGURE, "every arrow of figure 5, each call, time-out and repetition has a row", "arrows")                    \
    X(SENDS, "no row lets be sent what nobody may send", "rows")                                                    \
    X(CLAUSES, "every clause cited is in the catalogue", "clauses")

enum law {
#define X(name, says, about) LAW_##name,
    LAWS(X)
#undef X
        LAW_COUNT
};

/* True if CLAUSE is in the catalogue of requirements. */
typedef bool laws_knows_clause(const void *context, const char *clause);

struct laws {
    laws_knows_clause *knows_clause; /* NULL: clauses are not looked up */
    const void *context;
    size_t looked_at[LAW_COUNT]; /* how many of what the law is about */
};

/* LAW in words, and what it is about: "situations". Static storage. */
const char *law_says(enum law law);
const char *law_is_about(enum law law);

/* Adds what breaks a law to DIAGNOSTICS, whose source is SPEC's. False with an error if memory ran out. */
MUST_USE bool laws_check(const struct spec *spec, struct laws *laws, struct diagnostics *diagnostics,
                         struct error *error);

/* The laws, a line each, with what was looked at. */
void laws_print(struct text *text, const struct laws *laws);

#endif
