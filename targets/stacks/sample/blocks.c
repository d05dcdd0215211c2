/* SPDX-License-Identifier: MIT */
/* Transmission control blocks (RFC 9293 section 3.3.1), and the bytes that wait in them. */
#include "faults.h"
#include "tcp.h"

#include <string.h>

struct tcb *tcb_make(struct shakedown_stack *stack, uint32_t family)
{
    struct tcb *tcb = stack->host->allocate(stack->host->context, sizeof(*tcb));
    struct tcb **at = &stack->blocks;
    if (tcb == NULL)
        return NULL;
    *tcb = (struct tcb){.socket = -1,
                        .family = family,
                        .user = {.syn_retries = SYN_RETRIES, .time_to_live = 64},
                        .retransmit_at = NEVER,
                        .time_wait_until = NEVER,
                        .timed_since = NEVER};
    while (*at != NULL)
        at = &(*at)->next;
    *at = tcb;
    return tcb;
}

void tcb_delete(struct shakedown_stack *stack, struct tcb *tcb)
{
    struct tcb **at = &stack->blocks;
    while (*at != tcb)
        at = &(*at)->next;
    *at = tcb->next;
    stack->host->release(stack->host->context, tcb->in.bytes);
    stack->host->release(stack->host->context, tcb->out.bytes);
    stack->host->release(stack->host->context, tcb);
}

void tcb_end(struct shakedown_stack *stack, struct tcb *tcb, int32_t failure)
{
    if (tcb->socket < 0) {
        tcb_delete(stack, tcb);
        return;
    }
    tcb->state = CLOSED;
    tcb->error = failure;
    tcb->retransmit_at = tcb->time_wait_until = NEVER;
    tcb->out.count = 0;
    if (failure != 0)
        tcb->in.count = 0;
}

static bool is_same(const struct shakedown_endpoint *left, const struct shakedown_endpoint *right)
{
    return left->family == right->family && left->port == right->port &&
           memcmp(left->address, right->address, sizeof(left->address)) == 0;
}

struct tcb *tcb_find(const struct shakedown_stack *stack, const struct segment *segment, bool listener)
{
    struct tcb *listens = NULL;
    for (struct tcb *tcb = stack->blocks; tcb != NULL; tcb = tcb->next) {
        if (tcb->state == LISTEN && tcb->local.port == segment->local.port && tcb->family == segment->local.family)
            listens = tcb;
        else if (tcb->state != CLOSED && is_same(&tcb->local, &segment->local) &&
                 is_same(&tcb->remote, &segment->remote))
            return tcb;
    }
    return listener ? listens : NULL;
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static void mix(uint64_t *v, unsigned rounds)
{
    for (; rounds > 0; rounds--) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32) + v[3];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

/* F of RFC 6528: SipHash-2-4 of the connection under the secret. */
static uint32_t connection_hash(const struct shakedown_stack *stack, const struct tcb *tcb)
{
    uint64_t words[5] = {(uint64_t)tcb->local.port << 16 | tcb->remote.port};
    uint64_t v[4] = {stack->secret[0] ^ 0x736f6d6570736575, stack->secret[1] ^ 0x646f72616e646f6d,
                     stack->secret[0] ^ 0x6c7967656e657261, stack->secret[1] ^ 0x7465646279746573};
    memcpy(words + 1, tcb->local.address, 16);
    memcpy(words + 3, tcb->remote.address, 16);
    for (size_t i = 0; i < 5; i++) {
        v[3] ^= words[i];
        mix(v, 2);
        v[0] ^= words[i];
    }
    v[2] ^= 0xff;
    mix(v, 4);
    return (uint32_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

void tcb_start(struct shakedown_stack *stack, struct tcb *tcb)
{
    /* M of RFC 6528 ticks every 4 microseconds. */
    tcb->iss = stack->isn_given ? stack->isn : (uint32_t)(stack->now / 4000) + connection_hash(stack, tcb);
    tcb->rto = RTO_FIRST;
    tcb->cwnd = WINDOW_MOST; /* until there is text to send */
    tcb->ssthresh = UINT32_MAX;
    tcb->rcv_wnd = BUFFER_SIZE;
    tcb->snd_mss = tcb->local.family == 4 ? 536 : 1220;
    fault_starts(stack, tcb);
    tcb->snd_una = tcb->iss;
    tcb->snd_nxt = tcb->iss + 1;
}

uint32_t ring_room(const struct ring *ring)
{
    return BUFFER_SIZE - ring->count;
}

bool ring_put(struct shakedown_stack *stack, struct ring *ring, const uint8_t *bytes, uint32_t length)
{
    if (length > 0 && ring->bytes == NULL)
        ring->bytes = stack->host->allocate(stack->host->context, BUFFER_SIZE);
    if (length > 0 && ring->bytes == NULL)
        return false;
    for (uint32_t i = 0; i < length; i++)
        ring->bytes[(ring->start + ring->count + i) % BUFFER_SIZE] = bytes[i];
    ring->count += length;
    return true;
}

void ring_copy(const struct ring *ring, uint32_t offset, uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = ring->bytes[(ring->start + offset + i) % BUFFER_SIZE];
}

void ring_drop(struct ring *ring, uint32_t length)
{
    ring->start = (ring->start + length) % BUFFER_SIZE;
    ring->count -= length;
}
