/* SPDX-License-Identifier: MIT */
/*
 * The rows of a specification by what they are looked up with: the state, what kind of row it is, and the control bits
 * SYN, ACK, RST and FIN. Made from the specification, and nothing that it doesn't say. Private to this room.
 */
#ifndef SPEC_ROW_INDEX_H
#define SPEC_ROW_INDEX_H

#include "spec/segment.h"
#include "spec/spec.h"

struct row_list {
    const struct spec_row **rows; /* in the order in which they are tried */
    uint16_t count;
};

enum { ROW_KEYS = 16 };

struct row_index {
    struct arena arena;
    struct row_list arrives[SPEC_STATE_COUNT][2][ROW_KEYS]; /* sound segments, corrupt ones */
    struct row_list sends[SPEC_STATE_COUNT][ROW_KEYS];
    struct row_list follows[SPEC_STATE_COUNT][ROW_KEYS]; /* `sends`, up to the last that leads to another state */
    struct row_list again[SPEC_STATE_COUNT];
    struct row_list quiet[SPEC_STATE_COUNT]; /* what happens without a segment: time-outs and calls */
};

/* SYN, ACK, RST and FIN of FLAGS, as a number below ROW_KEYS. */
ALWAYS_INLINE unsigned row_key(uint16_t flags)
{
    _Static_assert(TCP_FIN == 1 && TCP_SYN == 2 && TCP_RST == 4 && TCP_ACK == 16, "the bits are those of the header");
    return (flags & (TCP_FIN | TCP_SYN | TCP_RST)) | (flags & TCP_ACK) >> 1;
}

/* Makes an index of SPEC, which has to outlive it; false if memory ran out. In either case row_index_free() ends it. */
MUST_USE bool row_index_make(struct row_index *index, const struct spec *spec);
void row_index_free(struct row_index *index);

#endif
