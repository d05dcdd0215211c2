/* SPDX-License-Identifier: MIT */
/* The text of a script. */
#ifndef GENERATE_WRITER_H
#define GENERATE_WRITER_H

#include "base/text.h"
#include "generate/candidate.h"

/* Writes the script of CANDIDATE to TEXT: how the stack is brought to the place, what is done there, what it must
 * answer, and what shows where it is then. */
void script_write(struct text *text, const struct candidate *candidate);

#endif
