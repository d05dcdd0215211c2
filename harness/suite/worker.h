/* SPDX-License-Identifier: MIT */
/* What runs in an isolated process: one performance of one case. */
#ifndef SUITE_WORKER_H
#define SUITE_WORKER_H

#include "engine/machine_watch.h"
#include "suite/suite.h"

/* What a worker needs to know. All of it is there before the process is made; it inherits the descriptors. */
struct worker_order {
    const struct suite_settings *settings;
    const struct suite_case *one;
    const struct machine_watch *watch;
    int pipe;                                /* messages to the parent */
    int folder;                              /* that the script is in: opened before the worker's own mounts hide it */
    int recordings[SUITE_RECORDERS_MOST];    /* an open file for each recorder, */
    const char *names[SUITE_RECORDERS_MOST]; /* and what it is called */
};

/* An isolation_main: performs the order at CONTEXT and tells the parent through the pipe. */
int worker_main(void *context);

#endif
