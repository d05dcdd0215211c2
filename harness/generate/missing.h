/* SPDX-License-Identifier: MIT */
/* What no script brings about, and why. */
#ifndef GENERATE_MISSING_H
#define GENERATE_MISSING_H

#include "base/text.h"
#include "generate/goal.h"

/* Prints each transition of SPEC that is not among the COUNT GOALS, a line each, with the reason; how many. */
size_t missing_print(struct text *text, const struct spec *spec, const struct goal *goals, size_t count);

#endif
