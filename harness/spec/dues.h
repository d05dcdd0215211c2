/* SPDX-License-Identifier: MIT */
/* What a stack owes: how it comes to that, and what pays for it. Private to this room. */
#ifndef SPEC_DUES_H
#define SPEC_DUES_H

#include "spec/step.h"

/* Adds to INTO what outcome INDEX of ROW makes the stack owe. An ACK that is owed already is owed once, for the later
 * text. */
void due_owe(const struct view *view, const struct spec_row *row, uint8_t index, struct hypothesis *into);

/* True if STEP's segment is what is due. */
bool due_pays(const struct step *step, const struct due *due);

/* What HYPOTHESIS owes at INDEX came, once. */
void due_pay(struct hypothesis *hypothesis, unsigned index);

/* Any segment that acknowledges enough pays for an ACK. */
void due_pay_acknowledgments(const struct step *step, struct hypothesis *hypothesis);

/* Makes INTO owe what OTHER owes as well, where when doesn't matter; false if that is more than fits. */
bool dues_unite(const struct spec *spec, struct hypothesis *into, const struct hypothesis *other);

#endif
