/* SPDX-License-Identifier: MIT */
#include "spec/hypothesis.h"

struct hypothesis hypothesis_in(enum spec_state state)
{
    return (struct hypothesis){.state = (uint8_t)state,
                               .last_row = SPEC_NO_NODE,
                               .lax_row = SPEC_NO_NODE,
                               .first_sent = NANOSECONDS_NEVER,
                               .last_sent = NANOSECONDS_NEVER,
                               .throttled = NANOSECONDS_NEVER};
}

/* The later of the two, if the first is known. */
static void advance(const struct view *view, struct hypothesis *into, enum spec_variable variable, uint32_t value)
{
    if (!hypothesis_knows(into, variable) || sequence_before(into->variables[variable], value, view->mask))
        hypothesis_set(into, variable, value & view->mask);
}

static void take_window(const struct view *view, struct hypothesis *into)
{
    const struct segment *segment = view->segment;
    struct view now = *view;
    now.hypothesis = into;
    uint32_t window = view_window(&now);
    hypothesis_set(into, SPEC_SND_WND, window);
    if (!hypothesis_knows(into, SPEC_SND_MAX_WND) || into->variables[SPEC_SND_MAX_WND] < window)
        hypothesis_set(into, SPEC_SND_MAX_WND, window);
    if ((segment->flags & TCP_ACK) != 0)
        advance(view, into, SPEC_SND_EDGE, segment->acknowledgment + window);
    else if (hypothesis_knows(into, SPEC_ISS))
        advance(view, into, SPEC_SND_EDGE, into->variables[SPEC_ISS] + 1 + window);
}

static void negotiate(const struct view *view, struct hypothesis *into)
{
    const struct segment *segment = view->segment;
    into->received = segment->options;
    into->received_scale = segment->scale;
    into->received_ecn = segment_ecn_value(segment->flags);
    into->arrived_ecn = segment->ecn;
    if ((segment->options & SEGMENT_TIMESTAMPS) != 0) {
        hypothesis_set(into, SPEC_TS_RECENT, segment->timestamp);
        hypothesis_set(into, SPEC_TS_ECHOED, segment->timestamp);
    }
    take_window(view, into);
}

static void take_timestamp(const struct view *view, struct hypothesis *into)
{
    if ((view->segment->options & SEGMENT_TIMESTAMPS) != 0)
        advance(view, into, SPEC_TS_RECENT, view->segment->timestamp);
}

static void acknowledge(const struct view *view, struct hypothesis *into)
{
    const struct segment *segment = view->segment;
    bool known = hypothesis_knows(into, SPEC_SND_UNA) && hypothesis_knows(into, SPEC_SND_NXT);
    uint32_t above = (segment->acknowledgment - into->variables[SPEC_SND_UNA]) & view->mask;
    uint32_t most = (into->variables[SPEC_SND_NXT] - into->variables[SPEC_SND_UNA]) & view->mask;
    if (!known || above <= most)
        hypothesis_set(into, SPEC_SND_UNA, segment->acknowledgment);
    if (!known)
        advance(view, into, SPEC_SND_NXT, segment->acknowledgment);
    take_window(view, into);
    take_timestamp(view, into);
}

/* Text that is in order is taken, where nothing can have lost it; what is not may be. */
static void receive(const struct view *view, struct hypothesis *into)
{
    const struct segment *segment = view->segment;
    uint32_t end = (segment->sequence + segment->length) & view->mask;
    uint32_t next = into->variables[SPEC_RCV_NXT];
    if (!hypothesis_knows(into, SPEC_RCV_NXT)) {
        hypothesis_set(into, SPEC_RCV_NXT, segment->sequence);
        next = segment->sequence;
    }
    bool in_order = !sequence_before(next, segment->sequence, view->mask);
    if ((segment->flags & TCP_FIN) != 0) {
        hypothesis_set(into, SPEC_RCV_FIN, (end - 1) & view->mask);
        if (!in_order)
            into->facts |= 1U << SPEC_FACT_FIN_HELD;
    }
    advance(view, into, SPEC_RCV_HIGH, next);
    advance(view, into, SPEC_RCV_HIGH, end);
    if (in_order && view->lossless)
        advance(view, into, SPEC_RCV_NXT, end);
    take_timestamp(view, into);
}

static void forget(struct hypothesis *into)
{
    bool numbered = hypothesis_knows(into, SPEC_SND_NXT);
    uint32_t next = into->variables[SPEC_SND_NXT];
    const struct hypothesis old = *into;
    *into = hypothesis_in((enum spec_state)old.state);
    into->last_row = old.last_row;
    into->chosen = old.chosen;
    into->lax_row = old.lax_row;
    into->cost = old.cost;
    if (numbered)
        hypothesis_set(into, SPEC_OLD_NXT, next);
}

static void set(const struct view *view, const struct spec_effect *effect, struct hypothesis *into)
{
    uint32_t ends[2];
    struct view now = *view;
    now.hypothesis = into;
    now.numbers = NULL;
    now.next = into->variables[SPEC_RCV_NXT];
    now.recent = into->variables[SPEC_TS_RECENT];
    if (effect->is_fact)
        into->facts |= (uint8_t)(1U << effect->number);
    else if (view_number(&now, effect->node, ends))
        hypothesis_set(into, effect->number, ends[0]);
    else
        into->known &= ~(UINT32_C(1) << effect->number);
}

static void apply(const struct view *view, const struct spec_effect *effect, struct hypothesis *into)
{
    switch (effect->kind) {
    case SPEC_EFFECT_SET:
        set(view, effect, into);
        break;
    case SPEC_EFFECT_CLEAR:
        into->facts &= (uint8_t) ~(1U << effect->number);
        break;
    case SPEC_EFFECT_NEGOTIATE:
        negotiate(view, into);
        break;
    case SPEC_EFFECT_ACKNOWLEDGE:
        acknowledge(view, into);
        break;
    case SPEC_EFFECT_RECEIVE:
        receive(view, into);
        break;
    case SPEC_EFFECT_STAMP:
        take_timestamp(view, into);
        break;
    case SPEC_EFFECT_FORGET:
        forget(into);
        break;
    default:
        INVARIANT(effect->kind == SPEC_EFFECT_CHOOSE);
        into->chosen |= (uint16_t)(1U << effect->number);
    }
}

void hypothesis_apply(const struct view *view, const struct spec_outcome *outcome, struct hypothesis *into)
{
    for (uint16_t i = 0; i < outcome->effect_count; i++)
        apply(view, &outcome->effects[i], into);
    if (outcome->next != SPEC_STATE_COUNT) {
        into->state = outcome->next;
        into->entered = outcome->next == SPEC_CLOSED || outcome->next == SPEC_LISTEN ? 0 : view->now;
    }
}

static void sent_syn(const struct view *view, struct hypothesis *into)
{
    const struct segment *segment = view->segment;
    bool again = into->last_sent != NANOSECONDS_NEVER;
    hypothesis_set(into, SPEC_ISS, segment->sequence);
    if (!hypothesis_knows(into, SPEC_SND_UNA))
        hypothesis_set(into, SPEC_SND_UNA, segment->sequence);
    if (!hypothesis_knows(into, SPEC_SND_EDGE) && hypothesis_knows(into, SPEC_SND_WND))
        hypothesis_set(into, SPEC_SND_EDGE, (segment->sequence + 1 + into->variables[SPEC_SND_WND]) & view->mask);
    into->sent = segment->options;
    into->sent_scale = segment->scale;
    into->sent_ecn = segment_ecn_value(segment->flags);
    if (!again)
        into->first_sent = view->now;
    into->last_sent = view->now;
}

void hypothesis_sent(const struct view *view, struct hypothesis *into)
{
    const struct segment *segment = view->segment;
    if ((segment->flags & TCP_RST) != 0)
        return;
    if ((segment->flags & TCP_SYN) != 0)
        sent_syn(view, into);
    advance(view, into, SPEC_SND_NXT, segment->sequence + segment->length);
    if (!hypothesis_knows(into, SPEC_SND_UNA))
        hypothesis_set(into, SPEC_SND_UNA, segment->sequence);
    if ((segment->flags & TCP_FIN) != 0)
        hypothesis_set(into, SPEC_SND_FIN, (segment->sequence + segment->length - 1) & view->mask);
    if ((segment->options & SEGMENT_TIMESTAMPS) != 0)
        advance(view, into, SPEC_TS_SENT, segment->timestamp);
    if ((segment->flags & TCP_ACK) == 0)
        return;
    into->first_ack =
        !hypothesis_knows(into, SPEC_RCV_ACKED) || into->variables[SPEC_RCV_ACKED] == into->variables[SPEC_IRS];
    struct view now = *view;
    now.hypothesis = into;
    advance(view, into, SPEC_RCV_ACKED, segment->acknowledgment);
    advance(view, into, SPEC_RCV_NXT, segment->acknowledgment);
    advance(view, into, SPEC_RCV_HIGH, segment->acknowledgment);
    advance(view, into, SPEC_RCV_EDGE, segment->acknowledgment + view_window(&now));
}

/* In a capture two segments that left side by side may stand in either order: an echo may then be older again. */
void hypothesis_echoed(const struct view *view, struct hypothesis *into)
{
    const struct segment *segment = view->segment;
    if (view->lossless && (segment->options & SEGMENT_TIMESTAMPS) != 0 &&
        (segment->flags & (TCP_ACK | TCP_RST)) == TCP_ACK)
        advance(view, into, SPEC_TS_ECHOED, segment->echo);
}
