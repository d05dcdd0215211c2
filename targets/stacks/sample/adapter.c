/* SPDX-License-Identifier: MIT */
/* The adapter: what makes the stack a plug-in of shakedown. */
#include "calls.h"
#include "faults.h"
#include "tcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MTU_LEAST = 576 };

/* NAME=NUMBER at *AT, behind which the next word follows or the end. */
static bool take_number(const char **at, const char *name, uint32_t *number)
{
    size_t length = strlen(name);
    char *end;
    if (strncmp(*at, name, length) != 0 || (*at)[length] != '=' || (*at)[length + 1] < '0' || (*at)[length + 1] > '9')
        return false;
    unsigned long value = strtoul(*at + length + 1, &end, 10);
    if ((*end != '\0' && *end != ',') || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    *at = *end == ',' ? end + 1 : end;
    return true;
}

/* "isn=N", "fault=N", several with commas between them. */
static bool read_options(struct shakedown_stack *stack, const char *options, char *reason, size_t capacity)
{
    while (*options != '\0') {
        uint32_t number;
        if (take_number(&options, "isn", &number)) {
            stack->isn_given = true;
            stack->isn = number;
        } else if (!take_number(&options, "fault", &number)) {
            (void)snprintf(reason, capacity, "the sample stack takes isn=N and fault=N, not `%s`", options);
            return false;
        } else if ((stack->fault = fault_find(number)) == NULL) {
            (void)snprintf(reason, capacity, "the sample stack has no fault %lu", (unsigned long)number);
            return false;
        }
    }
    return true;
}

static void destroy(struct shakedown_stack *stack)
{
    const struct shakedown_host *host = stack->host;
    while (stack->blocks != NULL)
        tcb_delete(stack, stack->blocks);
    host->release(host->context, stack->packet);
    host->release(host->context, stack->text);
    host->release(host->context, stack);
}

static struct shakedown_stack *create(const struct shakedown_stack_settings *settings, char *reason, size_t capacity)
{
    const struct shakedown_host *host = settings->host;
    if (settings->mtu < MTU_LEAST) {
        (void)snprintf(reason, capacity, "an MTU below %d is none for TCP", MTU_LEAST);
        return NULL;
    }
    struct shakedown_stack *stack = host->allocate(host->context, sizeof(*stack));
    if (stack == NULL) {
        (void)snprintf(reason, capacity, "no memory for a stack");
        return NULL;
    }
    *stack = (struct shakedown_stack){
        .host = host, .address = {settings->ipv4, settings->ipv6}, .mtu = settings->mtu, .now = settings->now};
    stack->packet = host->allocate(host->context, settings->mtu);
    stack->text = host->allocate(host->context, settings->mtu);
    if (stack->packet == NULL || stack->text == NULL || !read_options(stack, settings->options, reason, capacity)) {
        destroy(stack);
        return NULL;
    }
    host->random(host->context, stack->secret, sizeof(stack->secret));
    host->random(host->context, &stack->timestamp_offset, sizeof(stack->timestamp_offset));
    host->random(host->context, &stack->next_port, sizeof(stack->next_port));
    return stack;
}

static void packet(struct shakedown_stack *stack, uint64_t now, const void *data, size_t length)
{
    struct segment segment;
    stack->now = now;
    bool sound = segment_read(&segment, data, length);
    if (fault_reads(stack, &segment, data, length, sound))
        segment_arrives(stack, &segment);
}

static uint64_t advance(struct shakedown_stack *stack, uint64_t now)
{
    stack->now = now;
    return time_passes(stack);
}

SHAKEDOWN_STACK_EXPORT const struct shakedown_stack_plugin shakedown_stack = {
    .abi = SHAKEDOWN_STACK_ABI,
    .size = sizeof(shakedown_stack),
    .name = "sample",
    .capabilities =
        SHAKEDOWN_CAN_IPV4 | SHAKEDOWN_CAN_IPV6 | SHAKEDOWN_CAN_OPEN_ACTIVELY | SHAKEDOWN_CAN_OPEN_PASSIVELY,
    .restart = SHAKEDOWN_RESTART_OWN,
    .create = create,
    .destroy = destroy,
    .packet = packet,
    .advance = advance,
    .socket = call_socket,
    .bind = call_bind,
    .listen = call_listen,
    .accept = call_accept,
    .connect = call_connect,
    .send = call_send,
    .receive = call_receive,
    .shutdown = call_shutdown,
    .close = call_close,
    .get_option = call_get_option,
    .set_option = call_set_option,
    .local = call_local,
    .remote = call_remote,
    .poll = call_poll,
    .fault = fault_at,
};
