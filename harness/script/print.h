/* SPDX-License-Identifier: MIT */
/* Programs as text: from the tree alone, or as a tidier form of the text that they were parsed from. */
#ifndef SCRIPT_PRINT_H
#define SCRIPT_PRINT_H

#include "script/program.h"

/*
 * The text of PROGRAM from its tree alone, wherever that came from: notes, options, commands and events, one a line.
 * What definitions stood for is in their place, and comments are not kept. Parsed again it is an equal program, and
 * prints as the same text.
 */
void program_print(struct text *text, const struct program *program);

/*
 * The source of PROGRAM, which was parsed from it, in the canonical layout: comments, names, the spelling of numbers
 * and of strings stay; so do single empty lines and line ends behind commas and between strings. Parsed again with the
 * same settings it is an equal program, and is laid out as the same text.
 */
void program_format(struct text *text, const struct program *program);

#endif
