/* SPDX-License-Identifier: MIT */
/* The constants that scripts name, as Linux has them, and those that other systems have instead. */
#ifndef STACK_LINUX_SYMBOLS_H
#define STACK_LINUX_SYMBOLS_H

#include "stack/linux.h"

/* The i-th name that Linux knows, errors included, or NULL past the last. */
const char *linux_symbol_at(size_t index);

/* The i-th name of an error, or NULL past the last. */
const char *linux_error_name_at(size_t index);

/* Number of the error NAME; false if Linux has none of that name. */
bool linux_error_number(const char *name, int *error_number);

/* True if NAME is a constant of another system. */
bool foreign_symbol(const char *name);

/* The i-th of those names in the order of strcmp(), or NULL past the last. */
const char *foreign_symbol_at(size_t index);

#endif
