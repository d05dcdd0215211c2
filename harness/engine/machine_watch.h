/* SPDX-License-Identifier: MIT */
/*
 * The control timer: how late the machine itself was, and when. One thread a processor wakes every millisecond and
 * writes down, in memory that worker processes share, how long after its time it ran. A stack that answered late on a
 * machine that was late has not failed.
 */
#ifndef ENGINE_MACHINE_WATCH_H
#define ENGINE_MACHINE_WATCH_H

#include "base/clock.h"
#include "base/error.h"

struct machine_watch;

/* Starts the watch; processes forked afterwards may read it. Real-time priority is used where the process may have it.
 */
MUST_USE bool machine_watch_start(struct machine_watch **watch, struct error *error);

/* The worst lateness of any processor at any time from START to END (CLOCK_MONOTONIC), and of those that should have
 * woken by now and have not. The last minute is remembered; what is older counts as not late. */
nanoseconds machine_watch_worst(const struct machine_watch *watch, nanoseconds start, nanoseconds end);

/*
 * True if the watch has real-time priority on every processor. Without, it is itself kept waiting by whatever else
 * runs, and shows some milliseconds of lateness that a kernel's timers do not have.
 */
bool machine_watch_precise(const struct machine_watch *watch);

/* Ends the threads and frees; only in the process that started it. NULL is allowed. */
void machine_watch_stop(struct machine_watch *watch);

#endif
