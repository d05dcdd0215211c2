/* SPDX-License-Identifier: MIT */
/* A folder for what a run makes for itself and leaves nothing of, even if it is killed: a process that outlives the run
 * removes it as soon as the run is no more. */
#ifndef CLI_SCRATCH_FOLDER_H
#define CLI_SCRATCH_FOLDER_H

#include "base/error.h"
#include "base/text.h"

#include <sys/types.h>

/* Zero-initialise. */
struct scratch_folder {
    struct text path; /* "" for none; stays when the folder is removed */
    pid_t keeper;     /* the process that removes it; 0 without */
    int lifeline;     /* the keeper waits for the other end of it to be closed */
};

/* Makes one in $TMPDIR, or in /tmp, that nobody else can enter. */
MUST_USE bool scratch_folder_make(struct scratch_folder *folder, struct error *error);

/* Removes the folder with all that is in it; nothing if there is none. */
void scratch_folder_remove(struct scratch_folder *folder);

void scratch_folder_free(struct scratch_folder *folder);

#endif
