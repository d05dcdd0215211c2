/* SPDX-License-Identifier: MIT */
/* Keeps what it knows in data and bss, and leaves it to the harness to put them back. */
#define PLUGIN_RESTART SHAKEDOWN_RESTART_COPY
#define PLUGIN_SOCKET  count
#include "plugin.h"

static int32_t in_data = 10;
static int32_t in_bss[1000];

static int32_t count(struct shakedown_stack *stack, uint32_t family)
{
    (void)stack;
    (void)family;
    return ++in_data + ++in_bss[999];
}

PLUGIN;
