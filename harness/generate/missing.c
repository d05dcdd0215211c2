/* SPDX-License-Identifier: MIT */
#include "generate/missing.h"

#include "spec/row_head.h"

/* What a condition asks for that a script doesn't bring about; the first that fits. */
static const struct reason {
    enum spec_operator operator;
    uint32_t number;
    const char *says;
} reasons[] = {
    {SPEC_FACT, SPEC_FACT_FAST_OPEN,
     "it takes a right Fast Open cookie, and to have any given is a setting that each system calls otherwise"},
    {SPEC_FACT, SPEC_FACT_MULTIPATH,
     "it takes MPTCP on both sides, of which the specification says too little to make segments from it"},
    {SPEC_CHOICE, 0, "it takes a stack that chose otherwise in an earlier row"},
    {SPEC_CHOICE, 1, "it takes a stack that chose otherwise in an earlier row"},
};

static bool mentions(const struct spec *spec, uint16_t node, const struct reason *reason)
{
    if (node == SPEC_NO_NODE)
        return false;
    const struct spec_node *at = &spec->nodes[node];
    if (at->operator== reason->operator)
        return at->number == reason->number;
    switch (at->operator) {
    case SPEC_NUMBER:
    case SPEC_PARAMETER:
    case SPEC_VARIABLE:
    case SPEC_FACT:
    case SPEC_CHOICE:
        return false;
    case SPEC_PREDICATE:
        return mentions(spec, spec->predicates[at->number].node, reason);
    case SPEC_NOT:
        return mentions(spec, at->left, reason);
    default:
        return mentions(spec, at->left, reason) || mentions(spec, at->right, reason);
    }
}

/* True if ROW is for what a stack does that has chosen against the row before it. */
static bool follows_choice(const struct spec *spec, const struct spec_row *row)
{
    static const struct reason choice = {SPEC_CHOICE, 1, NULL};
    const struct spec_row *before = row->number == 0 ? NULL : &spec->rows[row->number - 1];
    return before != NULL && row->when == SPEC_NO_NODE && before->kind == row->kind &&
           before->bits.all == row->bits.all && mentions(spec, before->when, &choice);
}

static const char *reason_of(const struct spec *spec, enum spec_state state, const struct spec_row *row,
                             const struct spec_outcome *outcome)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (mentions(spec, row->when, &reasons[i]) || mentions(spec, outcome->when, &reasons[i]))
            return reasons[i].says;
    if (follows_choice(spec, row))
        return "the first such segment shows how the stack has chosen, and ends the connection where it has chosen so";
    if (row->kind == SPEC_ROW_SENDS && (row->calls & 1U << SPEC_CALL_CLOSE) != 0)
        return "a FIN that is held back is seen only once it is acknowledged, and then CLOSE comes too late for it";
    if (row->kind == SPEC_ROW_SENDS && state == SPEC_LISTEN)
        return "it takes a SEND on a listener, and sockets refuse that";
    if (row->kind == SPEC_ROW_SENDS)
        return "the stack does so by itself, if at all; no call and no segment asks for it";
    return "no segment and no call leads to it";
}

struct printing {
    struct text *text;
    const struct spec *spec;
    const struct goal *goals;
    size_t count;
};

static bool is_reached(const struct printing *printing, const struct goal *wanted)
{
    for (size_t i = 0; i < printing->count; i++) {
        const struct goal *goal = &printing->goals[i];
        if (goal->kind == GOAL_TRANSITION && goal->state == wanted->state && goal->row == wanted->row &&
            goal->outcome == wanted->outcome)
            return true;
    }
    return false;
}

static size_t print_row(const struct printing *printing, enum spec_state state, const struct spec_row *row)
{
    size_t missing = 0;
    for (uint16_t i = 0; i < row->outcome_count; i++) {
        const struct goal wanted = {
            .kind = GOAL_TRANSITION, .state = (uint8_t)state, .row = row->number, .outcome = (uint8_t)i};
        if (is_reached(printing, &wanted))
            continue;
        missing++;
        text_append_format(printing->text, "%s: ", spec_state_name(state));
        row_head_print(printing->text, printing->spec, row);
        if (row->outcome_count > 1)
            text_append_format(printing->text, ", outcome %u", i + 1U);
        text_append_format(printing->text, ": %s\n", reason_of(printing->spec, state, row, &row->outcomes[i]));
    }
    return missing;
}

static size_t print_rows(const struct printing *printing, enum spec_state state, const struct spec_state_rows *rows)
{
    size_t missing = 0;
    for (uint16_t i = 0; i < rows->count; i++)
        missing += print_row(printing, state, rows->rows[i]);
    return missing;
}

size_t missing_print(struct text *text, const struct spec *spec, const struct goal *goals, size_t count)
{
    const struct printing printing = {text, spec, goals, count};
    size_t missing = 0;
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++)
        missing += print_rows(&printing, state, &spec->everywhere) + print_rows(&printing, state, &spec->states[state]);
    return missing;
}
