/* SPDX-License-Identifier: MIT */
/* Scripts that might be written: a place, what is done there, and the goals that are reached by it. */
#ifndef GENERATE_CANDIDATE_H
#define GENERATE_CANDIDATE_H

#include "generate/goal.h"

enum { CANDIDATE_MOVES_MOST = 12, CANDIDATE_SLOTS = 16384 };

struct candidate {
    const struct place *place;
    struct move moves[CANDIDATE_MOVES_MOST]; /* the last one is what the script is about */
    size_t move_count;
    const struct spec_row *row;        /* that decides about the last move */
    uint16_t goals[GOALS_OF_ONE_MOST]; /* indices */
    size_t goal_count;
    bool slow;    /* it takes more than ten seconds */
    bool crowded; /* others come to the listener, too */
    bool chosen;  /* by candidates_reduce() */
};

struct candidates {
    struct arena arena;
    struct candidate *items;
    size_t count;
    size_t capacity;
    struct goal *goals; /* all that some candidate reaches */
    size_t goal_count;
    size_t goal_capacity;
    size_t chosen;
    /* What is known already, by hash: goals, and sets of them. */
    uint64_t goal_keys[CANDIDATE_SLOTS];
    uint16_t goal_slots[CANDIDATE_SLOTS];
    uint64_t set_keys[CANDIDATE_SLOTS];
};

/* Adds all that can be done in PLACE and reaches what nothing before it reached alike. False if memory ran out. */
MUST_USE bool candidates_add(struct candidates *candidates, const struct place *place);

/* Adds what is done by MOVES, the last of which is what it is about; nothing if that reaches no goal. */
MUST_USE bool candidates_add_moves(struct candidates *candidates, const struct place *place, const struct move *moves,
                                   size_t count);

/* As candidates_add(), of what takes more than a segment or a call. */
MUST_USE bool candidates_add_special(struct candidates *candidates, const struct place *place);

/* Chooses as few candidates as reach all goals, so that none of them can be left out. False if memory ran out. */
MUST_USE bool candidates_reduce(struct candidates *candidates);

/* Frees what CANDIDATES hold. They begin as zeros. */
void candidates_free(struct candidates *candidates);

#endif
