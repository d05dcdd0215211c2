/* SPDX-License-Identifier: MIT */
/*
 * Laws that every specification has to keep, whatever its rules are: every state has an outcome for all that can
 * arrive, no rule is there in vain since one above it contradicts it, no RST is answered by a RST, every state can be
 * come to, and what is cited is known.
 */
#ifndef SPEC_LAWS_H
#define SPEC_LAWS_H

#include "base/text.h"
#include "spec/spec.h"

/* True if CLAUSE is in the catalogue of requirements. */
typedef bool laws_knows_clause(const void *context, const char *clause);

struct laws {
    laws_knows_clause *knows_clause; /* NULL: clauses are not looked up */
    const void *context;
    /* What was looked at: */
    size_t situations;
    size_t states;
    size_t rows;
    size_t clauses;
};

/* Adds what breaks a law to DIAGNOSTICS, whose source is SPEC's. False with an error if memory ran out. */
MUST_USE bool laws_check(const struct spec *spec, struct laws *laws, struct diagnostics *diagnostics,
                         struct error *error);

/* The laws, a line each, with what was looked at. */
void laws_print(struct text *text, const struct laws *laws);

#endif
