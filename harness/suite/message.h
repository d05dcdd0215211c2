/* SPDX-License-Identifier: MIT */
/*
 * What a worker tells its parent through a pipe: that it is set up, or why it can't be; then its result. Whatever comes
 * out of the pipe, taking it is total: bytes that are no message are said to be none.
 */
#ifndef SUITE_MESSAGE_H
#define SUITE_MESSAGE_H

#include "base/bytes.h"
#include "base/error.h"
#include "suite/result.h"

enum message_kind {
    MESSAGE_READY,   /* all is set up; the run begins */
    MESSAGE_REFUSED, /* it can't be set up: `error` */
    MESSAGE_RESULT,  /* `result`; the last message */
    MESSAGE_KIND_COUNT
};

struct message {
    enum message_kind kind;
    union {
        struct error error;
        struct suite_result result; /* the taker frees it; its duration is not sent */
    };
};

/* The longest text that is sent; what is longer is cut. */
enum { MESSAGE_TEXT_MOST = 1024 * 1024 };

/* Writes MESSAGE to DESCRIPTOR, waiting as long as it takes. */
MUST_USE bool message_send(int descriptor, const struct message *message, struct error *error);

/* Bytes that came and were not taken yet. Zero-initialise. */
struct message_inbox {
    uint8_t *data;
    size_t length;
    size_t capacity;
};

/* Reads what is there at DESCRIPTOR, which does not block. ENDED says that the other end is closed. */
MUST_USE bool message_receive(struct message_inbox *inbox, int descriptor, bool *ended, struct error *error);

enum message_state {
    MESSAGE_INCOMPLETE, /* more must come first */
    MESSAGE_TAKEN,
    MESSAGE_GARBAGE, /* what came is no message: nothing more can be taken */
};

/* Takes the first message out of INBOX. */
enum message_state message_take(struct message_inbox *inbox, struct message *message);

void message_inbox_free(struct message_inbox *inbox);

#endif
