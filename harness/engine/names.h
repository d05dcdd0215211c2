/* SPDX-License-Identifier: MIT */
/* The names that segments have given values. Numbers are the script's; those of a segment with SYN are live. */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/text.h"
#include "packet/pattern.h"

struct named_value {
    const char *name;
    enum name_kind kind;
    uint32_t number; /* where it is no more than that */
    uint8_t length;  /* of NAME_BYTES, NAME_KEY (8), NAME_ADDRESS */
    uint8_t bytes[TCP_OPTIONS_SIZE_MOST];
};

/* Zero-initialise to start. The last of `items` may be on trial: see names_forget(). */
struct names {
    struct named_value *items;
    size_t count;
    size_t capacity;
};

/* The value of NAME, or NULL. */
const struct named_value *names_find(const struct names *names, const char *name);

/* Gives a name that has none a value; false if memory ran out. */
MUST_USE bool names_add(struct names *names, struct arena *arena, const struct named_value *value);

/* Takes back all names but the first COUNT: the segment that gave them their values was another than the expected. */
void names_forget(struct names *names, size_t count);

/* Python that binds the names to their values: numbers, and bytes. */
void names_print(struct text *text, const struct names *names);

#endif
