/* SPDX-License-Identifier: MIT */
/* The machines of options, run beside the states. */
#include "spec/step.h"

static bool presence_holds(const struct hypothesis *hypothesis, uint8_t bit, enum spec_presence presence, bool present)
{
    bool received = (hypothesis->received & bit) != 0 ||
                    (bit == SEGMENT_SACK && (hypothesis->received & SEGMENT_SACK_PERMITTED) != 0);
    bool agreed = received && (hypothesis->sent & bit) != 0;
    switch (presence) {
    case SPEC_NEVER:
        return !present;
    case SPEC_IF_RECEIVED:
        return !present || received;
    case SPEC_IF_AGREED:
        return !present || agreed;
    case SPEC_ALWAYS_IF_AGREED:
        return present == agreed;
    default:
        return true;
    }
}

static enum spec_place place_of(uint16_t flags)
{
    if ((flags & TCP_RST) != 0)
        return SPEC_ON_RST;
    if ((flags & TCP_SYN) == 0)
        return SPEC_ELSEWHERE;
    return (flags & TCP_ACK) != 0 ? SPEC_ON_SYN_ACK : SPEC_ON_SYN;
}

/* True if the stack made the segment before one that was seen already: on a path segments overtake each other. */
static bool was_overtaken(const struct step *step, const struct hypothesis *hypothesis)
{
    const struct segment *segment = step->segment;
    return !step->lossless && (segment->options & SEGMENT_TIMESTAMPS) != 0 &&
           hypothesis_knows(hypothesis, SPEC_TS_SENT) &&
           sequence_before(segment->timestamp, hypothesis->variables[SPEC_TS_SENT], step->mask);
}

static bool value_holds(const struct step *step, const struct hypothesis *hypothesis, const struct spec_option *option)
{
    const struct view view = {.spec = step->spec,
                              .hypothesis = hypothesis,
                              .segment = step->segment,
                              .mask = step->mask,
                              .crowd = step->crowd,
                              .next = hypothesis->variables[SPEC_RCV_NXT],
                              .recent = hypothesis->variables[SPEC_TS_RECENT],
                              .now = step->now};
    return view_condition(&view, option->value) != TRUTH_NO;
}

uint16_t step_options(const struct step *step, const struct hypothesis *hypothesis)
{
    const struct segment *segment = step->segment;
    const uint16_t count = step->spec->option_count;
    const enum spec_place place = place_of(segment->flags);
    /* Of a connection that was not seen from its SYN on it isn't known what was agreed. */
    if (!hypothesis_knows(hypothesis, SPEC_IRS) && (segment->flags & TCP_SYN) == 0)
        return count;
    for (uint16_t i = 0; i < count; i++) {
        const struct spec_option *option = &step->spec->options[i];
        bool present = (segment->options & option->bit) != 0;
        enum spec_presence presence = option->on[place];
        if (!present && presence != SPEC_ALWAYS_IF_AGREED)
            continue;
        if (!presence_holds(hypothesis, option->bit, presence, present))
            return i;
        if (present && option->value != SPEC_NO_NODE && !was_overtaken(step, hypothesis) &&
            !value_holds(step, hypothesis, option))
            return i;
    }
    return count;
}
