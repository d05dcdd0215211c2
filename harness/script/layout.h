/* SPDX-License-Identifier: MIT */
/* Where the canonical layout of a script has blanks within an event. Private to this room. */
#ifndef SCRIPT_LAYOUT_H
#define SCRIPT_LAYOUT_H

#include "script/lexer.h"

/* Deeper brackets are laid out like the deepest that is known. */
enum { LAYOUT_BRACKETS_MOST = VALUE_HEIGHT_MOST + 20 };

/* What was laid out of an event. */
struct layout {
    const struct program *program;
    struct token last; /* that is no comment */
    bool comment;      /* a comment came behind it */
    bool binary;       /* it is an operator of two operands */
    unsigned colon;    /* tokens from a sequence number's colon on; 0 without one */
    bool outer;        /* it is in a header in front of a segment */
    size_t depth;
    struct {
        char opening;
        size_t column; /* behind it */
    } brackets[LAYOUT_BRACKETS_MOST];
};

/* Takes note of TOKEN, which ends in COLUMN. */
void layout_pass(struct layout *layout, const struct token *token, size_t column);

/* True if a blank stands before TOKEN, which follows the last one on its line. */
bool layout_blank_before(const struct layout *layout, const struct token *token);

/* True if a line end that the author put before TOKEN stays. */
bool layout_keeps_line_end(const struct layout *layout, const struct token *token);

/* The column that a further line of an event begins in. */
size_t layout_indent(const struct layout *layout);

#endif
