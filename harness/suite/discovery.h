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
};

struct discovery {
    struct arena arena;
    struct discovered_script *scripts;
    size_t count;
    size_t capacity;
};

/*
 * A file of PATHS is a script whatever its name; a folder stands for all *.pkt in it and below, in the order of their
 * names, hidden ones left out; links to folders are not followed. What comes twice is taken once. False with an error
 * for a path that is not there or can't be read, and for a folder without scripts. End with discovery_free() in any
 * case.
 */
MUST_USE bool discovery_find(struct discovery *discovery, const char *const *paths, size_t count, struct error *error);

void discovery_free(struct discovery *discovery);

#endif
