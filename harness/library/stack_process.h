/* SPDX-License-Identifier: MIT */
/* The process that an open stack lives in. */
#ifndef LIBRARY_STACK_PROCESS_H
#define LIBRARY_STACK_PROCESS_H

#include "engine/engine.h"
#include "stack/linux.h"

/* What it is started with; all of it is there before the process is made, which inherits the descriptors. */
struct stack_request {
    struct linux_settings stack;
    struct engine_options options;
    const char *title;
    int channel; /* orders come, and answers go, by it; the stack ends when its other end is closed */
    int trace;   /* a file for the trace */
};

/* An isolation_main: opens the stack of the request at CONTEXT, answers that it has or why it has not, and performs
 * orders until there are none any more. Does not return: what the program registered for its own end is not run. */
int stack_process_main(void *context);

#endif
