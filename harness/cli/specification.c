/* SPDX-License-Identifier: MIT */
#include "cli/specification.h"

#include "cli/data_file.h"
#include "cli/requirements.h"

#include <stdio.h>

/* False, once DIAGNOSTICS were told, if there are any. */
static bool refuse_unsound(const struct spec *spec, const struct diagnostics *diagnostics, struct error *error)
{
    struct text told = text_growing();
    if (diagnostics->count == 0)
        return true;
    diagnostics_print(&told, &spec->source, diagnostics);
    (void)fputs(text_string(&told), stderr);
    text_free(&told);
    return error_set(error, ERROR_MALFORMED, "%s is no specification to judge by", spec->source.name);
}

bool specification_read(struct spec *spec, const char *path, struct diagnostics *diagnostics, struct error *error)
{
    struct text place = text_growing();
    bool found = path != NULL;
    if (found)
        text_append_string(&place, path);
    else
        found = data_file_specification(&place);
    bool read =
        found ? spec_load(spec, text_string(&place), diagnostics, error)
              : error_set(error, ERROR_NOT_FOUND, "the specification is not found; name it with --specification FILE");
    text_free(&place);
    return read;
}

bool specification_load(struct spec *spec, const char *path, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool loaded = specification_read(spec, path, &diagnostics, error) && refuse_unsound(spec, &diagnostics, error);
    arena_free(&arena);
    return loaded;
}

static bool knows_clause(const void *context, const char *clause)
{
    return catalogue_find(context, clause, strlen(clause)) != NULL;
}

bool specification_check_laws(const struct spec *spec, const struct catalogue *catalogue, struct laws *laws,
                              struct diagnostics *diagnostics, struct error *error)
{
    laws->knows_clause = catalogue == NULL ? NULL : knows_clause;
    laws->context = catalogue;
    return laws_check(spec, laws, diagnostics, error);
}

bool specification_load_lawful(struct spec *spec, const char *path, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct catalogue catalogue = {.count = 0};
    struct laws laws = {.knows_clause = NULL};
    bool found = false;
    bool lawful = specification_load(spec, path, error) && requirements_load(&catalogue, &found, error) &&
                  specification_check_laws(spec, found ? &catalogue : NULL, &laws, &diagnostics, error) &&
                  refuse_unsound(spec, &diagnostics, error);
    catalogue_free(&catalogue);
    arena_free(&arena);
    return lawful;
}
