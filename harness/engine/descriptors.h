/* SPDX-License-Identifier: MIT */
/* The script's file descriptors and the live ones, and which of them was used last. */
#ifndef ENGINE_DESCRIPTORS_H
#define ENGINE_DESCRIPTORS_H

#include "base/arena.h"

#include <stdint.h>

struct descriptor {
    int64_t script;
    int64_t live;
    uint64_t used; /* the higher, the later */
    bool open;
};

/* Zero-initialise. */
struct descriptors {
    struct descriptor *items;
    size_t count;
    size_t capacity;
    uint64_t uses;
};

/* The script's descriptor SCRIPT is LIVE from now on, and in use. False if memory in ARENA ran out. */
MUST_USE bool descriptors_note(struct descriptors *descriptors, struct arena *arena, int64_t script, int64_t live);

/* The live number of SCRIPT. False if there never was one. */
bool descriptors_live(const struct descriptors *descriptors, int64_t script, int64_t *live);

/* What the script calls the open LIVE. False if it has no name there. */
bool descriptors_script(const struct descriptors *descriptors, int64_t live, int64_t *script);

/* The lowest number from 3 on that the script has no open descriptor by. */
int64_t descriptors_free(const struct descriptors *descriptors);

/* A call was made on LIVE. */
void descriptors_use(struct descriptors *descriptors, int64_t live);

/* LIVE was closed. */
void descriptors_close(struct descriptors *descriptors, int64_t live);

/* The open descriptor that was used last before the use USED, which is UINT64_MAX for the very last; NULL if there is
 * none. */
const struct descriptor *descriptors_used_before(const struct descriptors *descriptors, uint64_t used);

#endif
