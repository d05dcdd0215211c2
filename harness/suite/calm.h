/* SPDX-License-Identifier: MIT */
/* Whether the machine has got over what was done before, so that what is performed now is not late because of it. */
#ifndef SUITE_CALM_H
#define SUITE_CALM_H

#include "engine/machine_watch.h"

/* True if the machine was not late just now. */
bool calm_now(const struct machine_watch *watch);

/* Waits until it was not, though not for ever: others may keep it busy. */
void calm_await(const struct machine_watch *watch);

/* After how long it is worth asking again. */
extern const nanoseconds calm_pause;

#endif
