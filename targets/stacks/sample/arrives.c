/* SPDX-License-Identifier: MIT */
/* SEGMENT ARRIVES: RFC 9293 section 3.10.7, in its order and with its numbers. */
#include "faults.h"
#include "tcp.h"

#include <string.h>

static bool has(const struct segment *segment, unsigned control)
{
    return (segment->control & control) == control;
}

/* The window that a segment tells: scaled, but on a SYN (RFC 7323 section 2.2). */
static uint32_t window_told(const struct tcb *tcb, const struct segment *segment)
{
    return (uint32_t)segment->window << (tcb->scaling && !has(segment, SYN) ? tcb->snd_scale : 0);
}

static void window_take(struct tcb *tcb, const struct segment *segment)
{
    tcb->snd_wnd = window_told(tcb, segment);
    tcb->snd_wl1 = segment->sequence;
    tcb->snd_wl2 = segment->acknowledgment;
    if (tcb->snd_wnd > tcb->snd_wnd_most)
        tcb->snd_wnd_most = tcb->snd_wnd;
}

/* What the peer's SYN says: its initial sequence number and its options. What both sides have offered is agreed on. */
static void syn_take(const struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    const struct options *options = &segment->options;
    tcb->irs = segment->sequence;
    tcb->rcv_nxt = segment->sequence + 1;
    /* Without the option, what every host can take (MUST-15). */
    tcb->snd_mss = options->has_mss ? options->mss : tcb->local.family == 4 ? 536 : 1220;
    tcb->scaling = options->has_scale;
    tcb->snd_scale = options->scale;
    tcb->rcv_scale = options->has_scale ? RECEIVE_SCALE : 0;
    tcb->rcv_wnd = options->has_scale ? BUFFER_SIZE : WINDOW_MOST; /* no more than can be told */
    tcb->sack_permitted = options->sack_permitted;
    tcb->timestamps = options->has_timestamps;
    tcb->ts_recent = options->value;
    tcb->ts_recent_at = stack->now;
    window_take(tcb, segment);
}

/* "Any other control or text should be queued for processing later" (section 3.10.7.2). */
static void early_take(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    uint32_t room = ring_room(&tcb->in);
    uint32_t length = segment->length < room ? segment->length : room;
    if (!ring_put(stack, &tcb->in, segment->text, length))
        return;
    tcb->early = length;
    tcb->early_fin = has(segment, FIN) && length == segment->length;
}

/* --- 3.10.7.1, CLOSED --- */

static void arrives_closed(struct shakedown_stack *stack, const struct segment *segment)
{
    if (!has(segment, RST))
        send_reset_for(stack, segment);
}

/* --- 3.10.7.2, LISTEN --- */

/* How many connections wait at LISTENER: in SYN-RECEIVED, or to be accepted. */
static int32_t queue_length(const struct shakedown_stack *stack, const struct tcb *listener, bool opened)
{
    int32_t count = 0;
    for (const struct tcb *tcb = stack->blocks; tcb != NULL; tcb = tcb->next)
        count += tcb->listener == listener && tcb->opened == opened;
    return count;
}

bool backlog_full(const struct shakedown_stack *stack, const struct tcb *listener)
{
    return queue_length(stack, listener, true) > listener->backlog;
}

static void arrives_listen(struct shakedown_stack *stack, struct tcb *listener, const struct segment *segment)
{
    if (has(segment, RST))
        return;
    if (has(segment, ACK)) {
        send_reset_for(stack, segment);
        return;
    }
    /* A SYN that there is no room for is passed over: it will be repeated. */
    if (!has(segment, SYN) || backlog_full(stack, listener) || queue_length(stack, listener, false) >= HALF_OPEN_MOST)
        return;
    struct tcb *tcb = tcb_make(stack, listener->family);
    if (tcb == NULL)
        return;
    tcb->listener = listener;
    tcb->passive = true;
    tcb->local = segment->local;
    tcb->remote = segment->remote;
    tcb->user = listener->user;
    tcb->state = SYN_RECEIVED;
    tcb_start(stack, tcb);
    syn_take(stack, tcb, segment);
    early_take(stack, tcb, segment);
    send_syn(stack, tcb);
}

/* --- text and FIN, the seventh and the eighth check of section 3.10.7.4 --- */

static bool takes_text(const struct tcb *tcb)
{
    return tcb->state == ESTABLISHED || tcb->state == FIN_WAIT_1 || tcb->state == FIN_WAIT_2;
}

/* Seventh. What is not next in order is left to its repetition, which the caller's ACK asks for. */
static void text_take(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    uint32_t start = segment->sequence + has(segment, SYN);
    uint32_t known = tcb->rcv_nxt - start; /* that came before */
    if (!takes_text(tcb))
        return;
    if (!before(tcb->rcv_nxt, start) && known < segment->length) {
        uint32_t length = segment->length - known;
        length = length < tcb->rcv_wnd ? length : tcb->rcv_wnd;
        if (ring_put(stack, &tcb->in, segment->text + known, length)) {
            tcb->rcv_nxt += length;
            tcb->rcv_wnd -= length;
        }
    }
}

/* Eighth: a FIN, in its place. */
static void fin_take(struct shakedown_stack *stack, struct tcb *tcb)
{
    tcb->rcv_nxt++;
    tcb->fin_received = true;
    if (tcb->state == ESTABLISHED)
        tcb->state = CLOSE_WAIT;
    else if (tcb->state == FIN_WAIT_1)
        tcb->state = CLOSING;
    else if (tcb->state == FIN_WAIT_2)
        time_wait_start(stack, tcb);
}

/* --- becoming ESTABLISHED --- */

static void opened(struct shakedown_stack *stack, struct tcb *tcb)
{
    struct tcb **at = &stack->blocks;
    tcb->opened = true;
    if (tcb->state == SYN_SENT || tcb->state == SYN_RECEIVED)
        tcb->state = ESTABLISHED;
    if (tcb->syn_was_lost)
        tcb->rto = RTO_AFTER_LOST_SYN;
    tcb->cwnd = 10 * send_size(stack, tcb); /* RFC 6928 */
    /* To the end of the list: connections are accepted in the order in which they opened. */
    while (*at != tcb)
        at = &(*at)->next;
    *at = tcb->next;
    while (*at != NULL)
        at = &(*at)->next;
    *at = tcb;
    tcb->next = NULL;
    fault_opens(stack, tcb);
}

/* What came with the SYN counts from now on. */
static void early_count(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (tcb->early == 0 && !tcb->early_fin)
        return;
    tcb->rcv_nxt += tcb->early;
    tcb->rcv_wnd -= tcb->early;
    tcb->early = 0;
    if (tcb->early_fin)
        fin_take(stack, tcb);
    send_ack(stack, tcb);
}

/* --- 3.10.7.3, SYN-SENT --- */

static void arrives_syn_sent(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    bool acknowledges = has(segment, ACK);
    uint32_t acknowledgment = segment->acknowledgment;
    if (acknowledges && (!after(acknowledgment, tcb->iss) || after(acknowledgment, tcb->snd_nxt))) {
        if (!has(segment, RST))
            send_reset_for(stack, segment);
        return;
    }
    if (has(segment, RST)) {
        if (acknowledges)
            tcb_end(stack, tcb, SHAKEDOWN_REFUSED);
        return;
    }
    if (!has(segment, SYN))
        return;
    syn_take(stack, tcb, segment);
    if (!acknowledges) {
        tcb->state = SYN_RECEIVED;
        early_take(stack, tcb, segment);
        tcb->retransmit_at = NEVER;
        send_syn(stack, tcb);
        return;
    }
    tcb->snd_una = acknowledgment;
    tcb->retransmit_at = NEVER;
    if (!tcb->syn_was_lost && tcb->timed_since != NEVER)
        timer_measured(tcb, stack->now - tcb->timed_since);
    tcb->timed_since = NEVER;
    opened(stack, tcb);
    text_take(stack, tcb, segment);
    if (has(segment, FIN) && segment->sequence + 1 + segment->length == tcb->rcv_nxt)
        fin_take(stack, tcb);
    send_ack(stack, tcb);
    send_text(stack, tcb);
}

/* --- 3.10.7.4, the other states. Each check says whether the next one is to follow. --- */

/* PAWS (RFC 7323 section 5.3), and a segment without the timestamps that were agreed on (section 3.2). */
static bool check_timestamps(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    static const uint64_t outdated = UINT64_C(24) * 24 * 3600 * SECOND;
    if (!tcb->timestamps || has(segment, RST))
        return true;
    if (!segment->options.has_timestamps)
        return has(segment, SYN);
    if (before(segment->options.value, tcb->ts_recent) && stack->now - tcb->ts_recent_at < outdated) {
        send_ack(stack, tcb);
        return false;
    }
    return true;
}

/* Only an acceptable segment, and one that ends a stretch that was acknowledged (RFC 7323 section 4.3). */
static void timestamp_take(const struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    if (!tcb->timestamps || !segment->options.has_timestamps || after(segment->sequence, tcb->last_ack_sent))
        return;
    tcb->ts_recent = segment->options.value;
    tcb->ts_recent_at = stack->now;
}

/* The SYN-ACK of a peer whose SYN crossed ours (section 3.5, figure 7): it repeats the SEQ of its SYN. */
static bool crosses(const struct tcb *tcb, const struct segment *segment)
{
    return tcb->state == SYN_RECEIVED && !tcb->passive && has(segment, SYN | ACK) && !has(segment, RST) &&
           segment->sequence == tcb->irs && segment->acknowledgment == tcb->snd_nxt;
}

/* First: the four cases of section 3.4. */
bool is_acceptable(const struct tcb *tcb, const struct segment *segment)
{
    uint32_t first = segment->sequence - tcb->rcv_nxt;
    uint32_t last = first + segment_length(segment) - 1;
    if (tcb->rcv_wnd == 0) /* ACKs and RSTs are for a closed window, too, whatever text they have */
        return first == 0;
    return first < tcb->rcv_wnd || (segment_length(segment) > 0 && last < tcb->rcv_wnd);
}

static bool check_sequence(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    if (is_acceptable(tcb, segment) || crosses(tcb, segment))
        return true;
    if (has(segment, RST))
        return false;
    if (tcb->state == TIME_WAIT && has(segment, FIN))
        time_wait_start(stack, tcb);
    send_ack(stack, tcb);
    return false;
}

/* Second. A RST that is not exactly at RCV.NXT may be a blind attacker's (RFC 5961 section 3.2). */
static bool check_reset(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    if (!has(segment, RST))
        return true;
    if (segment->sequence != tcb->rcv_nxt)
        send_ack(stack, tcb);
    else if (tcb->state == SYN_RECEIVED)
        tcb_end(stack, tcb, SHAKEDOWN_REFUSED);
    else if (tcb->state == CLOSING || tcb->state == LAST_ACK || tcb->state == TIME_WAIT)
        tcb_end(stack, tcb, 0);
    else
        tcb_end(stack, tcb, SHAKEDOWN_RESET);
    return false;
}

/* Fourth (RFC 5961 section 4.2). One that came from a LISTEN goes back there, which here is: there is none. */
static bool check_syn(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    if (!has(segment, SYN) || crosses(tcb, segment))
        return true;
    if (tcb->state == SYN_RECEIVED && tcb->passive)
        tcb_end(stack, tcb, 0);
    else
        send_ack(stack, tcb);
    return false;
}

/* Takes what was acknowledged out of what waits; tells whether that is our FIN, too. */
static bool acknowledged(struct shakedown_stack *stack, struct tcb *tcb, uint32_t acknowledgment)
{
    uint32_t count = acknowledgment - tcb->snd_una;
    if (tcb->snd_una == tcb->iss && count > 0)
        count--;
    bool fin = count > tcb->out.count;
    uint32_t size = send_size(stack, tcb);
    if (count > 0 && tcb->cwnd < BUFFER_SIZE) /* more than can wait is of no use */
        tcb->cwnd += tcb->cwnd < tcb->ssthresh ? size : size * size / tcb->cwnd + 1;
    ring_drop(&tcb->out, fin ? tcb->out.count : count);
    tcb->snd_una = acknowledgment;
    tcb->retries = 0;
    if (tcb->timed_since != NEVER && !before(acknowledgment, tcb->timed_end)) {
        timer_measured(tcb, stack->now - tcb->timed_since);
        tcb->timed_since = NEVER;
    }
    tcb->retransmit_at = NEVER;
    if (tcb->snd_una != tcb->snd_nxt)
        timer_start(stack, tcb);
    return fin;
}

/* Our FIN has been acknowledged: the state that follows. False if that is none. */
static bool fin_acknowledged(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (tcb->state == FIN_WAIT_1)
        tcb->state = FIN_WAIT_2;
    else if (tcb->state == CLOSING)
        time_wait_start(stack, tcb);
    else if (tcb->state == LAST_ACK) {
        tcb_end(stack, tcb, 0);
        return false;
    }
    return true;
}

/* In SYN-RECEIVED an ACK opens the connection, or belongs to another one. */
static bool check_ack_of_syn(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    if (!after(segment->acknowledgment, tcb->snd_una) || after(segment->acknowledgment, tcb->snd_nxt)) {
        send_reset_for(stack, segment);
        return false;
    }
    /* Without room for it, it is as if the ACK were lost. */
    if (tcb->listener != NULL && backlog_full(stack, tcb->listener))
        return false;
    opened(stack, tcb);
    window_take(tcb, segment);
    return true;
}

/* Fifth. */
static bool check_ack(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    uint32_t acknowledgment = segment->acknowledgment;
    if (!has(segment, ACK))
        return false;
    bool opens = tcb->state == SYN_RECEIVED;
    if (opens && !check_ack_of_syn(stack, tcb, segment))
        return false;
    /* What was never sent, or is older than any window can be (RFC 5961 section 5.2). */
    if (after(acknowledgment, tcb->snd_nxt) || before(acknowledgment, tcb->snd_una - tcb->snd_wnd_most)) {
        send_ack(stack, tcb);
        return false;
    }
    if (before(acknowledgment, tcb->snd_una))
        return true;
    if (before(tcb->snd_wl1, segment->sequence) ||
        (tcb->snd_wl1 == segment->sequence && !before(acknowledgment, tcb->snd_wl2)))
        window_take(tcb, segment);
    if (after(acknowledgment, tcb->snd_una) && acknowledged(stack, tcb, acknowledgment) &&
        !fin_acknowledged(stack, tcb))
        return false;
    if (opens)
        early_count(stack, tcb);
    return true;
}

static void arrives_otherwise(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    if (!check_timestamps(stack, tcb, segment) || !check_sequence(stack, tcb, segment))
        return;
    timestamp_take(stack, tcb, segment);
    if (!check_reset(stack, tcb, segment) || !check_syn(stack, tcb, segment) || !check_ack(stack, tcb, segment))
        return;
    /* Text for a user who is gone is lost, and the peer is told so (section 3.6.1). */
    if (tcb->socket < 0 && tcb->listener == NULL && takes_text(tcb) && segment->length > 0 &&
        after(segment->sequence + segment->length, tcb->rcv_nxt)) {
        send_abort(stack, tcb);
        tcb_end(stack, tcb, 0);
        return;
    }
    text_take(stack, tcb, segment);
    if (has(segment, FIN) && takes_text(tcb) && segment->sequence + has(segment, SYN) + segment->length == tcb->rcv_nxt)
        fin_take(stack, tcb);
    if (segment_length(segment) > 0)
        send_ack(stack, tcb);
    send_text(stack, tcb);
}

static bool is_own(const struct shakedown_stack *stack, const struct shakedown_endpoint *endpoint)
{
    const struct shakedown_endpoint *own = &stack->address[endpoint->family == 6];
    return own->family == endpoint->family && memcmp(own->address, endpoint->address, sizeof(own->address)) == 0;
}

void segment_arrives(struct shakedown_stack *stack, struct segment *segment)
{
    /* MUST-57, MUST-63: what is not from one host to this one has no place here. */
    if (!is_own(stack, &segment->local) || (!is_unicast(&segment->remote) && !fault_is(stack, QUIRK_ANY_SOURCE)))
        return;
    struct tcb *tcb = tcb_find(stack, segment, true);
    if (!fault_arrives(stack, tcb, segment))
        return;
    if (tcb == NULL)
        arrives_closed(stack, segment);
    else if (tcb->state == LISTEN)
        arrives_listen(stack, tcb, segment);
    else if (tcb->state == SYN_SENT)
        arrives_syn_sent(stack, tcb, segment);
    else
        arrives_otherwise(stack, tcb, segment);
}
