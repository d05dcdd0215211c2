/* SPDX-License-Identifier: MIT */
/* Says that it starts afresh by itself, and makes no socket once a packet has come, whichever stack it came to. */
#define PLUGIN_PACKET note_packet
#define PLUGIN_SOCKET refuse_later
#include "plugin.h"

static int32_t answer;

static void note_packet(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length)
{
    (void)stack;
    (void)now;
    (void)packet;
    (void)length;
    answer = SHAKEDOWN_NO_MEMORY;
}

static int32_t refuse_later(struct shakedown_stack *stack, uint32_t family)
{
    (void)stack;
    (void)family;
    return answer;
}

PLUGIN;
