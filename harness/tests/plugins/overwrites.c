/* SPDX-License-Identifier: MIT */
/* Writes behind the memory that it was given when a packet comes. */
#define PLUGIN_PACKET write_behind
#include "plugin.h"

static void write_behind(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length)
{
    (void)now;
    (void)packet;
    volatile char *given = stack->host->allocate(stack->host->context, length);
    given[length] = 1;
    stack->host->release(stack->host->context, (void *)given);
}

PLUGIN;
