/* SPDX-License-Identifier: MIT */
/*
 * What the targets of the packets' laws share: the blocks that all runs work in, and the reading of a text. What is
 * read is put at the end of a block, so that a sanitizer sees a step past it.
 */
#ifndef FUZZ_ROUND_TRIP_H
#define FUZZ_ROUND_TRIP_H

#include "packet/pattern.h"

#include <stdlib.h>

enum { BLOCK_SIZE = 1 << 20 };

/* What all runs share: taking memory is dearer than all the rest. */
static struct {
    uint8_t *wire;
    char *source;
    struct text text;
    struct arena arena;
} shared;

static inline void prepare(void)
{
    if (shared.wire != NULL)
        return;
    shared.wire = malloc(BLOCK_SIZE);
    shared.source = malloc(BLOCK_SIZE);
    shared.text = text_growing();
    INVARIANT(shared.wire != NULL && shared.source != NULL);
}

/* Reads TEXT, which must be all of a packet's. */
static inline void read_text(const struct text *text, struct pattern *pattern)
{
    INVARIANT(!text->truncated && text->length <= BLOCK_SIZE);
    char *end = shared.source + BLOCK_SIZE;
    memcpy(end - text->length, text->data, text->length);
    struct diagnostics diagnostics = {.arena = &shared.arena};
    struct source source = {"printed", end - text->length, text->length};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    INVARIANT(pattern_parse(&scanner, &shared.arena, NULL, pattern));
    INVARIANT(scanner.offset == source.length && diagnostics.count == 0);
}

#endif
