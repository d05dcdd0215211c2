/* SPDX-License-Identifier: MIT */
/* From the results of a run to what it came to: verdicts graded, known deviations found, totals. */
#ifndef SUITE_SETTLE_H
#define SUITE_SETTLE_H

#include "suite/suite.h"

/* Fills what suite.h says is there once the run is over. False only if memory ran out. */
MUST_USE bool suite_settle(struct suite *suite, struct error *error);

#endif
