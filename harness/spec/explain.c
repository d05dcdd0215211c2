/* SPDX-License-Identifier: MIT */
#include "spec/explain.h"

static void put_bits(struct text *text, uint16_t flags)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } bits[] = {{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_ACK, "ACK"}};
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        if ((flags & bits[i].bit) == 0)
            continue;
        text_append_format(text, "%s%s", first ? "" : ",", bits[i].name);
        first = false;
    }
    if (first)
        text_append_string(text, "segment without control bits");
}

static void put_segment_numbers(struct text *text, const struct segment *segment)
{
    text_append_format(text, " seq %u", segment->sequence);
    if ((segment->flags & TCP_ACK) != 0)
        text_append_format(text, " ack %u", segment->acknowledgment);
    if (segment->text > 0)
        text_append_format(text, " length %u", segment->text);
}

static void put_ends(struct text *text, const char *name, const uint32_t ends[2])
{
    if (ends[0] == ends[1])
        text_append_format(text, " %s %u", name, ends[0]);
    else
        text_append_format(text, " %s %u to %u", name, ends[0], ends[1]);
}

static void put_due(struct text *text, const struct step *step, const struct due *due)
{
    const struct spec_answer *answer = &step->spec->rows[due->row].outcomes[due->outcome].answer;
    put_bits(text, answer->bits.all);
    if ((due->open & DUE_ANY_SEQUENCE) == 0)
        put_ends(text, "seq", due->sequence);
    if ((due->open & DUE_ANY_ACKNOWLEDGMENT) == 0 && (answer->bits.all & TCP_ACK) != 0)
        put_ends(text, "ack", due->acknowledgment);
}

static void blame_row(struct explanation *explanation, const struct step *step, uint16_t number)
{
    const struct spec_row *row = &step->spec->rows[number];
    explanation->clauses = row->clauses;
    explanation->clause_count = row->clause_count;
    explanation->rule = row->at;
}

static void blame_option(struct explanation *explanation, const struct step *step, uint16_t number, struct text *text)
{
    const struct spec_option *option = &step->spec->options[number];
    bool present = (step->segment->options & option->bit) != 0;
    explanation->clauses = option->clauses;
    explanation->clause_count = option->clause_count;
    explanation->rule = option->at;
    text_append_string(text, "the stack's ");
    put_bits(text, step->segment->flags);
    text_append_format(
        text, present ? " has the option %s, which may not stand there or has a wrong value" : " lacks the option %s",
        option->name);
}

static void blame_ecn(struct explanation *explanation, const struct step *step, struct text *text)
{
    const struct spec_ecn *ecn = &step->spec->ecn;
    uint8_t value = segment_ecn_value(step->segment->flags);
    explanation->clauses = ecn->clauses;
    explanation->clause_count = ecn->clause_count;
    explanation->rule = ecn->at;
    text_append_string(text, "the stack's ");
    put_bits(text, step->segment->flags);
    text_append_format(text,
                       " has AE %u, CWR %u, ECE %u, which is none of the answers that ECN's negotiation knows here",
                       value >> 2, value >> 1 & 1U, value & 1U);
}

/* The hypothesis that explains most: one that owes a segment of this kind, else one that owes anything. */
static const struct hypothesis *nearest(const struct step *step, const struct hypotheses *before,
                                        const struct due **due)
{
    const struct hypothesis *owing = NULL;
    *due = NULL;
    for (size_t i = 0; i < before->count; i++) {
        const struct hypothesis *hypothesis = &before->items[i];
        for (unsigned j = 0; j < hypothesis->due_count; j++) {
            const struct due *candidate = &hypothesis->dues[j];
            const struct spec_answer *answer = &step->spec->rows[candidate->row].outcomes[candidate->outcome].answer;
            bool same = step->segment != NULL && spec_bits_fit(&answer->bits, step->segment->flags);
            if (same) {
                *due = candidate;
                return hypothesis;
            }
            if (owing == NULL) {
                owing = hypothesis;
                *due = candidate;
            }
        }
    }
    return owing != NULL ? owing : &before->items[0];
}

/* An output that is refused only for an option of it. */
static bool blame_options(struct explanation *explanation, const struct step *step, const struct hypotheses *before,
                          struct text *text)
{
    for (size_t i = 0; i < before->count; i++) {
        struct hypothesis into = before->items[i];
        const struct view view = {.spec = step->spec,
                                  .hypothesis = &into,
                                  .segment = step->segment,
                                  .mask = step->mask,
                                  .next = into.variables[SPEC_RCV_NXT],
                                  .recent = into.variables[SPEC_TS_RECENT],
                                  .now = step->now};
        bool opens = (step->segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
        if ((into.state == SPEC_CLOSED || into.state == SPEC_LISTEN) && !opens)
            continue;
        hypothesis_sent(&view, &into);
        uint16_t option = step_options(step, &into);
        if (option < step->spec->option_count) {
            blame_option(explanation, step, option, text);
            return true;
        }
        if (!step_ecn(step, &into)) {
            blame_ecn(explanation, step, text);
            return true;
        }
    }
    return false;
}

/* The last row that says when such a segment may be sent; SPEC_NO_NODE if none speaks of it. */
static uint16_t unfit_row(const struct step *step, const struct hypothesis *hypothesis)
{
    const struct spec_state_rows *rows = &step->spec->states[hypothesis->state];
    for (uint16_t i = rows->count; i > 0; i--) {
        const struct spec_row *row = rows->rows[i - 1];
        if (row->kind == SPEC_ROW_SENDS && spec_bits_fit(&row->bits, step->segment->flags))
            return row->number;
    }
    return SPEC_NO_NODE;
}

void explain_segment(const struct step *step, const struct hypotheses *before, struct explanation *explanation)
{
    const struct due *due;
    struct text text = text_in(explanation->text, sizeof(explanation->text));
    const struct hypothesis *hypothesis = nearest(step, before, &due);
    *explanation = (struct explanation){.level = SPEC_MUST, .state = spec_state_name(hypothesis->state)};
    if (blame_options(explanation, step, before, &text))
        return;
    text_append_string(&text, "the stack sent ");
    put_bits(&text, step->segment->flags);
    put_segment_numbers(&text, step->segment);
    if (due != NULL) {
        blame_row(explanation, step, due->row);
        text_append_string(&text, "; right would have been ");
        put_due(&text, step, due);
        return;
    }
    const struct spec_row *again = step_again_row(step, hypothesis);
    if (again != NULL && (step->segment->flags & TCP_SYN) != 0) {
        blame_row(explanation, step, again->number);
        explanation->of_time = true;
        text_append_string(&text, ", before its time or with other numbers than the first time");
        return;
    }
    text_append_format(&text, " in %s, where nothing asks for it or allows it", explanation->state);
    uint16_t unfit = unfit_row(step, hypothesis);
    if (unfit != SPEC_NO_NODE)
        blame_row(explanation, step, unfit);
    else if (hypothesis->last_row != SPEC_NO_NODE)
        blame_row(explanation, step, hypothesis->last_row);
    else
        blame_row(explanation, step, step->spec->states[hypothesis->state].rows[0]->number);
}

void explain_silence(const struct step *step, const struct hypotheses *before, struct explanation *explanation)
{
    const struct due *due;
    struct text text = text_in(explanation->text, sizeof(explanation->text));
    const struct hypothesis *hypothesis = nearest(step, before, &due);
    *explanation =
        (struct explanation){.level = SPEC_MUST, .state = spec_state_name(hypothesis->state), .of_time = true};
    if (due != NULL) {
        blame_row(explanation, step, due->row);
        text_append_string(&text, "nothing was sent; right would have been ");
        put_due(&text, step, due);
        return;
    }
    const struct spec_row *again = step_again_row(step, hypothesis);
    INVARIANT(again != NULL);
    blame_row(explanation, step, again->number);
    text_append_string(&text, "the SYN was not sent again in time");
}

void explain_laxity(const struct step *step, const struct hypothesis *hypothesis, struct explanation *explanation)
{
    const struct spec_row *row = &step->spec->rows[hypothesis->lax_row];
    struct text text = text_in(explanation->text, sizeof(explanation->text));
    *explanation =
        (struct explanation){.level = SPEC_SHOULD, .state = spec_state_name(hypothesis->state), .of_time = true};
    blame_row(explanation, step, hypothesis->lax_row);
    explanation->clause_count = 1; /* the others say what must be */
    if (row->kind == SPEC_ROW_AGAIN)
        text_append_string(&text, "the SYN was not sent again when it should have been");
    else
        text_append_string(&text, "nothing was sent, and something should have been");
}
