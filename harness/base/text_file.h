/* SPDX-License-Identifier: MIT */
/* Files of text that users write: scripts, specifications. */
#ifndef BASE_TEXT_FILE_H
#define BASE_TEXT_FILE_H

#include "base/error.h"
#include "base/text.h"

/*
 * Appends all of the file PATH to TEXT; it need not be a plain file. False with an error if it can't be read, is a
 * folder, has more than 16 MiB, or is no text. WHAT it should be is named in messages: "script".
 */
MUST_USE bool text_file_read(const char *path, const char *what, struct text *text, struct error *error);

#endif
