/* SPDX-License-Identifier: MIT */
/*
 * The memory of a plug-in that can be put back as it was: its writable segments, and what it takes from the harness.
 *
 * What the sanitizers, the profilers and the dynamic linker keep in a writable segment is theirs, and is left alone.
 */
#ifndef STACK_PLUGIN_MEMORY_H
#define STACK_PLUGIN_MEMORY_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PLUGIN_PIECES_MOST = 64,
    PLUGIN_SIZES = 32,                    /* of memory that is given out: powers of two */
    PLUGIN_HEAP_MOST = 512 * 1024 * 1024, /* bytes of it; what is never touched costs nothing */
};

/* A part of a writable segment, and how it was when the plug-in was loaded. */
struct plugin_piece {
    uint8_t *at;
    uint8_t *before;
    size_t length;
};

struct plugin_free;

struct plugin_memory {
    struct plugin_piece pieces[PLUGIN_PIECES_MOST];
    size_t piece_count;
    uint8_t *heap; /* reserved, used from the start */
    size_t used;
    struct plugin_free *released[PLUGIN_SIZES]; /* to be given out again */
};

/* Notes how the writable segments of OBJECT (of dlopen()) are now. */
MUST_USE bool plugin_memory_open(struct plugin_memory *memory, void *object, struct error *error);

/* Puts the segments back as they were. */
void plugin_memory_restore(const struct plugin_memory *memory);

/* SIZE zeroed bytes; NULL if there are none left. */
void *plugin_memory_take(struct plugin_memory *memory, size_t size);

/* Takes back what plugin_memory_take() gave; NULL is allowed. False if TAKEN is neither, or was taken back before. */
bool plugin_memory_release(struct plugin_memory *memory, void *taken);

/* Takes everything back. */
void plugin_memory_clear(struct plugin_memory *memory);

void plugin_memory_close(struct plugin_memory *memory);

#endif
