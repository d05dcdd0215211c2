/* SPDX-License-Identifier: MIT */
/* Times of a script that can't be kept to. */
#ifndef ENGINE_CHECK_TIME_H
#define ENGINE_CHECK_TIME_H

#include "engine/engine.h"

/* Diagnostics for every absolute time that is over before its event can be reached, and for every call that is let
 * block while another still does: a stack has one thread for them. TOLERANCE is the script's. */
void check_times(const struct program *program, nanoseconds tolerance, struct diagnostics *diagnostics);

#endif
