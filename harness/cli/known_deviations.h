/* SPDX-License-Identifier: MIT */
/* What a stack is known to do otherwise, from the files that come with it or that the user names. */
#ifndef CLI_KNOWN_DEVIATIONS_H
#define CLI_KNOWN_DEVIATIONS_H

#include "suite/deviations.h"

/* Where they are. */
struct deviations_place {
    const char *path;                                   /* a file; NULL: the one that comes with the stack */
    const char *stack;                                  /* its name */
    bool (*find)(struct text *path, const char *stack); /* finds that one: data_file_deviations() or the like */
};

/* Reads those at PLACE; FOUND says whether there is such a file. What is wrong with its text goes to standard error.
 * End with deviations_free() in any case. */
MUST_USE bool known_deviations_load(const struct deviations_place *place, struct deviations *deviations, bool *found,
                                    struct error *error);

/* Says on standard error that the file of what STACK does otherwise is not there, so that each counts as a fail. */
void known_deviations_note_missing(const char *stack);

#endif
