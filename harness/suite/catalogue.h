/* SPDX-License-Identifier: MIT */
/*
 * The catalogue of requirements: what each that a script can cite asks for, in a sentence of our own.
 *
 *     [RFC9293 MUST-10]         as scripts cite it
 *     section = 3.5             of that document, or several
 *     level = MUST              or SHOULD, MAY
 *     says = Two SYNs that cross each other make one connection.
 *     unseen = Why nobody can tell from outside whether it is kept, or
 *     outside = why it has nothing to do with the handshake: where neither a rule nor a script is about it.
 */
#ifndef SUITE_CATALOGUE_H
#define SUITE_CATALOGUE_H

#include "base/source.h"
#include "base/text.h"
#include "script/program.h"

struct catalogue_entry {
    const char *requirement;
    const char *section;
    const char *level;
    const char *says;
    const char *unseen;  /* NULL: not said */
    const char *outside; /* NULL: not said */
    struct span at;      /* of its name */
};

struct catalogue {
    struct arena arena;
    struct catalogue_entry *entries;
    size_t count;
    size_t capacity;
};

/* Adds the entries of SOURCE, which is not kept, to CATALOGUE. False with diagnostics: CATALOGUE may then hold some of
 * them. */
MUST_USE bool catalogue_add(struct catalogue *catalogue, const struct source *source, struct diagnostics *diagnostics);

/* Adds the entries of all files *.conf in FOLDER. False with an error; what is wrong with a file goes to TEXT. */
MUST_USE bool catalogue_load(struct catalogue *catalogue, const char *folder, struct text *text, struct error *error);

void catalogue_free(struct catalogue *catalogue);

/* The entry for the LENGTH characters at REQUIREMENT, or NULL. */
const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue, const char *requirement, size_t length);

/* A line "REQUIREMENT: sentence" for each that PROGRAM cites, without the sentence where the catalogue (which may be
 * NULL) has none. */
void catalogue_print(struct text *text, const struct catalogue *catalogue, const struct program *program);

/* The first thing that PROGRAM cites and CATALOGUE lacks; an empty span if there is none. It points into a note. */
struct bytes catalogue_missing(const struct catalogue *catalogue, const struct program *program);

#endif
