/* SPDX-License-Identifier: MIT */
/* The requirements that a script cites in its notes: `//: requirement RFC9293 MUST-10, RFC5961 section 4`. */
#ifndef SUITE_REQUIREMENT_H
#define SUITE_REQUIREMENT_H

#include "script/program.h"

/* How much a broken requirement weighs (RFC 2119). */
enum requirement_level {
    REQUIREMENT_MUST, /* also what names no level */
    REQUIREMENT_SHOULD,
    REQUIREMENT_MAY,
};

/* The strictest level that PROGRAM cites; REQUIREMENT_MUST if it cites nothing. RFC 9293 names them MUST-n, SHLD-n
 * (also REC-n) and MAY-n. */
enum requirement_level requirement_level(const struct program *program);

/* True if PROGRAM cites ID: a run of whole words of a note ("MUST-10" is not cited by "MUST-101"). */
bool requirement_cited(const struct program *program, const char *id);

/* Takes the next requirement, what stands before a comma, from *REST, a note's value: LENGTH characters at START,
 * without blanks around them. False at the end. */
bool requirement_next(const char **rest, const char **start, size_t *length);

/* All that PROGRAM cites, with ", " between the notes. */
void requirement_print(struct text *text, const struct program *program);

#endif
