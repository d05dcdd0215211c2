/* SPDX-License-Identifier: MIT */
/*
 * What goes between a program and the process that its stack lives in: the program sends an order, the process performs
 * it and sends an answer. Both run the same build of this library, so that no version is told.
 */
#ifndef LIBRARY_MESSAGE_H
#define LIBRARY_MESSAGE_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "base/verdict.h"

#define ORDERS(X) \
    X(SEND)       \
    X(EXPECT)     \
    X(NOTHING)    \
    X(RECEIVE)    \
    X(PERFORM)    \
    X(CALL)       \
    X(CALL_BEGIN) \
    X(CALL_END)   \
    X(WAIT)

enum order_kind {
#define X(name) ORDER_##name,
    ORDERS(X)
#undef X
        ORDER_KIND_COUNT
};

struct order {
    enum order_kind kind;
    nanoseconds span; /* how long at most; of WAIT until when */
    struct bytes text;
};

struct answer {
    enum verdict verdict;
    nanoseconds origin; /* CLOCK_MONOTONIC at time 0; only of the first answer, which says that the stack is open */
    struct bytes headline;
    struct bytes detail;
    bool found;           /* RECEIVE */
    int64_t value;        /* of a call; a descriptor as texts call it */
    uint32_t call_failed; /* its errno, 0 if it succeeded */
    struct bytes output;  /* what it gave back besides */
    struct bytes packet;  /* the segment that was taken last, empty if none was */
    nanoseconds time;     /* when that came */
    uint32_t sequence;    /* its numbers as a text has them */
    uint32_t acknowledgment;
};

/* Bytes that were received; zero-initialise, end with message_buffer_free(). */
struct message_buffer {
    uint8_t *data;
    size_t length;
    size_t capacity;
};

/* Writes to CHANNEL, a stream socket, and waits as long as it takes; no signal is raised. */
MUST_USE bool order_send(int channel, const struct order *order, struct error *error);
MUST_USE bool answer_send(int channel, const struct answer *answer, struct error *error);

/*
 * Reads one from CHANNEL into BUFFER, where its bytes then are. ERROR_INTERRUPTED if the other end is closed. Waits
 * until DEADLINE (CLOCK_MONOTONIC; NANOSECONDS_NEVER: as long as it takes): ERROR_TIMED_OUT.
 */
MUST_USE bool order_receive(int channel, struct message_buffer *buffer, struct order *order, struct error *error);
MUST_USE bool answer_receive(int channel, struct message_buffer *buffer, nanoseconds deadline, struct answer *answer,
                             struct error *error);

void message_buffer_free(struct message_buffer *buffer);

#endif
