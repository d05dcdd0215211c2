/* SPDX-License-Identifier: MIT */
/* The contract that a handshake is, held against a specification by the search of its model. */
#ifndef SPEC_CONTRACT_H
#define SPEC_CONTRACT_H

#include "spec/model.h"

enum {
    CONTRACT_ASSUMPTIONS = 4,
    CONTRACT_CLAUSES = 5,
    CONTRACT_EXCEPTIONS = 2,
    CONTRACT_SEARCHES = 3 + CONTRACT_EXCEPTIONS
};

/* What is taken for granted; and what is not, where somebody foresees numbers. */
extern const char *const contract_assumptions[CONTRACT_ASSUMPTIONS];
extern const char contract_not_assumed[];
/* What holds where a search finds nothing. */
extern const char *const contract_clauses[CONTRACT_CLAUSES];

struct contract_search {
    struct model_scenario scenario;
    struct model_result result;
    bool exception; /* known: that the contract breaks here is no fault */
};

struct contract {
    unsigned width;  /* of sequence numbers, in bits: 6 to 32 */
    bool foreseen;   /* somebody who sees nothing knows the numbers that a server gives next */
    bool exceptions; /* Fast Open and SYN cookies are looked at, too */
    /* What came of it. */
    struct contract_search searches[CONTRACT_SEARCHES];
    size_t search_count;
    bool broken; /* not by an exception */
};

/* Searches SPEC for the shortest way to break the contract, up to the first scenario in which there is one. False with
 * an error if memory ran out. End CONTRACT with contract_free() in any case. */
MUST_USE bool contract_check(const struct spec *spec, struct contract *contract, struct error *error);
void contract_free(struct contract *contract);

/* What was assumed, searched and found, for people. */
void contract_print(struct text *text, const struct spec *spec, const struct contract *contract);

#endif
