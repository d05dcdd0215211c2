/* SPDX-License-Identifier: MIT */
#include "cli/definitions.h"

bool definitions_add(struct definitions *definitions, const char *value, struct error *error)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value)
        return error_set(error, ERROR_USAGE, "a definition is NAME=VALUE, not `%s`", value);
    if (definitions->count == DEFINITIONS_MOST)
        return error_set(error, ERROR_USAGE, "there are more than %d definitions", DEFINITIONS_MOST);
    const char *name = arena_copy(&definitions->arena, value, (size_t)(equals - value));
    if (name == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a definition");
    definitions->items[definitions->count++] = (struct program_definition){.name = name, .value = equals + 1};
    return true;
}

void definitions_free(struct definitions *definitions)
{
    arena_free(&definitions->arena);
    definitions->count = 0;
}
