/* SPDX-License-Identifier: MIT */
/* Rows of a specification as people read them. */
#ifndef REPORT_ROW_TEXT_H
#define REPORT_ROW_TEXT_H

#include "base/text.h"
#include "spec/spec.h"
#include "suite/catalogue.h"

/* "RST+ACK"; "any segment" for none in particular. */
void row_bits_text(struct text *text, const struct spec_bits *bits);

/* All states: what leads from each to which. */
void states_text(struct text *text, const struct spec *spec);

/* The rows of STATE with what they cite; CATALOGUE (or NULL) has the sentences. */
void state_text(struct text *text, const struct spec *spec, enum spec_state state, const struct catalogue *catalogue);

#endif
