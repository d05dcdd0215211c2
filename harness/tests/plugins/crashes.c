/* SPDX-License-Identifier: MIT */
/* Writes to nowhere when a packet comes. */
#define PLUGIN_PACKET write_to_nowhere
#include "plugin.h"

SHAKEDOWN_STACK_EXPORT void write_to_nowhere(struct shakedown_stack *stack, uint64_t now, const void *packet,
                                             size_t length);

void write_to_nowhere(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length)
{
    (void)stack;
    (void)now;
    (void)packet;
    *(volatile char *)(0x40 + length % 2) = 1; // NOLINT(performance-no-int-to-ptr)
}

PLUGIN;
