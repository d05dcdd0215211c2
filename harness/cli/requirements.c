/* SPDX-License-Identifier: MIT */
#include "cli/requirements.h"

#include "cli/data_file.h"

#include <stdio.h>

bool requirements_load(struct catalogue *catalogue, bool *found, struct error *error)
{
    struct text path = text_growing();
    struct text diagnostics = text_growing();
    bool loaded = true;
    *found = data_file_requirements(&path);
    if (*found) {
        loaded = catalogue_load(catalogue, text_string(&path), &diagnostics, error);
        (void)fputs(text_string(&diagnostics), stderr);
    }
    text_free(&diagnostics);
    text_free(&path);
    return loaded;
}
