/* SPDX-License-Identifier: MIT */
/* A socket call on a plug-in, while it is being made. Private to this room. */
#ifndef STACK_PLUGIN_CALLING_H
#define STACK_PLUGIN_CALLING_H

#include "stack/plugin_stack.h"

/* A call as it is being made. */
struct plugin_calling {
    struct plugin_stack *opened;
    const struct stack_argument *arguments;
    size_t count;
    struct plugin_descriptor *descriptor; /* that the first argument names; NULL if that is none */
    struct stack_return *returned;
};

/* The plug-in has no function for it: the stack may be able to, its adapter is not. */
#define FUNCTION(name) "function `" name "` in its adapter"

/* The argument INDEX, 0 if there is none. */
int64_t calling_number(const struct plugin_calling *calling, size_t index);

/* It failed with an errno. */
void calling_fail(const struct plugin_calling *calling, int error_number);

/* It can't be made at all. WHAT follows "the stack has no". */
void calling_lack(const struct plugin_calling *calling, const char *what);

/* What the ABI's function returned; what would block does so if BLOCKS. WHAT is as of calling_lack(), should the stack
 * say that it has no such thing. */
void calling_conclude(const struct plugin_calling *calling, int64_t value, bool blocks, const char *what);

void plugin_call_getsockopt(const struct plugin_calling *calling);
void plugin_call_setsockopt(const struct plugin_calling *calling);

#endif
