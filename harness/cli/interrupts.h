/* SPDX-License-Identifier: MIT */
/* The signals that end a run, taken out of the ordinary course. */
#ifndef CLI_INTERRUPTS_H
#define CLI_INTERRUPTS_H

#include "base/error.h"

#include <signal.h>

struct interrupts {
    int descriptor; /* readable once a signal came; -1 before interrupts_open() */
    sigset_t before;
};

/* From now on SIGINT, SIGTERM and SIGHUP end nothing, but make the descriptor readable. */
MUST_USE bool interrupts_open(struct interrupts *interrupts, struct error *error);

/* The exit status of a run that a signal ended: which one is read from the descriptor. */
int interrupts_status(const struct interrupts *interrupts);

/* Signals are again as they were; nothing if they were not opened. */
void interrupts_close(struct interrupts *interrupts);

#endif
