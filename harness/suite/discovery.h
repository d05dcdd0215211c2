/* SPDX-License-Identifier: MIT */
/* Finds the scripts that a run is about. */
#ifndef SUITE_DISCOVERY_H
#define SUITE_DISCOVERY_H

#include "base/arena.h"
#include "base/error.h"

struct discovered_script {
    const char *path;
    const char *name;   /* the path from the given folder's own name on; of a given file the last component */
    unsigned namesakes; /* earlier scripts with the same name */
    bool from_folder;   /* found in a folder that was given, rather than given itself */
    const char *fault;  /* in the place of scripts that are not there: why, one line; otherwise NULL */
};

struct discovery {
    struct arena arena;
    struct discovered_script *scripts;
    size_t count;
    size_t capacity;
};

/*
 * A file of PATHS is a script whatever its name; a folder stands for all *.pkt in it and below, in the order of their
 * names, hidden ones left out; links to folders are not followed. What comes twice is taken once. A folder without
 * scripts is listed itself, with its fault, so that it costs the other paths nothing. False with an error for a path
 * that is not there or can't be read, and if all that is given is folders without scripts. End with discovery_free() in
 * any case.
 */
MUST_USE bool discovery_find(struct discovery *discovery, const char *const *paths, size_t count, struct error *error);

void discovery_free(struct discovery *discovery);

#endif
