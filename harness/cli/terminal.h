/* SPDX-License-Identifier: MIT */
/* Where the program's words go. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "base/error.h"
#include "base/text.h"

/* Writes TEXT to standard output at once and empties it. What can't be written is remembered. */
void terminal_write(struct text *text);

/* Writes "shakedown: " and the sentence of ERROR to standard error. */
void terminal_error(const struct error *error);

/* False if something that was written to standard output got lost, with the reason. */
MUST_USE bool terminal_sound(struct error *error);

/* True if standard output is a terminal whose lines can be drawn over. */
bool terminal_is_interactive(void);

/* True if colours are wanted there too (not with NO_COLOR set). */
bool terminal_has_colours(void);

/* How wide the terminal is; of what is none, what terminals usually are. */
size_t terminal_columns(void);

#endif
