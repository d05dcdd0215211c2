/* SPDX-License-Identifier: MIT */
/* Laws about single outcomes: what RFC 9293 has any stack do with a kind of segment, or never do. */
#include "spec/laws_outcome.h"

static enum spec_state state_of(const struct situation *situation)
{
    return situation->view.hypothesis->state;
}

static bool has(const struct situation *situation, uint16_t bits)
{
    return (situation->view.segment->flags & bits) != 0;
}

static uint32_t own(const struct situation *situation, enum spec_variable variable)
{
    return situation->view.hypothesis->variables[variable];
}

static bool sends(const struct spec_outcome *outcome, uint16_t bit)
{
    return outcome->answers && (outcome->answer.bits.all & bit) != 0;
}

static bool does(const struct spec_outcome *outcome, enum spec_effect_kind kind)
{
    for (uint16_t i = 0; i < outcome->effect_count; i++)
        if (outcome->effects[i].kind == kind)
            return true;
    return false;
}

static bool ends(const struct spec_outcome *outcome)
{
    return outcome->next == SPEC_CLOSED || outcome->next == SPEC_LISTEN;
}

static bool is_connection(const struct situation *situation)
{
    return state_of(situation) >= SPEC_SYN_RECEIVED;
}

static bool is_at_next(const struct situation *situation)
{
    return situation->view.segment->sequence == own(situation, SPEC_RCV_NXT);
}

/* The first number that it takes, whatever follows. */
static bool is_within(const struct situation *situation)
{
    const uint32_t sequence = situation->view.segment->sequence;
    return sequence - own(situation, SPEC_RCV_NXT) < own(situation, SPEC_RCV_EDGE) - own(situation, SPEC_RCV_NXT);
}

static bool is_outside(const struct situation *situation)
{
    const struct segment *segment = situation->view.segment;
    const uint32_t last = segment->sequence + (segment->length > 0 ? segment->length - 1 : 0);
    const uint32_t window = own(situation, SPEC_RCV_EDGE) - own(situation, SPEC_RCV_NXT);
    return !is_within(situation) && last - own(situation, SPEC_RCV_NXT) >= window;
}

static bool acknowledges_too_much(const struct situation *situation)
{
    return has(situation, TCP_ACK) &&
           situation->view.segment->acknowledgment - own(situation, SPEC_SND_NXT) - 1 < INT32_MAX;
}

static bool acknowledges_new(const struct situation *situation)
{
    const uint32_t una = own(situation, SPEC_SND_UNA);
    const uint32_t new = situation->view.segment->acknowledgment - una;
    return has(situation, TCP_ACK) && new != 0 && new <= own(situation, SPEC_SND_NXT) - una;
}

/* RFC 9293 section 3.5.2, groups 1 and 2. */
static bool is_for_nobody(const struct situation *situation)
{
    const enum spec_state state = state_of(situation);
    if (has(situation, TCP_RST))
        return false;
    if (state == SPEC_SYN_SENT)
        return has(situation, TCP_ACK) && !acknowledges_new(situation);
    return state == SPEC_CLOSED || (state == SPEC_LISTEN && has(situation, TCP_ACK));
}

static bool resets(const struct situation *situation, const struct spec_outcome *outcome)
{
    (void)situation;
    return sends(outcome, TCP_RST);
}

/* RFC 9293 section 3.10.7.3 and .4, second step; RFC 5961 section 3.2. In TIME-WAIT RFC 1337 has its say. */
static bool is_valid_reset(const struct situation *situation)
{
    if (!has(situation, TCP_RST) || state_of(situation) == SPEC_TIME_WAIT)
        return false;
    if (state_of(situation) == SPEC_SYN_SENT)
        return acknowledges_new(situation);
    return is_connection(situation) && is_within(situation);
}

static bool is_ended_or_challenged(const struct situation *situation, const struct spec_outcome *outcome)
{
    const bool certain = state_of(situation) == SPEC_SYN_SENT || is_at_next(situation);
    return ends(outcome) || (!certain && sends(outcome, TCP_ACK));
}

static bool is_stray_reset(const struct situation *situation)
{
    return has(situation, TCP_RST) && is_connection(situation) && is_outside(situation);
}

static bool is_nothing(const struct situation *situation, const struct spec_outcome *outcome)
{
    (void)situation;
    return !outcome->answers && outcome->next == SPEC_STATE_COUNT && outcome->effect_count == 0;
}

/* RFC 9293 section 3.10.7.4, fourth step, and RFC 5961 section 4.2; the SYN-ACK of who opened at the same time has a
 * SYN that was counted. */
static bool is_syn_within(const struct situation *situation)
{
    return has(situation, TCP_SYN) && !has(situation, TCP_RST) && is_connection(situation) && is_within(situation);
}

static bool is_challenged(const struct situation *situation, const struct spec_outcome *outcome)
{
    (void)situation;
    return sends(outcome, TCP_ACK | TCP_RST) || outcome->next == SPEC_LISTEN;
}

static bool takes_room(const struct situation *situation)
{
    return situation->view.segment->length > 0;
}

/* Text, FIN and SYN have numbers so that they can be acknowledged: RFC 9293 section 3.4. */
static bool is_acknowledged(const struct situation *situation, const struct spec_outcome *outcome)
{
    const bool taken =
        does(outcome, SPEC_EFFECT_NEGOTIATE) || (does(outcome, SPEC_EFFECT_RECEIVE) && !has(situation, TCP_SYN));
    return !taken || sends(outcome, TCP_ACK | TCP_RST);
}

/* RFC 9293 section 3.10.7.4, fifth step. */
static bool is_plain_new_ack(const struct situation *situation)
{
    return acknowledges_new(situation) && !has(situation, TCP_RST | TCP_SYN) && is_connection(situation) &&
           state_of(situation) != SPEC_TIME_WAIT && is_at_next(situation);
}

static bool takes_acknowledgment(const struct situation *situation, const struct spec_outcome *outcome)
{
    (void)situation;
    return does(outcome, SPEC_EFFECT_ACKNOWLEDGE) || ends(outcome);
}

static bool is_ack_of_nothing_sent(const struct situation *situation)
{
    return acknowledges_too_much(situation) && !has(situation, TCP_RST) && is_connection(situation);
}

static bool takes_no_acknowledgment(const struct situation *situation, const struct spec_outcome *outcome)
{
    return !does(outcome, SPEC_EFFECT_ACKNOWLEDGE) &&
           (outcome->next == SPEC_STATE_COUNT || ends(outcome) || has(situation, TCP_SYN));
}

/* RFC 9293 section 3.10.7.4: segments with higher beginning sequence numbers are held. */
static bool is_early_fin(const struct situation *situation)
{
    const enum spec_state state = state_of(situation);
    return has(situation, TCP_FIN) && !has(situation, TCP_RST | TCP_SYN) && is_within(situation) &&
           !is_at_next(situation) && state >= SPEC_SYN_RECEIVED && state <= SPEC_FIN_WAIT_2;
}

static bool waits_for_the_rest(const struct situation *situation, const struct spec_outcome *outcome)
{
    (void)situation;
    return outcome->next != SPEC_CLOSE_WAIT && outcome->next != SPEC_CLOSING && outcome->next != SPEC_TIME_WAIT;
}

/* RFC 9293 MAY-2. */
static bool is_old_syn(const struct situation *situation)
{
    return state_of(situation) == SPEC_TIME_WAIT && has(situation, TCP_SYN) &&
           (int32_t)(situation->view.segment->sequence - own(situation, SPEC_RCV_NXT)) <= 0;
}

static bool makes_no_connection(const struct situation *situation, const struct spec_outcome *outcome)
{
    (void)situation;
    return outcome->next != SPEC_SYN_RECEIVED;
}

const struct outcome_law outcome_laws[OUTCOME_LAWS] = {
    {"what is for no connection, or acknowledges what was never sent before there is one, is reset", "3.5.2",
     is_for_nobody, resets},
    {"a RST at the next number ends a connection, and one within the window ends it or draws an ACK", "3.10.7.4",
     is_valid_reset, is_ended_or_challenged},
    {"a RST outside the window does nothing", "3.10.7.4", is_stray_reset, is_nothing},
    {"a SYN on a connection draws an ACK or a RST, but where it leads back to LISTEN", "3.10.7.4", is_syn_within,
     is_challenged},
    {"a SYN, text or a FIN that is taken is acknowledged", "3.4", takes_room, is_acknowledged},
    {"an acknowledgment of something new is taken", "3.10.7.4", is_plain_new_ack, takes_acknowledgment},
    {"an acknowledgment of what was never sent is not taken", "3.10.7.4", is_ack_of_nothing_sent,
     takes_no_acknowledgment},
    {"a FIN counts only once all text before it has come", "3.10.7.4", is_early_fin, waits_for_the_rest},
    {"a SYN in TIME-WAIT that is no newer than the old connection makes no new one", "3.10.7.4", is_old_syn,
     makes_no_connection},
};
