/* SPDX-License-Identifier: MIT */
/*
 * Files of entries, each with a name in brackets and values by key:
 *
 *     # comments and empty lines are skipped
 *     [name]
 *     key = the rest of the line
 */
#ifndef BASE_SECTIONS_H
#define BASE_SECTIONS_H

#include "base/error.h"
#include "base/scanner.h"

/* What a file of entries may hold, and who is told. */
struct sections {
    const char *name;             /* what an entry's name is called: "script" */
    const char *name_description; /* "the end of a script's path" */
    const char *const *keys;
    size_t key_count;
    /* Called for each name and each value (of the last name) in turn, whose spans are in the scanner's source and not
     * empty. False with a diagnostic; parsing goes on with the next line. */
    bool (*begin)(void *context, struct scanner *scanner, struct span name);
    bool (*set)(void *context, struct scanner *scanner, size_t key, struct span value);
    void *context;
};

/* Parses SOURCE. False with diagnostics, one for each thing wrong. */
MUST_USE bool sections_parse(const struct sections *sections, const struct source *source,
                             struct diagnostics *diagnostics);

/* Reads the file at PATH, called WHAT in errors ("the deviations"), into ARENA as a source. False with an error. */
MUST_USE bool sections_read(const char *path, const char *what, struct arena *arena, struct source *source,
                            struct error *error);

#endif
