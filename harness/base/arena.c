/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_SIZE = 16384 };

struct arena_block {
    struct arena_block *older;
    size_t capacity;
    size_t used;
    _Alignas(max_align_t) unsigned char data[];
};

static struct arena_block *arena_block_new(struct arena *arena, size_t size)
{
    size_t capacity = size > ARENA_BLOCK_SIZE ? size : ARENA_BLOCK_SIZE;
    if (capacity > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    struct arena_block *block = calloc(1, sizeof(*block) + capacity);
    if (block == NULL)
        return NULL;
    block->capacity = capacity;
    block->older = arena->newest;
    arena->newest = block;
    return block;
}

void *arena_take(struct arena *arena, size_t size)
{
    const size_t alignment = _Alignof(max_align_t);
    if (size > SIZE_MAX - alignment)
        return NULL;
    size = (size + alignment - 1) / alignment * alignment;
    struct arena_block *block = arena->newest;
    if (block == NULL || size > block->capacity - block->used) {
        block = arena_block_new(arena, size);
        if (block == NULL)
            return NULL;
    }
    void *taken = block->data + block->used;
    block->used += size;
    arena->taken += size;
    return taken;
}

char *arena_copy(struct arena *arena, const void *data, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = arena_take(arena, length + 1);
    if (copy != NULL && length > 0)
        memcpy(copy, data, length);
    return copy;
}

bool arena_array_room(struct arena *arena, void **items, size_t item_size, size_t count, size_t *capacity)
{
    INVARIANT(item_size > 0 && count <= *capacity);
    if (count < *capacity)
        return true;
    size_t larger = *capacity == 0 ? 8 : *capacity * 2;
    if (larger > SIZE_MAX / item_size)
        return false;
    void *moved = arena_take(arena, larger * item_size);
    if (moved == NULL)
        return false;
    if (count > 0)
        memcpy(moved, *items, count * item_size);
    *items = moved;
    *capacity = larger;
    return true;
}

static void arena_free_blocks(struct arena_block *newest)
{
    while (newest != NULL) {
        struct arena_block *older = newest->older;
        free(newest);
        newest = older;
    }
}

void arena_clear(struct arena *arena)
{
    struct arena_block *kept = arena->newest;
    arena->taken = 0;
    if (kept == NULL)
        return;
    arena_free_blocks(kept->older);
    kept->older = NULL;
    memset(kept->data, 0, kept->used);
    kept->used = 0;
}

void arena_free(struct arena *arena)
{
    arena_free_blocks(arena->newest);
    *arena = (struct arena){0};
}
