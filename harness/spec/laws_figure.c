/* SPDX-License-Identifier: MIT */
#include "spec/laws_figure.h"

#include "spec/situation.h"

enum {
    STAYS = SPEC_STATE_COUNT,
    SYN = TCP_SYN,
    ACK = TCP_ACK,
    FIN = TCP_FIN,
    CLOSE = 1 << SPEC_CALL_CLOSE,
    ABORT = 1 << SPEC_CALL_ABORT
};

#define ARRIVES(bits) 1U << SPEC_ROW_ARRIVES, bits, 0
#define SENDS(bits)   1U << SPEC_ROW_SENDS, bits, 0
#define CLOSES(bits)  1U << SPEC_ROW_SENDS, bits, CLOSE
#define LAPSES        1U << SPEC_ROW_LAPSES, 0, 0
#define CALLS(call)   1U << SPEC_ROW_CALLS, 0, call
#define ABORTS        1U << SPEC_ROW_CALLS | 1U << SPEC_ROW_SENDS, 0, ABORT

/* RFC 9293 figure 5, in its order; then sections 3.10.5, 3.10.8 and 3.8.1. */
static const struct arrow {
    uint8_t from;
    uint8_t kinds; /* bits of enum spec_row_kind */
    uint16_t bits; /* that the segment has; 0: any, or none */
    uint8_t calls;
    uint8_t to; /* STAYS: the same */
    const char *how;
} arrows[] = {
    {SPEC_CLOSED, CALLS(1 << SPEC_CALL_OPEN), SPEC_LISTEN, "a passive OPEN"},
    {SPEC_CLOSED, SENDS(SYN), SPEC_SYN_SENT, "an active OPEN, which sends a SYN"},
    {SPEC_LISTEN, ARRIVES(SYN), SPEC_SYN_RECEIVED, "a SYN"},
    {SPEC_LISTEN, SENDS(SYN), SPEC_SYN_SENT, "SEND, which sends a SYN"},
    {SPEC_LISTEN, CALLS(CLOSE), SPEC_CLOSED, "CLOSE"},
    {SPEC_SYN_SENT, CALLS(CLOSE), SPEC_CLOSED, "CLOSE"},
    {SPEC_SYN_SENT, ARRIVES(SYN), SPEC_SYN_RECEIVED, "a SYN"},
    {SPEC_SYN_SENT, ARRIVES(SYN | ACK), SPEC_ESTABLISHED, "a SYN-ACK"},
    {SPEC_SYN_RECEIVED, ARRIVES(ACK), SPEC_ESTABLISHED, "the ACK of its SYN"},
    {SPEC_SYN_RECEIVED, ARRIVES(TCP_RST), SPEC_LISTEN, "a RST"},
    {SPEC_SYN_RECEIVED, CLOSES(FIN | ACK), SPEC_FIN_WAIT_1, "CLOSE, which sends a FIN"},
    {SPEC_ESTABLISHED, CLOSES(FIN | ACK), SPEC_FIN_WAIT_1, "CLOSE, which sends a FIN"},
    {SPEC_ESTABLISHED, ARRIVES(FIN), SPEC_CLOSE_WAIT, "a FIN"},
    {SPEC_CLOSE_WAIT, CLOSES(FIN | ACK), SPEC_LAST_ACK, "CLOSE, which sends a FIN"},
    {SPEC_FIN_WAIT_1, ARRIVES(ACK), SPEC_FIN_WAIT_2, "the ACK of its FIN"},
    {SPEC_FIN_WAIT_1, ARRIVES(FIN), SPEC_CLOSING, "a FIN"},
    {SPEC_FIN_WAIT_1, ARRIVES(FIN | ACK), SPEC_TIME_WAIT, "a FIN that acknowledges its own"},
    {SPEC_FIN_WAIT_2, ARRIVES(FIN), SPEC_TIME_WAIT, "a FIN"},
    {SPEC_CLOSING, ARRIVES(ACK), SPEC_TIME_WAIT, "the ACK of its FIN"},
    {SPEC_LAST_ACK, ARRIVES(ACK), SPEC_CLOSED, "the ACK of its FIN"},
    {SPEC_TIME_WAIT, LAPSES, SPEC_CLOSED, "twice the MSL"},
    {SPEC_LISTEN, CALLS(ABORT), SPEC_CLOSED, "ABORT"},
    {SPEC_SYN_SENT, CALLS(ABORT), SPEC_CLOSED, "ABORT"},
    {SPEC_SYN_RECEIVED, ABORTS, SPEC_CLOSED, "ABORT"},
    {SPEC_ESTABLISHED, ABORTS, SPEC_CLOSED, "ABORT"},
    {SPEC_FIN_WAIT_1, ABORTS, SPEC_CLOSED, "ABORT"},
    {SPEC_FIN_WAIT_2, ABORTS, SPEC_CLOSED, "ABORT"},
    {SPEC_CLOSE_WAIT, ABORTS, SPEC_CLOSED, "ABORT"},
    {SPEC_CLOSING, CALLS(ABORT), SPEC_CLOSED, "ABORT"},
    {SPEC_LAST_ACK, CALLS(ABORT), SPEC_CLOSED, "ABORT"},
    {SPEC_TIME_WAIT, CALLS(ABORT), SPEC_CLOSED, "ABORT"},
    {SPEC_SYN_SENT, LAPSES, SPEC_CLOSED, "the time-out"},
    {SPEC_SYN_RECEIVED, LAPSES, SPEC_CLOSED, "the time-out"},
    {SPEC_ESTABLISHED, LAPSES, SPEC_CLOSED, "the time-out"},
    {SPEC_FIN_WAIT_1, LAPSES, SPEC_CLOSED, "the time-out"},
    {SPEC_CLOSE_WAIT, LAPSES, SPEC_CLOSED, "the time-out"},
    {SPEC_CLOSING, LAPSES, SPEC_CLOSED, "the time-out"},
    {SPEC_LAST_ACK, LAPSES, SPEC_CLOSED, "the time-out"},
    {SPEC_SYN_SENT, SENDS(SYN), STAYS, "its SYN, sent again"},
    {SPEC_SYN_RECEIVED, SENDS(SYN | ACK), STAYS, "its SYN-ACK, sent again"},
    {SPEC_ESTABLISHED, SENDS(ACK), STAYS, "its text, sent again"},
    {SPEC_CLOSE_WAIT, SENDS(ACK), STAYS, "its text, sent again"},
    {SPEC_FIN_WAIT_1, SENDS(ACK), STAYS, "its text, sent again"},
    {SPEC_FIN_WAIT_1, SENDS(FIN | ACK), STAYS, "its FIN, sent again"},
    {SPEC_CLOSING, SENDS(ACK), STAYS, "its text, sent again"},
    {SPEC_CLOSING, SENDS(FIN | ACK), STAYS, "its FIN, sent again"},
    {SPEC_LAST_ACK, SENDS(ACK), STAYS, "its text, sent again"},
    {SPEC_LAST_ACK, SENDS(FIN | ACK), STAYS, "its FIN, sent again"},
};

struct span laws_place_of(const struct spec *spec, enum spec_state state)
{
    const struct spec_state_rows *rows = &spec->states[state];
    return rows->count > 0 ? rows->rows[0]->at : (struct span){0, 0};
}

static bool is_arrow(const struct spec_row *row, const struct arrow *arrow)
{
    const bool named = row->kind == SPEC_ROW_SENDS && arrow->bits != 0 ? row->bits.all == arrow->bits
                                                                       : (row->bits.all & arrow->bits) == arrow->bits;
    if ((arrow->kinds >> row->kind & 1) == 0 || !named || (row->calls & arrow->calls) != arrow->calls)
        return false;
    for (uint16_t i = 0; i < row->outcome_count; i++)
        if (row->outcomes[i].next == arrow->to)
            return true;
    return false;
}

size_t laws_tell_missing_arrows(const struct spec *spec, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < COUNT_OF(arrows); i++) {
        const struct arrow *arrow = &arrows[i];
        const struct spec_state_rows *rows = &spec->states[arrow->from];
        uint16_t at = 0;
        while (at < rows->count && !is_arrow(rows->rows[at], arrow))
            at++;
        if (at == rows->count)
            (void)diagnostics_add(diagnostics, laws_place_of(spec, arrow->from), "in %s no row has %s%s%s",
                                  spec_state_name(arrow->from), arrow->how, arrow->to == STAYS ? "" : " lead to ",
                                  arrow->to == STAYS ? "" : spec_state_name(arrow->to));
    }
    return COUNT_OF(arrows);
}

/* So far away that no window reaches there. */
enum { FAR = 1 << 20 };

struct sending {
    const struct spec *spec;
    struct diagnostics *diagnostics;
    const struct spec_row *row;
    struct hypothesis hypothesis;
};

static void tell_if_it_fits(const struct sending *sending, const struct segment *segment, const char *what)
{
    const struct view view = {.spec = sending->spec,
                              .hypothesis = &sending->hypothesis,
                              .segment = segment,
                              .mask = UINT32_MAX,
                              .next = sending->hypothesis.variables[SPEC_RCV_NXT],
                              .recent = sending->hypothesis.variables[SPEC_TS_RECENT]};
    if (view_condition(&view, sending->row->when) != TRUTH_NO)
        (void)diagnostics_add(sending->diagnostics, sending->row->at, "in %s this row lets a segment be sent %s",
                              spec_state_name(sending->hypothesis.state), what);
}

static void look_at_sends(struct sending *sending)
{
    const struct spec_bits *bits = &sending->row->bits;
    const uint32_t *own = sending->hypothesis.variables;
    struct segment segment = {.flags = bits->all,
                              .length = (bits->all >> 1 & 1U) + (bits->all & 1U),
                              .sequence = own[SPEC_SND_NXT],
                              .acknowledgment = own[SPEC_RCV_NXT]};
    if (sending->hypothesis.state <= SPEC_LISTEN) {
        hypothesis_set(&sending->hypothesis, SPEC_OLD_NXT, FAR);
        segment.sequence = FAR - 1;
        tell_if_it_fits(sending, &segment, "that begins where the connection before began");
        return;
    }
    segment.sequence += FAR;
    tell_if_it_fits(sending, &segment, "whose number is outside of what may be sent");
    if ((bits->all & TCP_ACK) == 0)
        return;
    segment.sequence -= FAR;
    segment.acknowledgment += FAR;
    tell_if_it_fits(sending, &segment, "that acknowledges what never came");
}

size_t laws_tell_wild_sends(const struct spec *spec, struct diagnostics *diagnostics)
{
    size_t count = 0;
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++)
        for (uint16_t i = 0; i < spec->states[state].count; i++) {
            struct sending sending = {spec, diagnostics, spec->states[state].rows[i], situation_hypothesis(state)};
            if (sending.row->kind != SPEC_ROW_SENDS)
                continue;
            look_at_sends(&sending);
            count++;
        }
    return count;
}
