/* SPDX-License-Identifier: MIT */
/* The numbers of the plug-in ABI and those that scripts are in: Linux's. Private to this room. */
#ifndef STACK_PLUGIN_NAMES_H
#define STACK_PLUGIN_NAMES_H

#include "shakedown/stack.h"

#include <stddef.h>

struct plugin_option {
    int level;
    int name;
    uint32_t option; /* enum shakedown_option */
    size_t length;   /* numbers that it has */
};

/* The ABI's option for Linux's; NULL if it has none. */
const struct plugin_option *plugin_option_find(int level, int name);

/* The errno for an enum shakedown_failure. */
int plugin_error_number(int64_t failure);

#endif
