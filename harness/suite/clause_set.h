/* SPDX-License-Identifier: MIT */
/* Which of a specification's clauses something is about. */
#ifndef SUITE_CLAUSE_SET_H
#define SUITE_CLAUSE_SET_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

/* Clauses of a specification that a run can keep apart. */
enum { SUITE_CLAUSES_MOST = 512, CLAUSE_SET_WORDS = SUITE_CLAUSES_MOST / 64 };

struct clause_set {
    uint64_t words[CLAUSE_SET_WORDS];
};

ALWAYS_INLINE void clause_set_add(struct clause_set *set, uint16_t clause)
{
    INVARIANT(clause < SUITE_CLAUSES_MOST);
    set->words[clause / 64] |= UINT64_C(1) << clause % 64;
}

ALWAYS_INLINE void clause_set_remove(struct clause_set *set, uint16_t clause)
{
    INVARIANT(clause < SUITE_CLAUSES_MOST);
    set->words[clause / 64] &= ~(UINT64_C(1) << clause % 64);
}

ALWAYS_INLINE bool clause_set_has(const struct clause_set *set, uint16_t clause)
{
    INVARIANT(clause < SUITE_CLAUSES_MOST);
    return (set->words[clause / 64] >> clause % 64 & 1) != 0;
}

#endif
