/* SPDX-License-Identifier: MIT */
/*
 * What one peer of the model can be in and do: peers and segments by number, and the moves of a peer by the judge's own
 * interpreter. What a row says has to be sent, or may be, is made into segments here. Private to this room.
 *
 * Theory of operation. A peer is a hypothesis without its times, with how often it has opened and crashed. Peers and
 * segments are kept once each; a move is found by the interpreter the first time that it is asked for, and remembered.
 * An answer is sent in the same step as what it answers is taken: a channel that delays as it likes makes that no loss.
 */
#ifndef SPEC_MODEL_WORLD_H
#define SPEC_MODEL_WORLD_H

#include "spec/model.h"
#include "spec/step.h"

enum {
    MODEL_SEGMENTS_MOST = 192,
    MODEL_PEERS_MOST = 1 << 16,
    MODEL_ANSWERS_MOST = 2,
    MODEL_NO_SEGMENT = UINT8_MAX,
    MODEL_OUTSIDER = MODEL_SIDES, /* who sends what neither side sent */
};

/* Made of whole words, so that two that are the same are the same bytes. */
struct peer {
    uint32_t variables[SPEC_OWN_VARIABLES];
    uint32_t known;
    uint16_t chosen;
    uint8_t state;
    uint8_t facts;
    uint8_t sent;
    uint8_t received;
    uint8_t side;
    uint8_t opened;  /* initial sequence numbers that it has used */
    uint8_t crashed; /* times */
    uint8_t unused[3];
};

struct model_segment {
    uint32_t sequence;
    uint32_t acknowledgment;
    uint32_t length;
    uint16_t flags;
    uint8_t cookie;
    uint8_t sender; /* a side, or MODEL_OUTSIDER */
};

enum move_kind {
    MOVE_TAKES,   /* a segment that came */
    MOVE_LISTENS, /* a passive OPEN */
    MOVE_OPENS,   /* an active one */
    MOVE_SENDS,   /* what it may send unasked */
    MOVE_REPEATS, /* its SYN, by the timer */
    MOVE_LAPSES,  /* it gives up, as it may once R2 has run out */
    MOVE_CRASHES, /* and comes back with all forgotten */
    MOVE_FORGED,  /* a segment of somebody who is neither of the two */
    MOVE_CLOSES,  /* its user does: a FIN goes out */
    MOVE_EXPIRES, /* TIME-WAIT is over */
};

struct move {
    uint32_t peer; /* what becomes of it */
    uint8_t kind;  /* enum move_kind */
    uint8_t taken; /* segment, or MODEL_NO_SEGMENT */
    uint8_t sent[MODEL_ANSWERS_MOST];
    bool unsaid; /* no row says what happens */
    uint8_t unused[3];
};

struct moves {
    const struct move *items;
    size_t count;
};

struct world {
    /* Set by the owner before world_begin(). */
    const struct spec *spec;
    const struct row_index *index;
    const struct model_scenario *scenario;
    uint32_t mask; /* of sequence numbers */
    struct step_tally tally;
    uint8_t opens_most;
    /* The world's own. */
    uint32_t window;
    struct arena arena;
    struct peer *peers;
    size_t peer_count;
    size_t peer_room;
    uint32_t *peer_table; /* of numbers + 1, by hash */
    struct model_segment segments[MODEL_SEGMENTS_MOST];
    size_t segment_count;
    struct moves **takes; /* by peer, an array by segment, or NULL */
    struct moves *own;    /* by peer; items NULL: not asked for yet */
    bool exhausted;       /* memory, or one of the limits above */
};

/* False if memory ran out. End it with world_free() in any case. */
MUST_USE bool world_begin(struct world *world);
void world_free(struct world *world);

/* A peer of SIDE that has done nothing yet. */
uint32_t world_first(struct world *world, unsigned side);

/* The number of PEER, which may come from another world. */
uint32_t world_peer(struct world *world, const struct peer *peer);

/* What peer PEER may do with segment SEGMENT, and what it may do of itself. Valid as long as WORLD. */
const struct moves *world_takes(struct world *world, uint32_t peer, uint8_t segment);
const struct moves *world_own_moves(struct world *world, uint32_t peer);

/* The initial sequence number of SIDE's N-th opening, from 0; the outsider has one only. */
uint32_t world_initial_number(const struct world *world, unsigned side, unsigned n);
enum { WORLD_OPENINGS = 8 };

ALWAYS_INLINE bool peer_knows(const struct peer *peer, enum spec_variable variable)
{
    return (peer->known >> variable & 1) != 0;
}

/* It is in no connection. */
ALWAYS_INLINE bool peer_is_closed(const struct peer *peer)
{
    return peer->state == SPEC_CLOSED || peer->state == SPEC_LISTEN;
}

/* True if PEER takes the connection for made: text may flow. */
ALWAYS_INLINE bool peer_believes(const struct peer *peer)
{
    return (peer->state >= SPEC_ESTABLISHED && peer->state != SPEC_TIME_WAIT) ||
           (peer->facts >> SPEC_FACT_FAST_OPEN & 1) != 0;
}

#endif
