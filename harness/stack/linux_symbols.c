/* SPDX-License-Identifier: MIT */
#include "stack/linux_symbols.h"

#include "base/nearest_name.h"
#include "stack/linux_symbol_rows.h"

#include <stdlib.h>

/* Longer than any name. */
enum { NAME_MOST = 64 };

static const struct linux_symbol_rows *const subjects[] = {
    &linux_symbols_socket,
    &linux_symbols_internet,
    &linux_symbols_tcp,
    &linux_symbols_file,
};

static int row_compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct linux_symbol_row *)row)->name);
}

static const struct linux_symbol_row *row_find(const char *name)
{
    const struct linux_symbol_row *found = NULL;
    for (size_t subject = 0; found == NULL && subject < COUNT_OF(subjects); subject++)
        found = bsearch(name, subjects[subject]->rows, subjects[subject]->count, sizeof(*found), row_compare);
    return found;
}

enum symbol_place linux_symbol(const char *name, size_t length, int64_t *value)
{
    char key[NAME_MOST];
    if (length >= sizeof(key) || memchr(name, '\0', length) != NULL)
        return SYMBOL_UNKNOWN;
    memcpy(key, name, length);
    key[length] = '\0';
    const struct linux_symbol_row *found = row_find(key);
    int error_number;
    if (found != NULL)
        *value = found->value;
    else if (linux_error_number(key, &error_number))
        *value = error_number;
    else
        return foreign_symbol(key) ? SYMBOL_ELSEWHERE : SYMBOL_UNKNOWN;
    return SYMBOL_HERE;
}

const char *linux_symbol_at(size_t index)
{
    for (size_t subject = 0; subject < COUNT_OF(subjects); subject++) {
        if (index < subjects[subject]->count)
            return subjects[subject]->rows[index].name;
        index -= subjects[subject]->count;
    }
    return linux_error_name_at(index);
}

static const char *symbol_of_list(const void *context, size_t index)
{
    (void)context;
    return linux_symbol_at(index);
}

const char *linux_nearest_symbol(const char *name, size_t length)
{
    return nearest_name(name, length, symbol_of_list, NULL);
}
