/* SPDX-License-Identifier: MIT */
/* What socket calls amount to among the user's calls that the specification knows. Private to this room. */
#ifndef SPEC_CALLS_H
#define SPEC_CALLS_H

#include "spec/spec.h"

/* Whoever listens was there before the first event, or was not. What is not seen may have been called. */
static const uint8_t calls_before = 1U << SPEC_CALL_OPEN;
static const uint8_t calls_unseen = (1U << SPEC_CALL_COUNT) - 1;

/* Bits of enum spec_call: what the call NAME with ARGUMENTS, as a trace tells it, makes possible from then on. */
uint8_t calls_of(const char *name, const char *arguments);

#endif
