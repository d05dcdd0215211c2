/* SPDX-License-Identifier: MIT */
#include "cli/scratch_folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPEN_AT_ONCE = 8 };

bool scratch_folder_make(struct text *path, struct error *error)
{
    const char *above = getenv("TMPDIR");
    text_append_format(path, "%s/shakedown.XXXXXX", above == NULL || above[0] == '\0' ? "/tmp" : above);
    if (path->truncated)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the name of a folder");
    if (mkdtemp(path->data) == NULL) {
        int reason = errno;
        text_clear(path);
        return error_set_system(error, ERROR_SYSTEM_CALL, reason, "a folder for generated scripts can't be made");
    }
    return true;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void scratch_folder_remove(const char *path)
{
    (void)nftw(path, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}
