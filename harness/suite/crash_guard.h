/* SPDX-License-Identifier: MIT */
/*
 * A worker that runs a stack inside itself may be ended by it at any time. The guard makes what ended it the script's
 * result: which signal, at which address, and the functions that were running.
 */
#ifndef SUITE_CRASH_GUARD_H
#define SUITE_CRASH_GUARD_H

/* From now on a fault of this process, or more than CRASH_GUARD_SECONDS of computing, is told through DESCRIPTOR as the
 * run's result, the verdict error, and ends the process. */
void crash_guard_arm(int descriptor);

/* The run is over: what happens from now on is not the stack's doing. */
void crash_guard_disarm(void);

enum { CRASH_GUARD_SECONDS = 5 };

#endif
