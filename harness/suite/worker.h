/* SPDX-License-Identifier: MIT */
/* What runs in an isolated process: one performance of one case, or of several one after another. */
#ifndef SUITE_WORKER_H
#define SUITE_WORKER_H

#include "engine/machine_watch.h"
#include "suite/pool.h"

/* What a worker needs to know. All of it is there before the process is made; it inherits the descriptors. */
struct worker_order {
    const struct suite_settings *settings;
    const struct pool_item *items; /* all of one folder */
    size_t count;
    const struct machine_watch *watch;
    int pipe;                             /* messages to the parent */
    int folder;                           /* that the scripts are in: opened before the worker's own mounts hide it */
    int recordings[SUITE_RECORDERS_MOST]; /* an open file for each recorder of the only item, */
    const char *names[SUITE_RECORDERS_MOST]; /* and what it is called */
};

/* An isolation_main: performs the order at CONTEXT and tells the parent through the pipe. */
int worker_main(void *context);

#endif
