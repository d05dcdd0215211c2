/* SPDX-License-Identifier: MIT */
/* What goes out: RFC 9293 sections 3.7 and 3.8. */
#include "faults.h"
#include "tcp.h"

void segment_send(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment)
{
    struct segment leaving = *segment;
    if (!fault_leaves(stack, tcb, &leaving))
        return;
    size_t length = segment_write(&leaving, stack->packet);
    stack->host->send(stack->host->context, stack->packet, length);
}

uint16_t mss_of(const struct shakedown_stack *stack, const struct tcb *tcb)
{
    uint32_t network = tcb->local.family == 4 ? IPV4_HEADER_SIZE : IPV6_HEADER_SIZE;
    uint32_t size = stack->mtu - network - TCP_HEADER_SIZE;
    return (uint16_t)(tcb->user.segment_size > 0 && (uint32_t)tcb->user.segment_size < size
                          ? (uint32_t)tcb->user.segment_size
                          : size);
}

uint32_t send_size(const struct shakedown_stack *stack, const struct tcb *tcb)
{
    /* Eff.snd.MSS (section 3.7.1, MUST-16): the options count, the fixed header does not. */
    uint32_t own = mss_of(stack, tcb);
    uint32_t size = tcb->snd_mss < own ? tcb->snd_mss : own;
    uint32_t options = tcb->timestamps ? TIMESTAMPS_SIZE : 0;
    return size > options ? size - options : 1;
}

static uint32_t timestamp(const struct shakedown_stack *stack)
{
    return (uint32_t)(stack->now / MILLISECOND) + stack->timestamp_offset;
}

/* The window moves on in steps that are worth it (section 3.8.6.2.2), and never back (SHLD-14). */
static uint16_t window_tell(struct tcb *tcb, bool scaled)
{
    uint32_t room = ring_room(&tcb->in) + tcb->early;
    uint32_t step = tcb->snd_mss < BUFFER_SIZE / 2 ? tcb->snd_mss : BUFFER_SIZE / 2;
    if (!tcb->scaling && room > WINDOW_MOST)
        room = WINDOW_MOST;
    if (room >= tcb->rcv_wnd + step || tcb->rcv_wnd == 0)
        tcb->rcv_wnd = room < step && tcb->rcv_wnd == 0 ? 0 : room;
    uint32_t window = tcb->rcv_wnd >> (scaled ? tcb->rcv_scale : 0);
    return (uint16_t)(window < WINDOW_MOST ? window : WINDOW_MOST);
}

/* A segment of TCB's without text, and without options but the timestamps. */
static struct segment segment_of(struct shakedown_stack *stack, struct tcb *tcb, uint32_t sequence, uint8_t control)
{
    struct segment segment = {
        .local = tcb->local,
        .remote = tcb->remote,
        .sequence = sequence,
        .acknowledgment = (control & ACK) != 0 ? tcb->rcv_nxt : 0,
        .window = window_tell(tcb, (control & SYN) == 0),
        .control = control,
        .time_to_live = (uint8_t)tcb->user.time_to_live,
    };
    if (tcb->timestamps)
        segment.options = (struct options){
            .has_timestamps = true, .value = timestamp(stack), .echo = (control & ACK) != 0 ? tcb->ts_recent : 0};
    if ((control & ACK) != 0)
        tcb->last_ack_sent = tcb->rcv_nxt;
    return segment;
}

void send_syn(struct shakedown_stack *stack, struct tcb *tcb)
{
    bool answers = tcb->state == SYN_RECEIVED;
    struct segment segment = segment_of(stack, tcb, tcb->iss, answers ? SYN | ACK : SYN);
    segment.options.has_mss = true; /* SHLD-5 */
    segment.options.mss = mss_of(stack, tcb);
    segment.options.has_scale = !answers || tcb->scaling;
    segment.options.scale = RECEIVE_SCALE;
    segment.options.sack_permitted = !answers || tcb->sack_permitted;
    segment.options.has_timestamps = !answers || tcb->timestamps;
    segment.options.value = segment.options.has_timestamps ? timestamp(stack) : 0;
    if (tcb->retries == 0 && tcb->timed_since == NEVER) {
        tcb->timed_since = stack->now;
        tcb->timed_end = tcb->iss + 1;
    }
    segment_send(stack, tcb, &segment);
    timer_start(stack, tcb);
}

void send_ack(struct shakedown_stack *stack, struct tcb *tcb)
{
    struct segment segment = segment_of(stack, tcb, tcb->snd_nxt, ACK);
    segment_send(stack, tcb, &segment);
}

void send_abort(struct shakedown_stack *stack, struct tcb *tcb)
{
    struct segment segment = segment_of(stack, tcb, tcb->snd_nxt, RST);
    segment.options = (struct options){0};
    segment_send(stack, tcb, &segment);
}

void send_reset_for(struct shakedown_stack *stack, const struct segment *segment)
{
    bool acknowledges = (segment->control & ACK) != 0;
    struct segment reset = {
        .local = segment->local,
        .remote = segment->remote,
        .sequence = acknowledges ? segment->acknowledgment : 0,
        .acknowledgment = acknowledges ? 0 : segment->sequence + segment_length(segment),
        .control = acknowledges ? RST : RST | ACK,
        .time_to_live = 64,
    };
    segment_send(stack, NULL, &reset);
}

/* Sends LENGTH bytes of what waits, from OFFSET bytes behind SND.UNA on, with the FIN if FIN says so. */
static void send_piece(struct shakedown_stack *stack, struct tcb *tcb, uint32_t offset, uint32_t length, bool fin)
{
    uint32_t sequence = tcb->snd_una + offset + (tcb->snd_una == tcb->iss);
    bool last = offset + length == tcb->out.count;
    struct segment segment = segment_of(
        stack, tcb, sequence, (uint8_t)(ACK | (length > 0 && last ? PSH : 0) | (fin ? FIN : 0))); /* MUST-61 */
    ring_copy(&tcb->out, offset, stack->text, length);
    segment.text = stack->text;
    segment.length = length;
    uint32_t end = sequence + segment_length(&segment);
    if (tcb->timed_since == NEVER && tcb->retries == 0 && after(end, tcb->snd_nxt)) {
        tcb->timed_since = stack->now;
        tcb->timed_end = end;
    }
    if (after(end, tcb->snd_nxt))
        tcb->snd_nxt = end;
    segment_send(stack, tcb, &segment);
    timer_start(stack, tcb);
}

/* Text that has been sent and not acknowledged. */
static uint32_t text_in_flight(const struct tcb *tcb)
{
    uint32_t sent = tcb->snd_nxt - tcb->snd_una - (tcb->snd_una == tcb->iss);
    return sent < tcb->out.count ? sent : tcb->out.count;
}

static bool fin_is_sent(const struct tcb *tcb)
{
    return tcb->state != SYN_RECEIVED && tcb->state != ESTABLISHED && tcb->state != CLOSE_WAIT;
}

/* The next piece of text that may go now, 0 if none may. */
static uint32_t text_allowed(const struct shakedown_stack *stack, const struct tcb *tcb)
{
    uint32_t flight = text_in_flight(tcb);
    uint32_t left = tcb->out.count - flight;
    uint32_t window = tcb->snd_wnd < tcb->cwnd ? tcb->snd_wnd : tcb->cwnd;
    uint32_t usable = window > flight ? window - flight : 0;
    uint32_t size = send_size(stack, tcb);
    uint32_t length = left < size ? left : size;
    /* Section 3.8.6.2.1: half-full segments only if nothing else fits; Nagle's rule (section 3.7.4). */
    if (usable < length)
        length = usable >= size || usable * 2 >= tcb->snd_wnd_most ? usable : 0;
    return length < size && flight > 0 && !tcb->user.no_delay ? 0 : length;
}

void send_text(struct shakedown_stack *stack, struct tcb *tcb)
{
    uint32_t length;
    if (tcb->state != ESTABLISHED && tcb->state != CLOSE_WAIT &&
        !(tcb->state == SYN_RECEIVED && tcb->finish && tcb->out.count == 0))
        return;
    while ((length = text_allowed(stack, tcb)) > 0)
        send_piece(stack, tcb, text_in_flight(tcb), length, false);
    if (tcb->finish && !fin_is_sent(tcb) && text_in_flight(tcb) == tcb->out.count) {
        send_piece(stack, tcb, tcb->out.count, 0, true);
        tcb->state = tcb->state == CLOSE_WAIT ? LAST_ACK : FIN_WAIT_1;
    }
    /* A window of zero is probed (MUST-36): the timer is there to do it. */
    if (tcb->out.count > 0)
        timer_start(stack, tcb);
}

void send_again(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (tcb->state == SYN_SENT || tcb->state == SYN_RECEIVED) {
        send_syn(stack, tcb);
        return;
    }
    uint32_t size = send_size(stack, tcb);
    uint32_t length = tcb->out.count < size ? tcb->out.count : size;
    if (length > 0 && tcb->snd_wnd == 0)
        length = 1;
    else if (length > tcb->snd_wnd)
        length = tcb->snd_wnd;
    /* RFC 6298 rule 5.4: the earliest, and no more than fits a segment. */
    if (length > 0 || fin_is_sent(tcb))
        send_piece(stack, tcb, 0, length, fin_is_sent(tcb) && length == tcb->out.count);
}

void send_window_update(struct shakedown_stack *stack, struct tcb *tcb)
{
    uint32_t told = tcb->rcv_wnd;
    (void)window_tell(tcb, true);
    bool worth = tcb->rcv_wnd - told >= BUFFER_SIZE / 2 || (told == 0 && tcb->rcv_wnd > 0);
    if (worth && tcb->opened && !tcb->fin_received)
        send_ack(stack, tcb);
    else
        tcb->rcv_wnd = told;
}
