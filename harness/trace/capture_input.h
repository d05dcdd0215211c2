/* SPDX-License-Identifier: MIT */
/* The bytes of a capture as a stream, from a descriptor or from memory, in bounded memory. Private to this room. */
#ifndef TRACE_CAPTURE_INPUT_H
#define TRACE_CAPTURE_INPUT_H

#include "base/bytes.h"
#include "base/error.h"

/* The longest run of bytes that can be asked for at once. */
enum { CAPTURE_INPUT_MOST = 512 * 1024 };

struct capture_input {
    const char *name;
    int descriptor; /* -1: all there is stands in `window` */
    uint8_t *buffer;
    struct bytes window; /* what was read and not taken yet */
    uint64_t offset;     /* of the window in the stream */
    int system_error;    /* errno of the read that failed; 0 */
};

/* Reads from DESCRIPTOR, which stays the caller's; false with an error if memory ran out. NAME is for messages. */
MUST_USE bool capture_input_open(struct capture_input *input, int descriptor, const char *name, struct error *error);

/* Reads BYTES, which have to outlive it. */
void capture_input_on(struct capture_input *input, struct bytes bytes);

void capture_input_close(struct capture_input *input);

/* The next LENGTH bytes (at most CAPTURE_INPUT_MOST), which live until the next call; NULL if fewer are left, of which
 * nothing is taken. */
const uint8_t *capture_input_take(struct capture_input *input, size_t length);

/* As capture_input_take(), without moving past them. */
const uint8_t *capture_input_peek(struct capture_input *input, size_t length);

/* Moves past LENGTH bytes, however many; false if fewer are left. */
bool capture_input_skip(struct capture_input *input, uint64_t length);

/* True if nothing is left. */
bool capture_input_ended(struct capture_input *input);

#endif
