/* SPDX-License-Identifier: MIT */
/*
 * How much of what can happen the rows of a specification speak of: every state, with every combination of SYN, ACK,
 * RST and FIN, with and without text, at numbers before, at, within and behind the window, and with an ACK that is
 * older than any window, old, acceptable, or of nothing sent.
 */
#ifndef SPEC_SITUATIONS_H
#define SPEC_SITUATIONS_H

#include "base/text.h"
#include "spec/spec.h"

struct spec_situations {
    size_t count;
    size_t by_wildcards; /* decided by a row for `any` control bits */
    size_t without_row;  /* decided by none */
};

/* Counts the situations of SPEC; false with an error if memory ran out. */
MUST_USE bool spec_situations_count(const struct spec *spec, struct spec_situations *situations, struct error *error);

/* "4224 situations; rows for any control bits decide 21 %, none is without a row" */
void spec_situations_print(struct text *text, const struct spec_situations *situations);

#endif
