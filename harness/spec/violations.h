/* SPDX-License-Identifier: MIT */
/* The violations that a judge found. Private to this room. */
#ifndef SPEC_VIOLATIONS_H
#define SPEC_VIOLATIONS_H

#include "spec/explain.h"
#include "spec/judge.h"

struct violations {
    struct judge_violation *items;
    size_t count;
    size_t room;
};

/* Adds WHAT (ends, event, time, flags) with its EXPLANATION; false if memory ran out. */
MUST_USE bool violations_add(struct violations *violations, const struct judge_violation *what,
                             const struct explanation *explanation);

/* Gives back all of them, but not the room. */
void violations_clear(struct violations *violations);

void violations_free(struct violations *violations);

#endif
