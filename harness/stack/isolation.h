/* SPDX-License-Identifier: MIT */
/*
 * A process in namespaces of its own: user (unless root), pid, mount and network, with an empty /tmp. With the first
 * process of its pid namespace everything that it started dies, and with that every namespace and device it made; and
 * it is killed when its parent dies, however that happens.
 */
#ifndef STACK_ISOLATION_H
#define STACK_ISOLATION_H

#include "base/clock.h"
#include "base/error.h"

#include <sys/types.h>

/* Runs in the new process; what it returns is what the process calls exit() with. Signals are as in a fresh program:
 * none blocked, none handled. It is in a session of its own, which no terminal signals. */
typedef int isolation_main(void *context);

/*
 * Starts MAIN in a new process. PID is what the caller waits for with waitpid(), and kills with SIGKILL (other signals
 * are ignored): when it is gone, everything that MAIN started is. Its exit status is what MAIN returned, or 128 + N if
 * signal N ended MAIN. It dies with the calling thread. Flushes the caller's stdio streams first, so that nothing is
 * written twice. ERROR_NAMESPACE or ERROR_CAPABILITY_MISSING if this process may not make namespaces, with the command
 * that allows it; this is known before the function returns.
 */
MUST_USE bool isolation_start(isolation_main *main, void *context, pid_t *pid, struct error *error);

/* Waits at most PATIENCE for the process PID of isolation_start() to end, then kills it; it has ended after this.
 * Returns its status as waitpid() has it, 0 if somebody else has collected it. */
int isolation_collect(pid_t pid, nanoseconds patience);

/* True if namespaces can be made here at all; else ERROR says why and what would help. Makes one in a child to see. */
MUST_USE bool isolation_possible(struct error *error);

#endif
