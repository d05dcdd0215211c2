/* SPDX-License-Identifier: MIT */
/* Faults on the way in, before TCP, and at moments of a connection's life. */
#include "fault_strikes.h"

#include <limits.h>
#include <string.h>

/* Where the TCP header of a packet without IP options or extension headers is; NULL if there is none. */
static const uint8_t *tcp_header(const uint8_t *packet, size_t length)
{
    size_t network = length > 0 && packet[0] >> 4 == 6 ? IPV6_HEADER_SIZE : IPV4_HEADER_SIZE;
    return length < network + TCP_HEADER_SIZE ? NULL : packet + network;
}

/* Reads a packet whose TCP checksum is wrong as if it were right: the wrong sum is what all else sums up to. */
bool read_any_checksum(struct segment *segment, const uint8_t *packet, size_t length, bool sound)
{
    uint8_t copy[2048];
    const uint8_t *tcp = tcp_header(packet, length);
    if (sound || tcp == NULL || length > sizeof(copy))
        return sound;
    memcpy(copy, packet, length);
    uint8_t *checksum = copy + (tcp - packet) + 16;
    for (unsigned sum = 0; sum <= 0xffff; sum++) {
        checksum[0] = (uint8_t)(sum >> 8);
        checksum[1] = (uint8_t)sum;
        if (segment_read(segment, copy, length)) {
            segment->text = packet + (segment->text - copy);
            return true;
        }
    }
    return false;
}

bool read_no_reserved_bits(struct segment *segment, const uint8_t *packet, size_t length, bool sound)
{
    const uint8_t *tcp = tcp_header(packet, length);
    (void)segment;
    return sound && (tcp == NULL || (tcp[12] & 15) == 0);
}

bool read_no_ecn_setup(struct segment *segment, const uint8_t *packet, size_t length, bool sound)
{
    (void)packet;
    (void)length;
    return sound && (segment->control & 0xc0) == 0;
}

bool read_no_urgent(struct segment *segment, const uint8_t *packet, size_t length, bool sound)
{
    (void)packet;
    (void)length;
    return sound && (segment->control & (SYN | URG)) != (SYN | URG);
}

/* What an options walk meets. */
struct walk {
    bool unknown;
    bool malformed;
};

static struct walk options_walk(const uint8_t *packet, size_t length)
{
    struct walk walk = {false, false};
    const uint8_t *tcp = tcp_header(packet, length);
    size_t size = tcp == NULL ? TCP_HEADER_SIZE : (size_t)(tcp[12] >> 4) * 4;
    for (size_t at = TCP_HEADER_SIZE; at < size && tcp[at] != 0;) {
        if (tcp[at] == 1) {
            at++;
            continue;
        }
        walk.unknown = walk.unknown || (tcp[at] > 5 && tcp[at] != 8);
        if (at + 1 >= size || tcp[at + 1] < 2 || at + tcp[at + 1] > size) {
            walk.malformed = true;
            break;
        }
        at += tcp[at + 1];
    }
    return walk;
}

bool read_no_unknown_options(struct segment *segment, const uint8_t *packet, size_t length, bool sound)
{
    (void)segment;
    return sound && !options_walk(packet, length).unknown;
}

bool read_and_crash_at_bad_options(struct segment *segment, const uint8_t *packet, size_t length, bool sound)
{
    (void)segment;
    if (options_walk(packet, length).malformed)
        __builtin_trap();
    return sound;
}

#define MOMENT(name, ...)                                     \
    void name(struct shakedown_stack *stack, struct tcb *tcb) \
    {                                                         \
        (void)stack;                                          \
        (void)tcb;                                            \
        __VA_ARGS__;                                          \
    }

MOMENT(isn_constant, tcb->iss = 1000000)
MOMENT(isn_small_steps, tcb->iss = stack->isn += 64000)
MOMENT(isn_of_clock_alone, tcb->iss = (uint32_t)(stack->now / 4000))
MOMENT(rto_short, tcb->rto = SECOND / 10)
MOMENT(rto_long, tcb->rto = 10 * SECOND)
MOMENT(never_given_up, tcb->user.syn_retries = INT_MAX)
MOMENT(given_up_early, tcb->user.syn_retries = 2)
MOMENT(half_open_for_ever, if (tcb->passive) tcb->user.syn_retries = INT_MAX)
MOMENT(called_active, tcb->passive = false)
MOMENT(no_backoff, tcb->rto = RTO_FIRST)
MOMENT(linear_backoff, tcb->rto = RTO_FIRST * (tcb->retries + 1))
MOMENT(first_rto_again, tcb->rto = RTO_FIRST; tcb->syn_was_lost = false)
MOMENT(short_wait, tcb->time_wait_until = stack->now + SECOND)
MOMENT(no_wait, tcb->time_wait_until = stack->now)
MOMENT(wait_for_ever, tcb->time_wait_until = NEVER)
