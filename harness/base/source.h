/* SPDX-License-Identifier: MIT */
/* A text that a user wrote, and what is wrong with it: file, line, column, the line with a caret, what was expected. */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include "base/arena.h"
#include "base/text.h"

/* A borrowed text with the name that messages show for it. Need not end in a NUL. */
struct source {
    const char *name;
    const char *text;
    size_t length;
};

/* A run of characters of a source. */
struct span {
    size_t offset;
    size_t length;
};

struct source_position {
    unsigned line;   /* from 1 */
    unsigned column; /* from 1, in bytes */
};

/* Line and column of OFFSET; an offset past the end is where the text ends. Takes time linear in OFFSET. */
struct source_position source_position(const struct source *source, size_t offset);

/* The whole line that OFFSET is in, without its line end. */
struct span source_line(const struct source *source, size_t offset);

struct diagnostic {
    struct span at;
    const char *message; /* in the arena of the diagnostics */
};

/*
 * What was found wrong with one source, in the order found. At most DIAGNOSTICS_MOST are kept; `count` goes on.
 * Zero-initialise with an arena that outlives it.
 */
enum { DIAGNOSTICS_MOST = 100 };
struct diagnostics {
    struct arena *arena;
    struct diagnostic *items;
    size_t kept;
    size_t capacity;
    size_t count;
    bool out_of_memory; /* one could not be kept */
};

/* Adds one. Always returns false, so that `return diagnostics_add(...)` reads well. */
bool diagnostics_add(struct diagnostics *diagnostics, struct span at, const char *format, ...) PRINTF_LIKE(3, 4);

/* "file:line:column: error: message", the line, and a caret with a tail under the span. Ends in a newline. */
void diagnostic_print(struct text *text, const struct source *source, const struct diagnostic *diagnostic);

/* Puts them in the order of where they stand; those at one place stay in the order found. */
void diagnostics_sort(struct diagnostics *diagnostics);

/* All that were kept, and how many were not. */
void diagnostics_print(struct text *text, const struct source *source, const struct diagnostics *diagnostics);

#endif
