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

static enum spec_presence presence_of(const struct spec_option *option, uint16_t flags)
{
    if ((flags & TCP_RST) != 0)
        return option->on_rst;
    if ((flags & TCP_SYN) == 0)
        return option->elsewhere;
    return (flags & TCP_ACK) != 0 ? option->on_syn_ack : option->on_syn;
}

/* True if the stack made the segment before one that was seen already: on a path segments overtake each other. */
static bool was_overtaken(const struct step *step, const struct hypothesis *hypothesis)
{
    const struct segment *segment = step->segment;
    return !step->lossless && (segment->options & SEGMENT_TIMESTAMPS) != 0 &&
           hypothesis_knows(hypothesis, SPEC_TS_SENT) &&
           sequence_before(segment->timestamp, hypothesis->variables[SPEC_TS_SENT], step->mask);
}

uint16_t step_options(const struct step *step, const struct hypothesis *hypothesis)
{
    const struct segment *segment = step->segment;
    const struct view view = {.spec = step->spec,
                              .hypothesis = hypothesis,
                              .segment = segment,
                              .mask = step->mask,
                              .crowd = step->crowd,
                              .next = hypothesis->variables[SPEC_RCV_NXT],
                              .recent = hypothesis->variables[SPEC_TS_RECENT],
                              .now = step->now};
    for (uint16_t i = 0; i < step->spec->option_count; i++) {
        const struct spec_option *option = &step->spec->options[i];
        uint8_t bit = segment_option_bit(option->kind);
        bool present = (segment->options & bit) != 0;
        /* Of a connection that was not seen from its SYN on it isn't known what was agreed. */
        if (!hypothesis_knows(hypothesis, SPEC_IRS) && (segment->flags & TCP_SYN) == 0)
            continue;
        if (!presence_holds(hypothesis, bit, presence_of(option, segment->flags), present))
            return i;
        if (present && option->value != SPEC_NO_NODE && !was_overtaken(step, hypothesis) &&
            view_condition(&view, option->value) == TRUTH_NO)
            return i;
    }
    return step->spec->option_count;
}
