/* SPDX-License-Identifier: MIT */
/* "Did you mean": the known name that is nearest to a mistyped one. */
#ifndef BASE_NEAREST_NAME_H
#define BASE_NEAREST_NAME_H

#include "base/compiler.h"

#include <stddef.h>

/* The i-th known name, or NULL past the last. */
typedef const char *nearest_name_list(const void *context, size_t index);

/*
 * Of the names of LIST the one that the fewest changed, added, missing or swapped letters (case counts half) turn into
 * the LENGTH characters at NAME; NULL if none is within a third of its own length (or one letter, if that is more). The
 * first of several that are as near. Names of more than 63 characters are near to none.
 */
const char *nearest_name(const char *name, size_t length, nearest_name_list *list, const void *context);

/* As nearest_name(), over an array of COUNT strings. */
const char *nearest_name_of(const char *name, size_t length, const char *const *names, size_t count);

#endif
