/* SPDX-License-Identifier: MIT */
/* How a stack is brought to each state by the fewest moves, found by trying them on the specification. */
#ifndef GENERATE_PLACE_H
#define GENERATE_PLACE_H

#include "generate/scene.h"

/* The harness's initial sequence number: one of no consequence, one for which RCV.NXT is 0, and one for which 0 is in
 * the window. */
enum numbering { NUMBERING_PLAIN, NUMBERING_ZERO_NEXT, NUMBERING_ZERO_INSIDE, NUMBERING_COUNT };

struct place {
    enum spec_state state;
    enum numbering numbering;
    bool passive;
    bool stamped; /* timestamps were agreed on */
    struct move moves[SCENE_MOVES_MOST];
    size_t move_count;
    struct scene scene; /* after them: one hypothesis */
};

enum { PLACES_MOST = 96 };

/* The number that NUMBERING stands for. */
uint32_t numbering_initial(enum numbering numbering);

/* Puts all places that can be reached, the nearest first, into PLACES, which have room for PLACES_MOST; how many. */
size_t places_find(const struct spec *spec, const struct row_index *index, struct place *places);

#endif
