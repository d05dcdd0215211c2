/* SPDX-License-Identifier: MIT */
/* Files that are written anew. */
#ifndef CLI_REPLACE_FILE_H
#define CLI_REPLACE_FILE_H

#include "base/error.h"
#include "base/text.h"

/*
 * Makes TEXT what the file at PATH holds, all of it or, with an error, nothing. Its mode stays, and a link to it stays
 * a link.
 */
MUST_USE bool replace_file(const char *path, const struct text *text, struct error *error);

#endif
