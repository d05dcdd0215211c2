/* SPDX-License-Identifier: MIT */
/* The contract that a handshake is, held against a specification by the search of its model. */
#ifndef SPEC_CONTRACT_H
#define SPEC_CONTRACT_H

#include "spec/model.h"

struct contract {
    unsigned width;  /* of sequence numbers, in bits: 6 to 32 */
    bool foreseen;   /* somebody who sees nothing knows the numbers that a server gives next */
    bool exceptions; /* Fast Open and SYN cookies are looked at, too */
    /* What came of it. */
    bool broken; /* not by an exception */
    size_t states;
    size_t transitions;
};

/* Searches SPEC for the shortest way to break the contract, and tells in TEXT what it found. False with an error if
 * memory ran out. */
MUST_USE bool contract_check(const struct spec *spec, struct contract *contract, struct text *text,
                             struct error *error);

#endif
