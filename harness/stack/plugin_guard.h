/* SPDX-License-Identifier: MIT */
/*
 * A process that runs a stack inside itself may be ended by it at any time. The guard makes what ended it a report that
 * outlives the process: which signal, at which address, and the functions that were running.
 */
#ifndef STACK_PLUGIN_GUARD_H
#define STACK_PLUGIN_GUARD_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* What the process is doing with the plug-in. */
enum plugin_phase {
    PLUGIN_OUTSIDE, /* nothing: the harness's own work */
    PLUGIN_LOADING,
    PLUGIN_CREATE,
    PLUGIN_DESTROY,
    PLUGIN_PACKET,
    PLUGIN_ADVANCE,
    PLUGIN_FAULT,
    PLUGIN_CALL, /* and, from here on, each enum stack_operation */
};

enum { PLUGIN_REPORT_HEADLINE = 2048, PLUGIN_REPORT_DETAIL = 16384 };

/* In memory that the process shares with its parent, which takes nothing in it for granted. */
struct plugin_report {
    uint32_t seconds; /* of computing that the stack has */
    volatile uint32_t phase;
    volatile uint32_t entered; /* how often a phase was entered */
    volatile bool told;        /* `headline` and `detail` are written */
    volatile bool blames;      /* and are about what the stack did, not the harness */
    volatile bool done;        /* the process did all it had to */
    char headline[PLUGIN_REPORT_HEADLINE];
    char detail[PLUGIN_REPORT_DETAIL];
    bool sound; /* what was done had no error; else: */
    struct error error;
    int status; /* of what was done */
};

/* The one of this process; where nothing is guarded, one that nobody reads. */
extern struct plugin_report *plugin_guard_report;

static inline void plugin_enter(unsigned phase)
{
    plugin_guard_report->phase = phase;
    plugin_guard_report->entered++;
}

static inline void plugin_leave(void)
{
    plugin_guard_report->phase = PLUGIN_OUTSIDE;
}

/* " in create", "" for nothing; of any number. */
void plugin_phase_print(struct text *text, uint32_t phase);

/*
 * From now on a fault of this process, its exit(), a fork() by the stack, more than REPORT's seconds of computing, and
 * more than PLUGIN_WAIT_SECONDS of waiting in one function of the stack, are written into REPORT and end the process.
 */
void plugin_guard_arm(struct plugin_report *report);

/* The stack is done with: what happens from now on is not its doing. */
void plugin_guard_disarm(void);

/* The stack called FUNCTION of its host. False if it may not now: when none of its own functions runs, or from another
 * thread; in a guarded process that is reported and ends it. */
bool plugin_guard_calls_host(const char *function);

/* How long the stack may compute in all, usually, and wait at one place. */
enum { PLUGIN_COMPUTE_SECONDS = 5, PLUGIN_WAIT_SECONDS = 5 };

#endif
