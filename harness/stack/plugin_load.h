/* SPDX-License-Identifier: MIT */
/* A plug-in as it is loaded. Private to this room. */
#ifndef STACK_PLUGIN_LOAD_H
#define STACK_PLUGIN_LOAD_H

#include "stack/plugin.h"
#include "stack/plugin_memory.h"

struct plugin {
    void *object;                         /* of dlopen() */
    struct shakedown_stack_plugin offers; /* what the plug-in does not know of is zero */
    struct plugin_memory memory;
};

#endif
