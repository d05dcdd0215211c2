/* SPDX-License-Identifier: MIT */
#include "cli/specification.h"

#include "cli/data_file.h"

#include <stdio.h>

bool specification_load(struct spec *spec, const char *path, struct error *error)
{
    struct text place = text_growing();
    struct text told = text_growing();
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool found = path != NULL;
    if (found)
        text_append_string(&place, path);
    else
        found = data_file_specification(&place);
    bool loaded =
        found ? spec_load(spec, text_string(&place), &diagnostics, error)
              : error_set(error, ERROR_NOT_FOUND, "the specification is not found; name it with --specification FILE");
    if (loaded && diagnostics.count > 0) {
        diagnostics_print(&told, &spec->source, &diagnostics);
        (void)fputs(text_string(&told), stderr);
        loaded = error_set(error, ERROR_MALFORMED, "%s is no specification to judge by", text_string(&place));
    }
    arena_free(&arena);
    text_free(&told);
    text_free(&place);
    return loaded;
}
