/* SPDX-License-Identifier: MIT */
/* Shell commands of a script: what they say when they fail. */
#ifndef ENGINE_COMMAND_H
#define ENGINE_COMMAND_H

#include "base/text.h"
#include "engine/child.h"

/* Starts `/bin/sh -c TEXT`. */
MUST_USE bool command_start(struct child *child, const char *text, struct error *error);

/*
 * Looks at a command that has ended, or (if it has not) has had TIME. False if that is a failure: ERROR is the
 * sentence, OUTPUT gets the end of what it printed, as lines under the place.
 */
bool command_judge(const struct child *child, const char *text, nanoseconds time, struct error *error,
                   struct text *output);

/*
 * The first setting whose value the running kernel refused, by what the command printed; of those that its TEXT names,
 * if that is not NULL. False if there is none; else NAME gets it.
 */
bool command_refused_setting(const struct child *child, const char *text, struct text *name);

/* What a program printed, as lines under a place. */
void command_print_output(struct text *text, const struct child *child);

/*
 * The first variable that a command gives to sysctl(8) and that Linux does not have because it is FreeBSD's. False if
 * there is none; else NAME gets it.
 */
bool command_foreign_setting(const char *text, struct text *name);

#endif
