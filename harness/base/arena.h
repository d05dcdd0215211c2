/* SPDX-License-Identifier: MIT */
/* Memory that is taken piece by piece and given back all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

/* Zero-initialise to start: `struct arena arena = {0};`. */
struct arena {
    struct arena_block *newest;
    size_t taken; /* bytes handed out so far */
};

/* SIZE zeroed bytes, aligned for any object; NULL if memory ran out. Lives until arena_free(). */
MUST_USE void *arena_take(struct arena *arena, size_t size);

/* A copy of LENGTH bytes at DATA with a NUL behind them; NULL if memory ran out. */
MUST_USE char *arena_copy(struct arena *arena, const void *data, size_t length);

/*
 * Makes room for one more item in an array that lives in ARENA: *ITEMS has room for *CAPACITY items of ITEM_SIZE bytes,
 * COUNT of them used. False (nothing changed) if memory ran out.
 */
MUST_USE bool arena_array_room(struct arena *arena, void **items, size_t item_size, size_t count, size_t *capacity);

/* Takes everything back but keeps one block, so that a loop doesn't ask for memory each time round. */
void arena_clear(struct arena *arena);

/* Gives everything back; the arena can be used again. */
void arena_free(struct arena *arena);

#endif
