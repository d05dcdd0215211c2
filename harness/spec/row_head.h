/* SPDX-License-Identifier: MIT */
/* What a row is called: its head, as the specification has it. */
#ifndef SPEC_ROW_HEAD_H
#define SPEC_ROW_HEAD_H

#include "base/text.h"
#include "spec/spec.h"

/* "arrives RST when not acceptable", without the comment behind it. */
void row_head_print(struct text *text, const struct spec *spec, const struct spec_row *row);

#endif
