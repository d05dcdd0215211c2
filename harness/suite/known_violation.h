/* SPDX-License-Identifier: MIT */
/* Which known deviation a violation of the specification is. */
#ifndef SUITE_KNOWN_VIOLATION_H
#define SUITE_KNOWN_VIOLATION_H

#include "spec/judge.h"
#include "suite/deviations.h"

/*
 * The first entry of DEVIATIONS (may be NULL) that speaks of VIOLATION, which was judged by SPEC; or NULL. It goes by
 * the state and the control bits, or by the SCRIPT (a path, or NULL) in which it was seen.
 */
const struct deviation *known_violation(const struct deviations *deviations, const struct spec *spec,
                                        const struct judge_violation *violation, const char *script);

#endif
