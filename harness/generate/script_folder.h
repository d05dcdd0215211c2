/* SPDX-License-Identifier: MIT */
/* The folder that scripts are written into. */
#ifndef GENERATE_SCRIPT_FOLDER_H
#define GENERATE_SCRIPT_FOLDER_H

#include "base/error.h"
#include "base/text.h"

/* The note by which a script is known that was generated. */
#define SCRIPT_FOLDER_NOTE "//: note written by shakedown spec generate\n"

/* Makes the folder DIRECTORY if it is not there, and removes scripts from it that have the note. */
MUST_USE bool script_folder_prepare(const char *directory, struct error *error);

/* Writes TEXT into the file NAME of it. */
MUST_USE bool script_folder_write(const char *directory, const char *name, const struct text *text,
                                  struct error *error);

#endif
