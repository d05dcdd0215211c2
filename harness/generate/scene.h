/* SPDX-License-Identifier: MIT */
/*
 * What a script goes through, played with the specification's own interpreter: what is called and sent, what the stack
 * may answer by the specification, and what it may be in then. Numbers are live ones of a connection whose stack has
 * the ISN 0 and a window of SCENE_WINDOW, which a script can't know and has to take from what it sees.
 */
#ifndef GENERATE_SCENE_H
#define GENERATE_SCENE_H

#include "spec/step.h"

enum {
    SCENE_WINDOW = 30000, /* what the stack's segments say */
    SCENE_OWN_WINDOW = 32792,
    SCENE_TEXT = 10,
    SCENE_COOKIE = 8,   /* bytes of a Fast Open cookie */
    SCENE_STAMP = 1000, /* TSval of the harness's SYN */
    SCENE_CROWD = 2,    /* connections of others that fill a backlog of one */
    SCENE_MOVES_MOST = 10,
    SCENE_ANSWERS_MOST = 8,
};

enum move_kind {
    MOVE_LISTEN,  /* a passive OPEN */
    MOVE_CONNECT, /* an active one, and the SYN that it makes the stack send */
    MOVE_SEGMENT, /* the harness sends one */
    MOVE_WRITE,   /* SEND */
    MOVE_READ,    /* RECEIVE of what came last: there may be something to say of the window then */
    MOVE_CLOSE,
    MOVE_ABORT,
    MOVE_REPEAT,  /* nothing is done until the stack sends again what it sent last */
    MOVE_LAPSE,   /* nor until the state may have ended */
    MOVE_EXHAUST, /* nor until the stack may have given up to send again what it sent last */
    MOVE_CROWD,   /* others come to the listener, more than it has to have room for */
};

struct move {
    enum move_kind kind;
    struct segment segment; /* MOVE_SEGMENT */
    uint8_t stray_family;   /* of a segment that comes from everybody's address: 4 or 6 */
    nanoseconds lapse;      /* MOVE_LAPSE, MOVE_REPEAT, MOVE_EXHAUST: how long */
};

/* One segment that may answer a move. */
struct scene_answer {
    struct segment segment;
    bool any_sequence;
    bool any_acknowledgment;
};

/* All that may answer a move. */
struct scene_reaction {
    struct scene_answer answers[SCENE_ANSWERS_MOST];
    size_t count;
    bool silence; /* it may be left unanswered */
    nanoseconds within;
};

struct scene {
    const struct spec *spec;
    const struct row_index *index;
    struct hypotheses set;
    nanoseconds now;
    bool listens;   /* somebody listens at the port */
    uint32_t crowd; /* connections that others have to it */
    bool stamped;   /* the harness's SYN offered timestamps */
    bool remote_known;
    bool renewed;    /* it sent a SYN with another number besides */
    uint32_t remote; /* IRS, as far as the harness's SYN has been sent */
};

/* Nobody has done anything. */
struct scene scene_begin(const struct spec *spec, const struct row_index *index);

/* Plays MOVE. REACTION is what the stack may do, and SCENE is after any of it. False if SCENE has no use for it: the
 * specification has nothing that it may lead to. */
bool scene_play(struct scene *scene, const struct move *move, struct scene_reaction *reaction);

/* The step that SEGMENT makes now. */
struct step scene_step(const struct scene *scene, const struct segment *segment);

/* The hypothesis that says most about SCENE: not CLOSED or LISTEN if another is. */
const struct hypothesis *scene_main(const struct scene *scene);

/* A segment of the harness's with FLAGS and TEXT bytes, in order as far as HYPOTHESIS goes: SEG.SEQ is RCV.NXT, or
 * INITIAL where nothing has come; SEG.ACK is SND.NXT. */
struct segment scene_segment(const struct hypothesis *hypothesis, uint16_t flags, uint32_t text, uint32_t initial);

#endif
