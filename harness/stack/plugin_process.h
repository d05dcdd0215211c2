/* SPDX-License-Identifier: MIT */
/*
 * A process of its own for a plug-in, which may do whatever broken code does. Whoever started it learns how it ended,
 * and where it was; nothing that it does reaches further. It is killed when its parent dies. What it writes to its
 * standard streams is kept, up to a bound, and shown to nobody else; what it starts ends with it; its memory has a
 * limit, and it leaves no core file.
 */
#ifndef STACK_PLUGIN_PROCESS_H
#define STACK_PLUGIN_PROCESS_H

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "stack/plugin_guard.h"

#include <sys/types.h>

enum { PLUGIN_STREAMS = 2 }; /* standard output and standard error */

struct plugin_process {
    pid_t pid;
    unsigned seconds; /* of computing that it has for a piece of work */
    int streams[PLUGIN_STREAMS];
    struct plugin_report *report; /* shared with the process */
    int status;                   /* once collected */
    bool killed;                  /* because it did not end in time */
    bool computed;                /* it was ended by the limit on computing */
};

/* Runs in the process; its exit status is what it returns. */
typedef int plugin_process_main(void *context);

/* What a process is started with. */
struct plugin_process_order {
    plugin_process_main *main;
    void *context;
    unsigned seconds; /* of computing that it has for a piece of work; 0: PLUGIN_COMPUTE_SECONDS */
    size_t pieces;    /* of work, each begun by plugin_process_begin(); 0: one, begun already */
};

/* Starts a process in which the guard is armed. End it with plugin_process_collect() and plugin_process_free(). */
MUST_USE bool plugin_process_start(struct plugin_process *process, const struct plugin_process_order *order,
                                   struct error *error);

/* To be said in the process when another piece of its work begins. */
void plugin_process_begin(void);

/* To be said in the process when all it had to do is done, and the stack, which is done with, may be blamed no more. */
void plugin_process_done(void);

/* Waits at most PATIENCE for it to end, then kills it and what it started. */
void plugin_process_collect(struct plugin_process *process, nanoseconds patience);

/* What a process came to that did not do all it had to, or that a sanitizer stopped. */
struct plugin_end {
    bool blames; /* it was the stack's doing; a plug-in that can't even be loaded is none yet */
    struct text headline;
    struct text detail; /* whole lines; the functions that ran */
};

/* Tells of the end of a collected process: false if all is well. END's texts, which grow, are added to. */
bool plugin_process_explain(const struct plugin_process *process, struct plugin_end *end);

/* Adds what the stack wrote to its standard streams, if it did, as lines of a detail. */
void plugin_process_print_written(const struct plugin_process *process, struct text *detail);

void plugin_process_free(struct plugin_process *process);

/* What a piece of work on a plug-in comes to. */
struct plugin_answer {
    struct text text; /* grows */
    int status;       /* of the work's own meaning */
};

/* A piece of work on a plug-in, in the process. */
typedef bool plugin_work(void *context, struct plugin_answer *answer, struct error *error);

struct plugin_work_order {
    plugin_work *work;
    void *context;
    unsigned seconds; /* as of struct plugin_process_order */
};

/*
 * Has WORK done in a process and gives its answer and its error as if it had been called here. Should it not come back,
 * ERROR says why, and is ERROR_STACK_FAULT if that was the stack's doing; DETAIL has the functions that ran, and what
 * the stack wrote.
 */
MUST_USE bool plugin_process_work(const struct plugin_work_order *order, struct plugin_answer *answer,
                                  struct text *detail, struct error *error);

/* Loads the plug-in in the file PATH in a process: how it starts afresh (enum shakedown_restart), or why it can't be
 * loaded. */
MUST_USE bool plugin_process_probe(const char *path, uint32_t *restart, struct error *error);

#endif
