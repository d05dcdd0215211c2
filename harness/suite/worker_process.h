/* SPDX-License-Identifier: MIT */
/* A worker as its parent sees it: a process, and a pipe that it tells its progress through. */
#ifndef SUITE_WORKER_PROCESS_H
#define SUITE_WORKER_PROCESS_H

#include "stack/plugin_process.h"
#include "suite/message.h"
#include "suite/pool.h"

#include <sys/types.h>

/* Each state follows from the one before, or from any earlier one. */
enum worker_state {
    WORKER_SETTING_UP, /* makes its device, opens its link, runs the init command; again for each item of a batch */
    WORKER_PERFORMING, /* said that it is ready */
    WORKER_TOLD,       /* all results are there; cleaning up */
    WORKER_REFUSED,    /* could not be set up: `error` */
    WORKER_LOST,       /* ended, or wrote what is no message */
    WORKER_TIMED_OUT,
};

struct worker_process {
    pid_t pid;
    struct plugin_process embedded; /* where the stack is a plug-in */
    int pipe;                       /* the end that is read */
    enum worker_state state;
    const struct pool_item *items; /* the pool's */
    size_t count;
    size_t told;                  /* of them, whose results came: the one at work is that behind them */
    struct suite_result *results; /* `count` of them */
    nanoseconds started;          /* the item at work */
    nanoseconds deadline;         /* of the state */
    bool was_ready;               /* it said so before it was lost or timed out */
    bool garbage;                 /* it was lost because of what it wrote */
    struct message_inbox inbox;
    struct error error;
};

/* Opens the recorders' files and starts a worker for COUNT ITEMS. False if that can't be done, for these or any other.
 */
MUST_USE bool worker_process_start(struct worker_process *process, const struct pool_settings *settings,
                                   const struct pool_item *items, size_t count, struct error *error);

/* Takes in what the worker wrote, and the time. True once there is nothing more to wait for. */
bool worker_process_listen(struct worker_process *process, nanoseconds now);

/* Collects the process, killing it if it has not ended by itself in time. Its results are all there afterwards if it is
 * WORKER_TOLD or had one item only; otherwise, or if the stack broke the process, there is none. The taker frees them
 * and the array. */
void worker_process_collect(struct worker_process *process);

/* Kills the process, which is still to be collected or discarded. */
void worker_process_kill(const struct worker_process *process);

/* Collects the process, killing it if it still runs; what it told is lost. */
void worker_process_discard(struct worker_process *process);

#endif
