/* SPDX-License-Identifier: MIT */
/* A folder for what a run makes for itself and leaves nothing of. */
#ifndef CLI_SCRATCH_FOLDER_H
#define CLI_SCRATCH_FOLDER_H

#include "base/error.h"
#include "base/text.h"

/* Makes one in $TMPDIR, or in /tmp, that nobody else can enter; PATH is where. */
MUST_USE bool scratch_folder_make(struct text *path, struct error *error);

/* Removes the folder at PATH with all that is in it. */
void scratch_folder_remove(const char *path);

#endif
