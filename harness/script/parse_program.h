/* SPDX-License-Identifier: MIT */
/* The two steps of parsing, for those who need them apart. Private to this room. */
#ifndef SCRIPT_PARSE_PROGRAM_H
#define SCRIPT_PARSE_PROGRAM_H

#include "script/program.h"

/* Copies SOURCE into the empty PROGRAM; false if memory ran out. */
MUST_USE bool program_take_source(struct program *program, const struct source *source);

/* Parses the source that PROGRAM holds; false with diagnostics, and PROGRAM half filled. */
MUST_USE bool program_parse_source(struct program *program, const struct program_settings *settings,
                                   struct diagnostics *diagnostics);

#endif
