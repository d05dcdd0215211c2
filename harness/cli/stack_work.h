/* SPDX-License-Identifier: MIT */
/* A command's work on one stack, in a process that is made for it: whatever the stack does there, it ends there. */
#ifndef CLI_STACK_WORK_H
#define CLI_STACK_WORK_H

#include "cli/stack_choice.h"
#include "stack/plugin_process.h"

struct stack_work {
    const struct stack_choice *choice;
    /* What is to be done. Its answer's text goes to standard output; its status is the exit status. */
    plugin_work *work;
    void *context;
    const char *did;  /* for "the process that ... was killed" */
    unsigned seconds; /* of computing that a plug-in has; 0: as usual */
};

/* Has the work done, tells what came of it, and returns the exit status. */
int stack_work_perform(struct stack_work *work);

#endif
