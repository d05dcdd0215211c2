/* SPDX-License-Identifier: MIT */
/* Never comes back when a packet comes. */
#define PLUGIN_PACKET go_round
#include "plugin.h"

SHAKEDOWN_STACK_EXPORT void go_round(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length);

void go_round(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length)
{
    (void)stack;
    (void)now;
    (void)packet;
    for (volatile size_t i = length; i > 0; i++)
        continue;
}

PLUGIN;
