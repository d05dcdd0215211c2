/* SPDX-License-Identifier: MIT */
/* The small files of /proc that are settings. */
#ifndef STACK_SYSTEM_FILE_H
#define STACK_SYSTEM_FILE_H

#include "base/compiler.h"

#include <stdbool.h>

/* Writes TEXT in one call; false with errno set if it was not taken whole. */
MUST_USE bool system_file_write(const char *path, const char *text);

/* The number that the file begins with; false if there is no such file or no number in it. */
MUST_USE bool system_file_read_number(const char *path, long *value);

#endif
