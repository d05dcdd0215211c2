/* SPDX-License-Identifier: MIT */
/*
 * What can arrive in each state, one situation of a kind: all control bits, sequence numbers before, at, within and
 * behind the window, acknowledgments of each class; and, where the whole range is asked for, the facts that rules ask
 * for besides. Private to this room.
 */
#ifndef SPEC_SITUATION_H
#define SPEC_SITUATION_H

#include "spec/hypothesis.h"
#include "spec/row_index.h"

/* What a connection and its surroundings are like besides its numbers; zero is an ordinary one. */
struct surroundings {
    const char *name; /* for messages: "with timestamps"; NULL for the ordinary one */
    uint8_t facts;    /* bits of enum spec_fact */
    uint8_t choices;  /* bits of them that were made */
    uint8_t agreed;   /* enum segment_option: in both SYNs */
    uint8_t options;  /* of the segment */
    uint8_t cookie;
    bool older; /* the segment's timestamp than the newest that was taken */
    bool stray;
    bool corrupt;
    bool crowded;
};

struct situation {
    struct view view;
    const struct surroundings *surroundings;
    const char *place;          /* of SEG.SEQ: "within the window" */
    const char *acknowledgment; /* the class of SEG.ACK; NULL without ACK */
};

/* An ordinary connection in STATE, in the middle of its life. */
struct hypothesis situation_hypothesis(enum spec_state state);

typedef void situation_visit(void *context, const struct situation *situation);

/* Visits all situations of an ordinary connection in every state of SPEC. */
void situations_walk(const struct spec *spec, situation_visit *visit, void *context);

/* As situations_walk(), in all surroundings, and at some more numbers. */
void situations_walk_all(const struct spec *spec, situation_visit *visit, void *context);

/* True if ROW fits SITUATION; what isn't known fits. */
bool situation_fits(const struct situation *situation, const struct spec_row *row);

/* True if ROW may leave what it fits to the rows below it. */
bool row_passes_on(const struct spec_row *row);

/* The rows that are tried in SITUATION, and the one of them that decides; NULL if none does. */
const struct row_list *situation_rows(const struct row_index *index, const struct situation *situation);
const struct spec_row *situation_decider(const struct row_index *index, const struct situation *situation);

#endif
