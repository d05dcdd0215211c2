/* SPDX-License-Identifier: MIT */
/* A stack that a plug-in made. Private to this room. */
#ifndef STACK_PLUGIN_STACK_H
#define STACK_PLUGIN_STACK_H

#include "stack/plugin_load.h"

enum {
    PLUGIN_DESCRIPTORS_MOST = 4096,
    PLUGIN_DESCRIPTOR_FIRST = 3, /* as in a process that has its standard streams */
};

/* What the plug-in's caller has in place of the kernel's file descriptors. */
struct plugin_descriptor {
    bool open;
    bool nonblocking;
    bool connecting; /* a blocking connect() has begun */
    int32_t socket;  /* the plug-in's */
    int family;      /* AF_INET or AF_INET6 */
    size_t done;     /* bytes of a blocking write that the stack has taken */
};

struct plugin_stack {
    struct stack stack;
    struct plugin *plugin;
    const struct shakedown_stack_plugin *offers; /* of the plug-in */
    struct shakedown_stack *made;
    struct shakedown_host host;
    struct shakedown_endpoint endpoints[2];
    char *options;
    uint64_t seed;
    uint64_t random;     /* what the next random number is made of */
    struct error misuse; /* the first thing that it did and may not; ERROR_NONE so far */
    nanoseconds now;
    nanoseconds due;       /* when the stack wants to be called, as it said last */
    nanoseconds call_ends; /* when a call that waits gives up; NANOSECONDS_NEVER if none does */
    struct plugin_descriptor descriptors[PLUGIN_DESCRIPTORS_MOST];
    size_t descriptor_count; /* up to the highest that was ever open */
};

/* Notes that the stack broke a rule of the ABI, which the next plugin_advance() tells. */
void plugin_misuse(struct plugin_stack *opened, const char *format, ...) PRINTF_LIKE(2, 3);

/* As stack_call(). */
void plugin_call(struct stack *stack, const struct stack_call *call, struct stack_return *returned);

#endif
