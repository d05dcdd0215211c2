/* SPDX-License-Identifier: MIT */
/* Frames that were met while something else was looked for, in the order in which they came. */
#ifndef LINK_FRAME_QUEUE_H
#define LINK_FRAME_QUEUE_H

#include "link/link.h"

struct queued_frame;

/* Zero-initialise to start. */
struct frame_queue {
    struct queued_frame *first;
    struct queued_frame *last;
    struct queued_frame *taken; /* whose bytes the last frame_queue_take() gave */
    size_t count;               /* waiting */
};

/* Puts a copy of FRAME last; false if memory ran out, or if nobody has taken any for far too long. */
MUST_USE bool frame_queue_put(struct frame_queue *queue, const struct link_frame *frame, struct error *error);

/* Takes the first frame; false if there is none. Its bytes live until the next call. */
bool frame_queue_take(struct frame_queue *queue, struct link_frame *frame);

/* Frees what the queue holds. */
void frame_queue_free(struct frame_queue *queue);

#endif
