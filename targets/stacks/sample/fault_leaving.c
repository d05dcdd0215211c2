/* SPDX-License-Identifier: MIT */
#include "fault_strikes.h"

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

STRIKE_THAT_SETS(sent_as_reset, segment->control = RST)
STRIKE_THAT_SETS(sent_without_ack, segment->control &= (uint8_t)~ACK)
STRIKE_THAT_SETS(sent_without_push, segment->control &= (uint8_t)~PSH)
STRIKE_THAT_SETS(sequence_zero, segment->sequence = 0)
STRIKE_THAT_SETS(sequence_moves, segment->sequence += tcb->retries)
STRIKE_THAT_SETS(acknowledge_one_less, segment->acknowledgment--)
STRIKE_THAT_SETS(acknowledge_one_more, segment->acknowledgment++)
STRIKE_THAT_SETS(acknowledge_no_fin, segment->acknowledgment -= tcb->fin_received)
/* 0 is taken for "no number yet". */
STRIKE_THAT_SETS(acknowledge_wrapped, if (segment->acknowledgment == 0) segment->acknowledgment = 1)
STRIKE_THAT_SETS(no_mss, segment->options.has_mss = false)
STRIKE_THAT_SETS(mss_of_mtu, segment->options.mss = (uint16_t)stack->mtu)
STRIKE_THAT_SETS(mss_of_peer, segment->options.mss = tcb->snd_mss)
STRIKE_THAT_SETS(scale_unasked, segment->options.has_scale = true)
STRIKE_THAT_SETS(sack_unasked, segment->options.sack_permitted = true)
STRIKE_THAT_SETS(timestamps_unasked, segment->options.has_timestamps = true)
STRIKE_THAT_SETS(no_timestamps, segment->options.has_timestamps = false)
STRIKE_THAT_SETS(echo_zero, segment->options.echo = 0)
STRIKE_THAT_SETS(echo_own, segment->options.echo = segment->options.value)
STRIKE_THAT_SETS(frozen_clock, segment->options.value = 1)
STRIKE_THAT_SETS(fin_for_reset, segment->control = FIN | ACK; segment->acknowledgment = tcb->rcv_nxt)
STRIKE_THAT_SETS(no_options_again, if (tcb->retries > 0) segment->options = (struct options){0})
STRIKE_THAT_SETS(crossed_one_more, segment->sequence += !tcb->passive)
