/* SPDX-License-Identifier: MIT */
/* What the readers of the two capture formats share. Private to this room. */
#ifndef TRACE_CAPTURE_FORMAT_H
#define TRACE_CAPTURE_FORMAT_H

#include "trace/capture_file.h"
#include "trace/capture_input.h"

enum {
    /* More than any packet that can be captured, less than CAPTURE_INPUT_MOST. */
    CAPTURE_PACKET_MOST = 400 * 1024,
    CAPTURE_INTERFACES_MOST = 4096,
};

/* An interface of a pcapng section. */
struct capture_interface {
    uint16_t link_type;
    uint32_t snap_length;
    uint8_t resolution; /* if_tsresol: of ten a negative power, of two with the high bit set */
    int64_t offset;     /* if_tsoffset, in seconds */
    uint64_t dropped;   /* by its last statistics block */
};

struct capture_file {
    struct capture_input input;
    bool owned;   /* the input's descriptor is to be closed */
    bool swapped; /* numbers have the other byte order than this machine */
    bool blocks;  /* pcapng */
    uint64_t count;
    /* pcap */
    uint32_t link_type;
    uint32_t unit; /* nanoseconds in one of its fractions of a second */
    /* pcapng */
    struct capture_interface *interfaces; /* of this section */
    size_t interface_count;
    size_t interface_room;
    uint64_t lost; /* in earlier sections, and as packets' own options say */
};

/* Numbers in the byte order of the file. */
ALWAYS_INLINE uint16_t capture_u16(const struct capture_file *file, const uint8_t *at)
{
    uint16_t value = load_be16(at);
    return file->swapped ? value : __builtin_bswap16(value);
}

ALWAYS_INLINE uint32_t capture_u32(const struct capture_file *file, const uint8_t *at)
{
    uint32_t value = load_be32(at);
    return file->swapped ? value : __builtin_bswap32(value);
}

/* The error that the file can't be read on from here, for WHAT, or for want of bytes if WHAT is NULL. */
enum capture_file_next capture_broken(struct capture_file *file, const char *what, struct error *error);

/* The next packet of a pcapng file. */
enum capture_file_next capture_blocks_next(struct capture_file *file, struct capture_record *record,
                                           struct error *error);

#endif
