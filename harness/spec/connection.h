/* SPDX-License-Identifier: MIT */
/* The connections of one trace: what each may be in, found by its addresses and ports. Private to this room. */
#ifndef SPEC_CONNECTION_H
#define SPEC_CONNECTION_H

#include "packet/address.h"
#include "spec/judge.h"
#include "spec/step.h"

enum { CONNECTION_PENDING = 4, CONNECTION_RESET = 4 };

/* A segment to the stack that it may not have taken yet. */
struct pending_segment {
    struct segment segment;
    nanoseconds time;
};

/* A set of hypotheses, no larger than it is. */
struct kept_hypotheses {
    struct hypothesis *items;
    uint16_t count;
    uint16_t room;
};

struct connection {
    struct judge_connection about; /* what is told of it */
    uint32_t ends[2];              /* of all text and control bits seen: from the stack, to it */
    uint32_t initial[2];           /* the numbers of their SYNs */
    uint32_t stamps[2];            /* the newest TSval */
    struct kept_hypotheses now;    /* with all that came taken */
    struct kept_hypotheses base;   /* before the pending segments were */
    struct pending_segment *pending;
    uint8_t pending_count; /* at most CONNECTION_PENDING */
    uint8_t pending_room;
    uint8_t ends_known;    /* bits of `ends` */
    uint8_t stamps_known;  /* bits of `stamps` */
    bool holed;            /* something is missing in between, be it for the path or the capture */
    uint32_t acknowledged; /* by the stack, at most */
    nanoseconds sent;      /* the last segment of the stack's */
    uint8_t cost;          /* of the cheapest explanation, as far as it was told */
    uint8_t overdue;       /* how often in a row it was asked again while an answer was overdue */
    bool judged;           /* false after a fail, or once nothing can be said any more */
    bool crowds;           /* it counts among its port's */
    uint8_t finished;      /* FINs were seen: bits as of `ends_known`; and CONNECTION_RESET */
    bool summarised;       /* it is over: nothing but `about` is kept */
};

struct connection_table {
    struct connection **slots; /* a power of two of them, some NULL */
    struct connection **order; /* as they came */
    size_t count;
    size_t room; /* of `order` */
    size_t slot_count;
    size_t summarised;  /* of `count` */
    size_t sweep_at;    /* so many that are not: time to look which of them are over */
    uint64_t forgotten; /* that are none of `count` any more */
    uint32_t *ghosts;   /* of the last that were forgotten in each place, what tells them from others; NULL: of none */
};

/* Where PACKET, which is of TCP, goes from and to. */
struct judge_ends connection_ends(const struct packet *packet, bool to_stack);

/* The connection of these ends; NULL if it isn't there. */
struct connection *connection_find(const struct connection_table *table, const struct judge_ends *ends);

/* A new one; NULL if memory ran out. */
struct connection *connection_add(struct connection_table *table, const struct judge_ends *ends);

/* True of a SYN to a connection that is no longer judged, where the capture doesn't have its beginning: it is one. */
bool connection_begins_anew(const struct connection *connection, const struct segment *segment, bool to_stack);

/* True if SEGMENT acknowledges what was never seen from the other end: the trace has a gap. In the handshake itself
 * such a number is wrong, and no gap. */
bool connection_has_gap(const struct connection *connection, const struct segment *segment, bool to_stack);

/* True if SEGMENT rests on what was never seen: it is beyond all that its sender sent, has a part in a connection whose
 * SYNs are not there, or echoes a timestamp that nobody sent. */
bool connection_shows_hole(const struct connection *connection, const struct segment *segment, bool to_stack);

/* Notes how far SEGMENT, seen at NOW, goes. */
void connection_tell(struct connection *connection, const struct segment *segment, bool to_stack, nanoseconds now);

/*
 * True if SEGMENT, which was seen at NOW on its way from the stack, has nothing newer in it than what was seen before.
 * On a path segments overtake each other and are doubled, and so they are, by microseconds, between the processors of
 * one machine.
 */
bool connection_overtaken(const struct connection *connection, const struct segment *segment, nanoseconds now);

/*
 * True if nothing will come of CONNECTION by NOW: both sides sent their FIN, or one a RST, or only one was ever heard,
 * and there was silence for longer than any TIME-WAIT lasts.
 */
bool connection_is_over(const struct connection *connection, nanoseconds now);

/* Gives back all of CONNECTION, which is in TABLE, but what is told of it. */
void connection_summarise(struct connection_table *table, struct connection *connection);

/* Gives back those of TABLE that were summarised and passed plainly, and counts them; false if memory ran out. */
MUST_USE bool connection_table_forget(struct connection_table *table);

/* True if a connection of these ends was forgotten not long ago. */
bool connection_table_forgot(const struct connection_table *table, const struct judge_ends *ends);

/* True if SEGMENT begins another connection in place of one that was summarised. */
bool connection_may_go_on(const struct connection *connection, const struct segment *segment);

/* At how many connections that are not summarised it is worth looking through all of TABLE again. */
size_t connection_table_sweep_next(const struct connection_table *table);

/* True if the oldest pending segment came so long ago that it has been taken, where nothing is lost. */
bool connection_long_taken(const struct connection *connection, nanoseconds now);

/* Room for one more pending segment; false if memory ran out. */
MUST_USE bool connection_pending_room(struct connection *connection);

/* Makes KEPT what SET is; false if memory ran out. */
MUST_USE bool hypotheses_keep(struct kept_hypotheses *kept, const struct hypotheses *set);

/* Gives back what KEPT has beyond the room for one. */
void hypotheses_forget(struct kept_hypotheses *kept);

/* True if nothing is left of the connection in any of them. */
bool hypotheses_over(const struct hypotheses *set);

/* Makes SET what KEPT is. */
void hypotheses_recall(struct hypotheses *set, const struct kept_hypotheses *kept);

/* The hypothesis that left out least of what should be done; NULL if there is none. */
const struct hypothesis *hypotheses_cheapest(const struct hypotheses *set);

/* Frees all of them, and the table's own memory. */
void connection_table_free(struct connection_table *table);

#endif
