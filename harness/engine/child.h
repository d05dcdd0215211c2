/* SPDX-License-Identifier: MIT */
/*
 * A program that a script has run: a child of this process in a process group of its own, with the end of what it
 * prints kept. It inherits the environment, PACKETDRILL_PID (this process's id) besides, the working directory, the
 * namespaces, and no descriptor but those given to it.
 */
#ifndef ENGINE_CHILD_H
#define ENGINE_CHILD_H

#include "base/clock.h"
#include "base/error.h"

#include <sys/types.h>

enum { CHILD_OUTPUT_MOST = 4096 };

struct child {
    pid_t pid;
    int handle; /* becomes readable when the program has ended */
    int output; /* what it prints; -1 once nobody can print any more */
    int status; /* of waitpid(), once it has ended */
    bool ended;
    bool cut;      /* it printed more than is kept */
    size_t length; /* of what is kept: the end of what it printed */
    char kept[CHILD_OUTPUT_MOST];
};

/* What it is to run: NULL-ended arguments, the first the program, looked for in PATH. */
struct child_order {
    const char *const *arguments;
    int input; /* its standard input; -1: /dev/null */
    int reply; /* its descriptor 3; -1: none */
};

/* Starts it. Descriptors in ORDER stay the caller's. */
MUST_USE bool child_start(struct child *child, const struct child_order *order, struct error *error);

/* Takes in what it has printed, and whether it has ended. Does not wait. */
void child_listen(struct child *child);

/* Waits until it has ended or DEADLINE (CLOCK_MONOTONIC). True if it has ended. */
bool child_await(struct child *child, nanoseconds deadline);

/* Kills its whole process group if it has not ended, and forgets it. */
void child_end(struct child *child);

/* A pipe whose ends are out of the way of a script's descriptors and of those of a child. */
MUST_USE bool child_pipe(int ends[2], struct error *error);

#endif
