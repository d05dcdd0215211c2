/* SPDX-License-Identifier: MIT */
/*
 * The packets of a capture in the order of their times. Where several processors or interfaces write into one file,
 * some packets stand in it behind later ones: they are told in their place as far as it is near. Private to this room.
 */
#ifndef TRACE_CAPTURE_ORDER_H
#define TRACE_CAPTURE_ORDER_H

#include "trace/capture_file.h"

/* So many packets are held back for an earlier one that may still come; a power of two. */
enum { CAPTURE_ORDER_MOST = 256 };

struct capture_held {
    struct capture_record record;
    uint8_t *bytes;
    size_t room;
};

struct capture_order {
    struct capture_file *file;
    struct capture_held held[CAPTURE_ORDER_MOST];
    uint16_t queue[CAPTURE_ORDER_MOST]; /* of `held`, by time, from `first` on, round and round; then those free */
    uint32_t first;
    uint32_t count;
    uint64_t moved;               /* packets that stood behind later ones */
    enum capture_file_next ended; /* CAPTURE_FILE_PACKET: there is more in the file */
    struct error why;             /* of CAPTURE_FILE_BROKEN */
};

/* The packets of FILE, which has to outlive it. Ends with capture_order_close(). */
void capture_order_open(struct capture_order *order, struct capture_file *file);
void capture_order_close(struct capture_order *order);

/* Reads the next packet; NEXT is what capture_file_next() says of it. False only if memory ran out. */
MUST_USE bool capture_order_next(struct capture_order *order, struct capture_record *record,
                                 enum capture_file_next *next, struct error *error);

#endif
