/* SPDX-License-Identifier: MIT */
#include "cli/stack_choice.h"

#include "base/nearest_name.h"
#include "cli/data_file.h"
#include "stack/plugin_process.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

static const char *const names[] = {"linux", "sample"};
enum { FIRST_EMBEDDED = 1 };

const char *stack_choice_embedded(size_t index)
{
    return FIRST_EMBEDDED + index < COUNT_OF(names) ? names[FIRST_EMBEDDED + index] : NULL;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool choice_refuse(const char *name, struct error *error)
{
    const char *nearest = nearest_name_of(name, strlen(name), names, COUNT_OF(names));
    if (nearest == NULL)
        return error_set(error, ERROR_USAGE, "unknown stack %s; `shakedown stacks` lists those there are", name);
    return error_set(error, ERROR_USAGE, "unknown stack %s; did you mean %s?", name, nearest);
}

bool stack_choice_read(struct stack_choice *choice, const char *word, struct error *error)
{
    const char *colon = strchr(word, ':');
    stack_choice_free(choice);
    *choice = (struct stack_choice){.word = word, .name = text_growing(), .path = text_growing()};
    text_append_bytes(&choice->name, word, colon == NULL ? strlen(word) : (size_t)(colon - word));
    const char *name = text_string(&choice->name);
    if (strcmp(name, "plugin") == 0) {
        if (colon == NULL || colon[1] == '\0')
            return error_set(error, ERROR_USAGE, "which plug-in? Write plugin:FILE.so");
        const char *path = colon + 1;
        colon = strchr(path, ':');
        text_append_bytes(&choice->path, path, colon == NULL ? strlen(path) : (size_t)(colon - path));
    } else if (!is_known(name)) {
        return choice_refuse(name, error);
    } else if (strcmp(name, "linux") == 0) {
        return colon == NULL || error_set(error, ERROR_USAGE, "linux takes no options, as in %s", word);
    } else if (!data_file_stack(&choice->path, name)) {
        return error_set(error, ERROR_NOT_FOUND, "the stack %s is not installed with this program", name);
    }
    choice->options = colon == NULL ? NULL : colon + 1;
    return true;
}

const char *stack_choice_plugin(const struct stack_choice *choice)
{
    return choice->word == NULL || choice->path.length == 0 ? NULL : text_string(&choice->path);
}

bool stack_choice_check(struct stack_choice *choice, struct error *error)
{
    const char *path = stack_choice_plugin(choice);
    char place[PATH_MAX];
    if (path == NULL)
        return true;
    if (realpath(path, place) == NULL)
        return error_set_system(error, ERROR_NOT_FOUND, errno, "the plug-in %s can't be read", path);
    if (!plugin_process_probe(path, &choice->restart, error))
        return false;
    text_clear(&choice->path);
    text_append_string(&choice->path, place);
    return !choice->path.truncated || error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the plug-in's path");
}

void stack_choice_free(struct stack_choice *choice)
{
    if (choice->word == NULL)
        return;
    text_free(&choice->name);
    text_free(&choice->path);
    choice->word = NULL;
}
