/* SPDX-License-Identifier: MIT */
/* Words of command lines that a user is to copy into a shell. */
#ifndef REPORT_SHELL_WORD_H
#define REPORT_SHELL_WORD_H

#include "base/text.h"

/* WORD as a POSIX shell takes it for one word that is the same; in quotes where it needs them. A word that would be
 * taken for an option is made a path. */
void shell_word_print(struct text *text, const char *word);

#endif
