/* SPDX-License-Identifier: MIT */
/*
 * A stack in a shared object, reached by the plug-in ABI (shakedown/stack.h) and run under a virtual clock: it sends
 * and takes packets by function call, and time moves when stack_advance() moves it.
 */
#ifndef STACK_PLUGIN_H
#define STACK_PLUGIN_H

#include "shakedown/stack.h"
#include "stack/stack.h"

/* A shared object that is loaded. */
struct plugin;

/*
 * Loads the plug-in in the file PATH. ERROR_NOT_FOUND if it is not there; ERROR_MALFORMED if it is no shared object, is
 * no plug-in, is one for another version of the ABI, or lacks a function: which one is said.
 */
MUST_USE bool plugin_load(const char *path, struct plugin **plugin, struct error *error);

/* What it offers; lives as long as PLUGIN. */
const struct shakedown_stack_plugin *plugin_offers(const struct plugin *plugin);

/* NULL is allowed. */
void plugin_unload(struct plugin *plugin);

struct plugin_settings {
    const char *options;      /* for the plug-in; NULL for none */
    struct address local[2];  /* by version; family ADDRESS_NONE: 198.51.100.1, 2001:db8::1 */
    struct address remote[2]; /* likewise: 198.51.100.2, 2001:db8::2 */
    unsigned mtu;             /* 0: 1500; below 1280 the stack gets no IPv6 address */
    uint64_t seed;            /* of the stack's random numbers: the same seed, the same run */
};

/* Creates a stack. PLUGIN must outlive it. ERROR_MALFORMED with the plug-in's own words if it refuses. */
MUST_USE bool plugin_stack_open(struct plugin *plugin, const struct plugin_settings *settings, struct stack **stack,
                                struct error *error);

/*
 * Puts a stack that plugin_stack_open() made back to its start, clock and random numbers included, in the way that the
 * plug-in names. ERROR_NOT_APPLICABLE if that way is a process of its own, or the plug-in has threads and its memory
 * can't be put back.
 */
MUST_USE bool plugin_stack_restart(struct stack *stack, struct error *error);

#endif
