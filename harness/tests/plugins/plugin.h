/* SPDX-License-Identifier: MIT */
/* A stack that does nothing, for adapters that get one thing wrong: a macro says which function or number it is. */
#ifndef TESTS_PLUGIN_H
#define TESTS_PLUGIN_H

#include "shakedown/stack.h"

struct shakedown_stack {
    const struct shakedown_host *host;
};

static inline struct shakedown_stack *plain_create(const struct shakedown_stack_settings *settings, char *reason,
                                                   size_t capacity)
{
    if (capacity > 0)
        reason[0] = '\0';
    struct shakedown_stack *stack = settings->host->allocate(settings->host->context, sizeof(*stack));
    stack->host = settings->host;
    return stack;
}

static inline void plain_destroy(struct shakedown_stack *stack)
{
    stack->host->release(stack->host->context, stack);
}

static inline void plain_packet(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length)
{
    (void)stack;
    (void)now;
    (void)packet;
    (void)length;
}

static inline uint64_t plain_advance(struct shakedown_stack *stack, uint64_t now)
{
    (void)stack;
    (void)now;
    return UINT64_MAX;
}

static inline int32_t plain_socket(struct shakedown_stack *stack, uint32_t family)
{
    (void)stack;
    (void)family;
    return 0;
}

static inline int32_t plain_close(struct shakedown_stack *stack, int32_t socket)
{
    (void)stack;
    (void)socket;
    return 0;
}

/* What the including file has not said. */
#ifndef PLUGIN_ABI
#define PLUGIN_ABI SHAKEDOWN_STACK_ABI
#endif
#ifndef PLUGIN_RESTART
#define PLUGIN_RESTART SHAKEDOWN_RESTART_OWN
#endif
#ifndef PLUGIN_CREATE
#define PLUGIN_CREATE plain_create
#endif
#ifndef PLUGIN_DESTROY
#define PLUGIN_DESTROY plain_destroy
#endif
#ifndef PLUGIN_RECEIVE
#define PLUGIN_RECEIVE NULL
#endif
#ifndef PLUGIN_PACKET
#define PLUGIN_PACKET plain_packet
#endif
#ifndef PLUGIN_ADVANCE
#define PLUGIN_ADVANCE plain_advance
#endif
#ifndef PLUGIN_SOCKET
#define PLUGIN_SOCKET plain_socket
#endif

#define PLUGIN                                                                     \
    SHAKEDOWN_STACK_EXPORT const struct shakedown_stack_plugin shakedown_stack = { \
        .abi = PLUGIN_ABI,                                                         \
        .size = sizeof(shakedown_stack),                                           \
        .name = "for a test",                                                      \
        .capabilities = SHAKEDOWN_CAN_IPV4 | SHAKEDOWN_CAN_IPV6,                   \
        .restart = PLUGIN_RESTART,                                                 \
        .create = PLUGIN_CREATE,                                                   \
        .destroy = PLUGIN_DESTROY,                                                 \
        .packet = PLUGIN_PACKET,                                                   \
        .advance = PLUGIN_ADVANCE,                                                 \
        .socket = PLUGIN_SOCKET,                                                   \
        .receive = PLUGIN_RECEIVE,                                                 \
        .close = plain_close,                                                      \
    }

#endif
