/* SPDX-License-Identifier: MIT */
#include "spec/step.h"

#include "spec/dues.h"

struct view step_view(const struct step *step, const struct hypothesis *hypothesis, bool to_stack)
{
    return (struct view){.spec = step->spec,
                         .hypothesis = hypothesis,
                         .segment = step->segment,
                         .mask = step->mask,
                         .crowd = step->crowd,
                         .next = hypothesis->variables[SPEC_RCV_NXT],
                         .recent = hypothesis->variables[SPEC_TS_RECENT],
                         .lossless = step->lossless,
                         .to_stack = to_stack,
                         .now = step->now};
}

/* As step_view(), with NUMBERS for more than one question. */
static struct view view_with(const struct step *step, const struct hypothesis *hypothesis, bool to_stack,
                             struct view_numbers *numbers)
{
    struct view view = step_view(step, hypothesis, to_stack);
    view_begin(&view, numbers);
    return view;
}

static void begin(const struct hypotheses *before, struct hypotheses *after)
{
    after->count = 0;
    after->overflowed = before->overflowed;
    after->unsaid = before->unsaid;
}

/* A copy of FROM, behind all that SET has; settle() makes it one of them. */
static struct hypothesis *draft(struct hypotheses *set, const struct hypothesis *from)
{
    struct hypothesis *made = &set->items[set->count];
    *made = *from;
    return made;
}

/* True if KEPT stands for MADE as well from now on. Where silence is no evidence nothing that is owed has to come: two
 * that differ in that alone become one that owes what either does. */
static bool stands_for(const struct spec *spec, struct hypothesis *kept, const struct hypothesis *made, bool lossless)
{
    return hypothesis_same(kept, made) ||
           (!lossless && hypothesis_same_but_dues(kept, made) && dues_unite(spec, kept, made));
}

/* Two that are the same but for their times are kept as one that has been so for longer. */
static void settle(const struct spec *spec, struct hypotheses *set, bool lossless)
{
    const struct hypothesis *made = &set->items[set->count];
    for (size_t i = 0; i < set->count; i++) {
        struct hypothesis *kept = &set->items[i];
        if (!stands_for(spec, kept, made, lossless))
            continue;
        kept->entered = kept->entered < made->entered ? kept->entered : made->entered;
        kept->heard = kept->heard < made->heard ? kept->heard : made->heard;
        if (made->cost < kept->cost) {
            kept->cost = made->cost;
            kept->lax_row = made->lax_row;
        }
        return;
    }
    if (set->count == HYPOTHESES_MOST)
        set->overflowed = true;
    else
        set->count++;
}

static void keep(const struct step *step, struct hypotheses *set, const struct hypothesis *hypothesis)
{
    (void)draft(set, hypothesis);
    settle(step->spec, set, step->lossless);
}

/* As due_owe(), with the numbers from before the connection was forgotten. */
static void owe_forgetting(const struct view *view, const struct spec_row *row, uint8_t index, struct hypothesis *into)
{
    struct hypothesis owing = *view->hypothesis;
    due_owe(view, row, index, &owing);
    memcpy(into->dues, owing.dues, sizeof(into->dues));
    into->due_count = owing.due_count;
}

/* Where a segment may be lost it is tried anyway that it was never taken: that it was, and changed nothing, is the
 * same. */
static bool is_as_lost(const struct view *view, const struct spec_row *row, const struct spec_outcome *outcome)
{
    return !view->lossless && outcome != &row->outcomes[0] && !outcome->answers && !outcome->passes &&
           outcome->effect_count == 0 && outcome->next == SPEC_STATE_COUNT;
}

/* False if one of the outcomes is that the rows below decide. */
static bool take_outcomes(const struct view *view, const struct spec_row *row, struct hypotheses *after)
{
    bool decided = true;
    for (uint8_t i = 0; i < row->outcome_count; i++) {
        const struct spec_outcome *outcome = &row->outcomes[i];
        if (view_condition(view, outcome->when) == TRUTH_NO || is_as_lost(view, row, outcome))
            continue;
        if (outcome->passes) {
            decided = false;
            continue;
        }
        struct hypothesis *into = draft(after, view->hypothesis);
        into->last_row = row->number;
        into->heard = view->now;
        hypothesis_apply(view, outcome, into);
        if (outcome->answers && (into->state == SPEC_CLOSED || into->state == SPEC_LISTEN))
            owe_forgetting(view, row, i, into);
        else if (outcome->answers)
            due_owe(view, row, i, into);
        settle(view->spec, after, view->lossless);
    }
    return decided;
}

static void count(const struct step *step, const struct hypothesis *hypothesis, const struct spec_row *row)
{
    if (step->tally != NULL && step->tally->applied != NULL)
        step->tally->applied[row->number]++;
    if (step->tally != NULL && step->tally->in_states != NULL)
        step->tally->in_states[(size_t)hypothesis->state * step->spec->row_count + row->number]++;
}

/* True once a row surely fits. */
static bool try_rows(const struct step *step, const struct view *view, const struct row_list *rows,
                     struct hypotheses *after)
{
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (!spec_bits_fit(&row->bits, step->segment->flags))
            continue;
        enum truth truth = view_condition(view, row->when);
        if (truth == TRUTH_NO)
            continue;
        if (truth == TRUTH_YES)
            count(step, view->hypothesis, row);
        if (take_outcomes(view, row, after) && truth == TRUTH_YES)
            return true;
    }
    return false;
}

void step_arrives(const struct step *step, const struct hypotheses *before, struct hypotheses *after)
{
    unsigned key = row_key(step->segment->flags);
    struct view_numbers numbers;
    begin(before, after);
    for (size_t i = 0; i < before->count; i++) {
        const struct hypothesis *hypothesis = &before->items[i];
        const struct view view = view_with(step, hypothesis, true, &numbers);
        if (!try_rows(step, &view, &step->index->arrives[hypothesis->state][step->segment->corrupt][key], after)) {
            keep(step, after, hypothesis);
            after->unsaid = true;
        }
    }
}

/* Settles INTO, the draft of AFTER, if it may have sent the segment. */
static void take_sent(const struct step *step, struct hypothesis *into, struct hypotheses *after)
{
    const struct view view = step_view(step, into, false);
    hypothesis_sent(&view, into);
    due_pay_acknowledgments(step, into);
    if (!step->any_options && (step_options(step, into) != step->spec->option_count || !step_ecn(step, into)))
        return;
    hypothesis_echoed(&view, into);
    settle(step->spec, after, step->lossless);
}

/* A SYN that is sent again by a timer comes neither before its time nor out of turn. */
static bool repeats_in_time(const struct step *step, struct hypothesis *into)
{
    nanoseconds ends[2];
    const struct spec_row *again = step_again_row(step, into);
    if (again == NULL || (step->segment->flags & TCP_SYN) == 0 || into->last_sent == NANOSECONDS_NEVER)
        return true;
    step_again_times(step->spec, into, again, ends);
    if (step->now < ends[0] && step->lossless)
        return false;
    if (into->interval == INTERVAL_OVERDUE)
        into->interval = (uint32_t)((step->now - into->last_sent) / NANOSECONDS_PER_MILLISECOND) + 1;
    if (into->repeats < UINT8_MAX)
        into->repeats++;
    return true;
}

static bool row_sends(const struct step *step, const struct spec_row *row)
{
    return spec_bits_fit(&row->bits, step->segment->flags) && (row->calls == 0 || (step->calls & row->calls) != 0);
}

/* What pays for something that FROM owed may have another meaning besides, such as the end of a connection. */
static void follow_sent(const struct step *step, const struct hypothesis *from, struct hypothesis *into)
{
    const struct row_list *rows = &step->index->follows[from->state][row_key(step->segment->flags)];
    struct view_numbers numbers;
    if (rows->count == 0 || (step->segment->flags & (TCP_SYN | TCP_RST)) != 0)
        return;
    const struct view view = view_with(step, from, false, &numbers);
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (!row_sends(step, row) || view_condition(&view, row->when) != TRUTH_YES)
            continue;
        if (row->outcomes[0].next != SPEC_STATE_COUNT)
            hypothesis_apply(&view, &row->outcomes[0], into);
        return;
    }
}

/* Nothing goes out before the SYN does. */
static bool has_begun(const struct step *step, const struct hypothesis *hypothesis)
{
    return hypothesis->last_sent != NANOSECONDS_NEVER || !step->lossless || hypothesis->state == SPEC_CLOSED ||
           hypothesis->state == SPEC_LISTEN;
}

static void send_unasked(const struct step *step, const struct hypothesis *from, struct hypotheses *after)
{
    const struct row_list *rows = &step->index->sends[from->state][row_key(step->segment->flags)];
    struct view_numbers numbers;
    const struct view view = view_with(step, from, false, &numbers);
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (!row_sends(step, row))
            continue;
        enum truth truth = view_condition(&view, row->when);
        if (truth == TRUTH_NO)
            continue;
        for (uint8_t outcome = 0; outcome < row->outcome_count; outcome++) {
            struct hypothesis *into = draft(after, from);
            if (view_condition(&view, row->outcomes[outcome].when) == TRUTH_NO || !repeats_in_time(step, into))
                continue;
            count(step, from, row);
            hypothesis_apply(&view, &row->outcomes[outcome], into);
            take_sent(step, into, after);
        }
        if (truth == TRUTH_YES)
            return;
    }
}

void step_sends(const struct step *step, const struct hypotheses *before, struct hypotheses *after)
{
    begin(before, after);
    for (size_t i = 0; i < before->count; i++) {
        const struct hypothesis *hypothesis = &before->items[i];
        bool paid = false;
        for (unsigned due = 0; due < hypothesis->due_count && !paid; due++) {
            if (!due_pays(step, &hypothesis->dues[due]))
                continue;
            struct hypothesis *into = draft(after, hypothesis);
            due_pay(into, due);
            follow_sent(step, hypothesis, into);
            take_sent(step, into, after);
            paid = true;
        }
        if (!paid && has_begun(step, hypothesis))
            send_unasked(step, hypothesis, after);
    }
}

/* Silence is evidence only where nothing is lost. */
static void keep_in_time(const struct step *step, const struct hypothesis *hypothesis, struct hypotheses *after)
{
    struct hypothesis charged = *hypothesis;
    if (step->lossless && step_is_late(step, hypothesis))
        return;
    if (step->lossless)
        (void)step_charge(step, &charged);
    keep(step, after, &charged);
}

/* True if ROW lets the state of FROM end without a sign. */
static bool may_end(const struct step *step, const struct hypothesis *from, const struct spec_row *row)
{
    if (row->kind == SPEC_ROW_CALLS)
        return (step->calls & row->calls) != 0;
    nanoseconds span = spec_milliseconds(step->spec, row->again.first);
    /* What may end at any time is told from an abort that nobody saw only once a SYN begins anew. */
    bool anew = step->segment != NULL && (step->segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    if (span == 0 && !step->lossless && !anew)
        return false;
    nanoseconds since = row->again.of_silence && from->heard > from->entered ? from->heard : from->entered;
    return step->now - since >= span;
}

static void end_quietly(const struct step *step, const struct hypothesis *from, struct hypotheses *after)
{
    const struct row_list *rows = &step->index->quiet[from->state];
    if (rows->count == 0)
        return;
    const struct view view = step_view(step, from, false);
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (!may_end(step, from, row) || view_condition(&view, row->when) == TRUTH_NO)
            continue;
        for (uint16_t outcome = 0; outcome < row->outcome_count; outcome++) {
            struct hypothesis into = *from;
            if (view_condition(&view, row->outcomes[outcome].when) == TRUTH_NO)
                continue;
            hypothesis_apply(&view, &row->outcomes[outcome], &into);
            keep_in_time(step, &into, after);
        }
    }
}

void step_quietly(const struct step *step, struct hypotheses *set)
{
    for (size_t i = 0; i < set->count; i++)
        end_quietly(step, &set->items[i], set);
}

bool step_lasts(const struct step *step, const struct hypothesis *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row_list *quiet = &step->index->quiet[items[i].state];
        for (uint16_t row = 0; row < quiet->count; row++)
            if (may_end(step, &items[i], quiet->rows[row]))
                return false;
        struct hypothesis charged = items[i];
        if (step->lossless && (step_is_late(step, &items[i]) || step_charge(step, &charged)))
            return false;
    }
    return true;
}

void step_waits(const struct step *step, const struct hypotheses *before, struct hypotheses *after)
{
    begin(before, after);
    for (size_t i = 0; i < before->count; i++) {
        keep_in_time(step, &before->items[i], after);
        end_quietly(step, &before->items[i], after);
    }
}

void step_unite(const struct step *step, const struct hypotheses *other, struct hypotheses *set)
{
    for (size_t i = 0; i < other->count; i++)
        keep(step, set, &other->items[i]);
}
