/* SPDX-License-Identifier: MIT */
#include "fault_strikes.h"

#define SEND(name, ...)                                                                \
    bool name(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment) \
    {                                                                                  \
        (void)stack;                                                                   \
        (void)tcb;                                                                     \
        __VA_ARGS__;                                                                   \
        return true;                                                                   \
    }

bool not_sent(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    (void)tcb;
    (void)segment;
    return false;
}

bool not_sent_again(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    (void)segment;
    return tcb->retries == 0;
}

SEND(sent_as_reset, segment->control = RST)
SEND(sent_without_ack, segment->control &= (uint8_t)~ACK)
SEND(sent_without_push, segment->control &= (uint8_t)~PSH)
SEND(sequence_zero, segment->sequence = 0)
SEND(sequence_moves, segment->sequence += tcb->retries)
SEND(acknowledge_one_less, segment->acknowledgment--)
SEND(acknowledge_one_more, segment->acknowledgment++)
SEND(acknowledge_no_fin, segment->acknowledgment -= tcb->fin_received)
/* 0 is taken for "no number yet". */
SEND(acknowledge_wrapped, if (segment->acknowledgment == 0) segment->acknowledgment = 1)
SEND(no_mss, segment->options.has_mss = false)
SEND(mss_of_mtu, segment->options.mss = (uint16_t)stack->mtu)
SEND(mss_of_peer, segment->options.mss = tcb->snd_mss)
SEND(scale_unasked, segment->options.has_scale = true)
SEND(sack_unasked, segment->options.sack_permitted = true)
SEND(timestamps_unasked, segment->options.has_timestamps = true)
SEND(no_timestamps, segment->options.has_timestamps = false)
SEND(echo_zero, segment->options.echo = 0)
SEND(echo_own, segment->options.echo = segment->options.value)
SEND(frozen_clock, segment->options.value = 1)
SEND(fin_for_reset, segment->control = FIN | ACK; segment->acknowledgment = tcb->rcv_nxt)
SEND(no_options_again, if (tcb->retries > 0) segment->options = (struct options){0})
SEND(crossed_one_more, segment->sequence += !tcb->passive)
