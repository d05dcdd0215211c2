/* SPDX-License-Identifier: MIT */
/* From a path to a checked script, and from a script to its cases. */
#ifndef SUITE_PLAN_H
#define SUITE_PLAN_H

#include "suite/suite.h"

/* Reads and checks the script at script->path; whatever is wrong with it goes into its `check`, `headline` and
 * `detail`. False only if memory ran out. */
MUST_USE bool plan_script(struct suite *suite, struct suite_script *script, struct error *error);

/* IP versions that SCRIPT is to be performed on, given those that the user asked for (0: no wish). */
ip_versions plan_versions(const struct suite_script *script, ip_versions asked);

/* When the last event of PROGRAM is due, counted from its start. */
nanoseconds plan_estimate(const struct program *program);

#endif
