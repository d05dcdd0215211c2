/* SPDX-License-Identifier: MIT */
/* TIMEOUTS: RFC 9293 section 3.10.8, with the retransmission timer of RFC 6298. */
#include "faults.h"
#include "tcp.h"

void timer_start(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (tcb->retransmit_at == NEVER)
        tcb->retransmit_at = stack->now + tcb->rto;
}

void timer_measured(struct tcb *tcb, uint64_t round_trip)
{
    uint64_t difference = tcb->srtt > round_trip ? tcb->srtt - round_trip : round_trip - tcb->srtt;
    if (tcb->srtt == 0) {
        tcb->srtt = round_trip;
        tcb->rttvar = round_trip / 2;
    } else {
        tcb->rttvar = (3 * tcb->rttvar + difference) / 4;
        tcb->srtt = (7 * tcb->srtt + round_trip) / 8;
    }
    tcb->rto = tcb->srtt + 4 * tcb->rttvar;
    if (tcb->rto < RTO_FIRST)
        tcb->rto = RTO_FIRST; /* rule 2.4 */
    else if (tcb->rto > RTO_MOST)
        tcb->rto = RTO_MOST;
}

void time_wait_start(struct shakedown_stack *stack, struct tcb *tcb)
{
    tcb->state = TIME_WAIT;
    tcb->retransmit_at = NEVER;
    tcb->time_wait_until = stack->now + 2 * MAXIMUM_SEGMENT_LIFETIME;
    fault_waits(stack, tcb);
}

/* Section 3.8.3: after R2 the connection is given up. A SYN has a limit of its own; a probed window has none. */
static bool is_beyond_r2(const struct tcb *tcb)
{
    if (tcb->state == SYN_SENT || tcb->state == SYN_RECEIVED)
        return tcb->retries >= (unsigned)tcb->user.syn_retries;
    return tcb->retries >= TEXT_RETRIES && tcb->snd_wnd > 0;
}

/* RFC 6298 rules 5.4 to 5.6, and section 3.1 of RFC 5681. */
static void retransmission_due(struct shakedown_stack *stack, struct tcb *tcb)
{
    tcb->retransmit_at = NEVER;
    if (is_beyond_r2(tcb)) {
        if (tcb->state != SYN_SENT && tcb->state != SYN_RECEIVED)
            send_abort(stack, tcb);
        tcb_end(stack, tcb, SHAKEDOWN_TIMED_OUT);
        return;
    }
    if (tcb->state == SYN_SENT || tcb->state == SYN_RECEIVED)
        tcb->syn_was_lost = true;
    tcb->retries++;
    tcb->timed_since = NEVER; /* Karn: what was sent twice can't be timed */
    tcb->rto = tcb->rto * 2 < RTO_MOST ? tcb->rto * 2 : RTO_MOST;
    uint32_t flight = tcb->snd_nxt - tcb->snd_una;
    uint32_t size = send_size(stack, tcb);
    tcb->ssthresh = flight / 2 > 2 * size ? flight / 2 : 2 * size;
    tcb->cwnd = size;
    fault_repeats(stack, tcb);
    send_again(stack, tcb);
    timer_start(stack, tcb);
}

static bool is_due(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (tcb->time_wait_until <= stack->now) {
        tcb_end(stack, tcb, 0);
        return true;
    }
    if (tcb->retransmit_at > stack->now)
        return false;
    retransmission_due(stack, tcb);
    return true;
}

uint64_t time_passes(struct shakedown_stack *stack)
{
    uint64_t next = NEVER;
    for (struct tcb *tcb = stack->blocks; tcb != NULL;) {
        if (is_due(stack, tcb)) { /* and the block may be gone */
            tcb = stack->blocks;
            next = NEVER;
            continue;
        }
        if (tcb->retransmit_at < next)
            next = tcb->retransmit_at;
        if (tcb->time_wait_until < next)
            next = tcb->time_wait_until;
        tcb = tcb->next;
    }
    return next;
}
