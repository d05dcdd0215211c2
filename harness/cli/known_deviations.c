/* SPDX-License-Identifier: MIT */
#include "cli/known_deviations.h"

#include <stdio.h>

bool known_deviations_load(const struct deviations_place *place, struct deviations *deviations, bool *found,
                           struct error *error)
{
    struct text path = text_growing();
    struct text diagnostics = text_growing();
    bool loaded = true;
    *found = place->path != NULL;
    if (*found)
        text_append_string(&path, place->path);
    else
        *found = place->find(&path, place->stack);
    if (*found) {
        loaded = deviations_load(text_string(&path), &diagnostics, deviations, error);
        (void)fputs(text_string(&diagnostics), stderr);
    }
    text_free(&diagnostics);
    text_free(&path);
    return loaded;
}

void known_deviations_note_missing(const char *stack)
{
    /* A plug-in that the user names comes with none. */
    if (strcmp(stack, "plugin") != 0)
        (void)fprintf(stderr,
                      "shakedown: the file of the known deviations of %s is not found, so each counts as a fail; name "
                      "it with --deviations FILE, or go without by --no-deviations\n",
                      stack);
}
