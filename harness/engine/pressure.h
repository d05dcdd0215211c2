/* SPDX-License-Identifier: MIT */
/* How much the machine's programs have had to wait for a processor: what of a command's time was not its own. */
#ifndef ENGINE_PRESSURE_H
#define ENGINE_PRESSURE_H

#include "base/clock.h"

/* The time since the machine's start in which some program waited for a processor; 0 where the kernel does not tell. */
nanoseconds pressure_total(void);

/* The same from what /proc/pressure/cpu says; 0 if it is something else. */
nanoseconds pressure_read(const char *text);

#endif
