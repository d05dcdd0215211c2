/* SPDX-License-Identifier: MIT */
/*
 * What scripts are for: each outcome of each row in each state, both sides of each boundary that a comparison of
 * sequence numbers draws there, and each row that comes before another which fits as well. A goal is a number that says
 * which.
 */
#ifndef GENERATE_GOAL_H
#define GENERATE_GOAL_H

#include "generate/place.h"

/* GOAL_PRECEDENCE: the row decides though the one below it fits as well. */
enum goal_kind { GOAL_TRANSITION, GOAL_BOUNDARY, GOAL_PRECEDENCE };

struct goal {
    enum goal_kind kind;
    uint8_t state;
    uint8_t outcome; /* GOAL_TRANSITION */
    uint8_t side;    /* GOAL_BOUNDARY: enum goal_side */
    bool wrapped;    /* GOAL_BOUNDARY: 2^32 lies between the two sides, or in the window */
    uint16_t row;
    uint16_t node; /* GOAL_BOUNDARY: the comparison */
};

/* Where a number is that a comparison is about. */
enum goal_side { SIDE_LEFT_OUT, SIDE_LEFT_IN, SIDE_RIGHT_IN, SIDE_RIGHT_OUT, SIDE_BELOW, SIDE_AT, SIDE_ABOVE };

bool goals_equal(const struct goal *left, const struct goal *right);

enum { GOALS_OF_ONE_MOST = 24 };

/* What one move reaches, and the row that decided. */
struct reached {
    struct goal goals[GOALS_OF_ONE_MOST];
    size_t count;
    const struct spec_row *row; /* NULL: none */
};

/* What MOVE, made in PLACE, reaches. SCENE is PLACE's, or what earlier moves have made of it. */
void goals_reached(const struct place *place, const struct scene *scene, const struct move *move,
                   struct reached *reached);

/* Numbers that SEG.SEQ, SEG.ACK or SEG.TSVAL (VARIABLE) of SEGMENT has to have to be on either side of what comparisons
 * draw in PLACE. Into VALUES, which have room for MOST; how many. */
size_t goals_values(const struct place *place, const struct segment *segment, enum spec_variable variable,
                    uint32_t *values, size_t most);

#endif
