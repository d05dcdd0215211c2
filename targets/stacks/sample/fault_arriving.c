/* SPDX-License-Identifier: MIT */
#include "fault_strikes.h"

bool pass_over(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    (void)tcb;
    (void)segment;
    return false;
}

bool answer_reset(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)tcb;
    send_reset_for(stack, segment);
    return false;
}

bool answer_reset_and_end(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    send_reset_for(stack, segment);
    tcb_end(stack, tcb, SHAKEDOWN_RESET);
    return false;
}

bool end_refused(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)segment;
    tcb_end(stack, tcb, SHAKEDOWN_REFUSED);
    return false;
}

bool end_reset(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)segment;
    tcb_end(stack, tcb, SHAKEDOWN_RESET);
    return false;
}

bool end_silently(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)segment;
    tcb_end(stack, tcb, 0);
    return false;
}

/* The connection gives way to what the segment asks for. */
bool end_and_go_on(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    tcb_end(stack, tcb, SHAKEDOWN_RESET);
    segment_arrives(stack, segment);
    return false;
}

bool reset_unless_acceptable(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    return is_acceptable(tcb, segment) || answer_reset(stack, tcb, segment);
}

bool drop_unless_acceptable(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    return is_acceptable(tcb, segment);
}

static bool acknowledges_us(const struct tcb *tcb, const struct segment *segment)
{
    return after(segment->acknowledgment, tcb->iss) && !after(segment->acknowledgment, tcb->snd_nxt);
}

bool drop_bad_ack(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    return acknowledges_us(tcb, segment);
}

bool end_at_bad_ack(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    return acknowledges_us(tcb, segment) || answer_reset_and_end(stack, tcb, segment);
}

bool drop_old_timestamp(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    return !tcb->timestamps || (segment->options.has_timestamps && !before(segment->options.value, tcb->ts_recent));
}

bool drop_if_half_open_waits(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)segment;
    for (const struct tcb *other = stack->blocks; other != NULL; other = other->next)
        if (other->listener == tcb && other->state == SYN_RECEIVED)
            return false;
    return true;
}

bool reset_if_backlog_full(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    return !backlog_full(stack, tcb) || answer_reset(stack, tcb, segment);
}

bool drop_upper_half(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    (void)tcb;
    return (int32_t)segment->sequence >= 0;
}

bool drop_zero_isn(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    (void)tcb;
    return segment->sequence != 0;
}

bool believe_acknowledges(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    segment->control |= ACK;
    segment->acknowledgment = tcb->snd_nxt;
    return true;
}

bool believe_in_window(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    if (is_acceptable(tcb, segment))
        segment->sequence = tcb->rcv_nxt;
    return true;
}

bool believe_scaled_syn(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    (void)stack;
    (void)tcb;
    uint32_t window = (uint32_t)segment->window << segment->options.scale;
    segment->window = (uint16_t)(window < WINDOW_MOST ? window : WINDOW_MOST);
    return true;
}

/* What one SYN offered is taken for the next one's, too. */
bool believe_options_before(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    struct options *kept = &stack->options_before;
    (void)tcb;
    if (!segment->options.has_scale && kept->has_scale) {
        segment->options.has_scale = true;
        segment->options.scale = kept->scale;
    }
    segment->options.sack_permitted = segment->options.sack_permitted || kept->sack_permitted;
    *kept = segment->options;
    return true;
}

STRIKE_THAT_SETS(believe_in_place, segment->sequence = tcb->rcv_nxt)
STRIKE_THAT_SETS(believe_acknowledges_any, segment->acknowledgment = tcb->snd_nxt)
STRIKE_THAT_SETS(believe_no_ack, segment->control &= (uint8_t)~ACK)
STRIKE_THAT_SETS(believe_syn, segment->control = SYN)
STRIKE_THAT_SETS(believe_syn_ack, segment->control = SYN | ACK; segment->sequence--)
STRIKE_THAT_SETS(believe_no_text, segment->length = 0)
STRIKE_THAT_SETS(believe_no_fin, segment->control &= (uint8_t)~FIN)
STRIKE_THAT_SETS(believe_no_rst, segment->control &= (uint8_t)~RST)
STRIKE_THAT_SETS(believe_no_options, segment->options = (struct options){0})
STRIKE_THAT_SETS(believe_wide_mss, segment->options.has_mss = true; segment->options.mss = WINDOW_MOST)
STRIKE_THAT_SETS(believe_default_mss, if (!segment->options.has_mss) segment->options.mss = 1460;
                 segment->options.has_mss = true)
STRIKE_THAT_SETS(believe_no_scale, segment->options.scale = 0)
STRIKE_THAT_SETS(believe_timestamp, if (!segment->options.has_timestamps) segment->options.value = tcb->ts_recent;
                 segment->options.has_timestamps = true)
STRIKE_THAT_SETS(believe_new_timestamp,
                 if (before(segment->options.value, tcb->ts_recent)) segment->options.value = tcb->ts_recent)
STRIKE_THAT_SETS(believe_open_window, if (segment->window == 0) segment->window = WINDOW_MOST)
STRIKE_THAT_SETS(take_scale, if (segment->options.has_scale) tcb->snd_scale = segment->options.scale;
                 tcb->scaling = tcb->scaling || segment->options.has_scale)
STRIKE_THAT_SETS(take_mss, if (segment->options.has_mss) tcb->snd_mss = segment->options.mss)
STRIKE_THAT_SETS(take_timestamp, if (segment->options.has_timestamps && after(segment->options.value, tcb->ts_recent))
                                     tcb->ts_recent = segment->options.value)
