/* SPDX-License-Identifier: MIT */
/* Rows: the segment that they are about, and the outcomes that they allow. */
#include "packet/packet.h"
#include "spec/parse.h"

/* An outcome while its lines come in. */
struct pending_outcome {
    struct spec_outcome outcome;
    struct spec_effect effects[PARSE_EFFECTS_MOST];
    bool said; /* what is sent, or that nothing is */
    struct span at;
};

struct pending_row {
    struct spec_row row;
    struct pending_outcome outcomes[PARSE_OUTCOMES_MOST];
    size_t count;
};

static const struct {
    const char *name;
    uint16_t bit;
} control_bits[] = {
    {"SYN", TCP_SYN}, {"ACK", TCP_ACK}, {"RST", TCP_RST}, {"FIN", TCP_FIN}, {"PSH", TCP_PSH},
    {"URG", TCP_URG}, {"ECE", TCP_ECE}, {"CWR", TCP_CWR}, {"AE", TCP_AE},
};

static bool parse_bit(struct parser *parser, uint16_t *bits)
{
    const char *names[COUNT_OF(control_bits)];
    struct span word;
    if (!spec_parse_word(parser, &word))
        return scanner_fail_expected(&parser->scanner, "a control bit");
    for (size_t i = 0; i < COUNT_OF(control_bits); i++) {
        names[i] = control_bits[i].name;
        if (spec_parse_is(parser, word, control_bits[i].name)) {
            *bits |= control_bits[i].bit;
            return true;
        }
    }
    return spec_parse_fail_unknown(parser, word, "this control bit", names, COUNT_OF(names));
}

/* `SYN+ACK`, `any`, either with `without RST FIN`. */
static bool parse_arriving(struct parser *parser, struct spec_row *row)
{
    if (spec_parse_accept_word(parser, "corrupt"))
        row->corrupt = true;
    else if (!spec_parse_accept_word(parser, "any")) {
        do {
            if (!parse_bit(parser, &row->bits.all))
                return false;
        } while (scanner_accept(&parser->scanner, "+"));
    }
    if (!spec_parse_accept_word(parser, "without"))
        return true;
    do {
        if (!parse_bit(parser, &row->bits.none))
            return false;
    } while (spec_parse_peek(parser).length > 0 && !spec_parse_is(parser, spec_parse_peek(parser), "when"));
    return true;
}

/* What is sent is named in full, as far as the four bits go that make a segment what it is. */
static bool parse_sent(struct parser *parser, struct spec_bits *bits)
{
    const uint16_t telling = TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN;
    do {
        if (!parse_bit(parser, &bits->all))
            return false;
    } while (scanner_accept(&parser->scanner, "+"));
    bits->none = (uint16_t)(telling & ~bits->all);
    return true;
}

static bool parse_parameter(struct parser *parser, uint16_t *parameter)
{
    struct span name;
    const char *names[PARSE_NAMES_MOST];
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "a parameter's name");
    for (size_t i = 0; i < parser->parameters.count; i++) {
        names[i] = parser->parameters.items[i].name;
        *parameter = (uint16_t)i;
        if (spec_parse_is(parser, name, names[i]))
            return true;
    }
    return spec_parse_fail_unknown(parser, name, "this parameter", names, parser->parameters.count);
}

static struct pending_outcome *last_outcome(struct pending_row *pending)
{
    return &pending->outcomes[pending->count - 1];
}

static bool parse_said(struct parser *parser, struct pending_outcome *outcome, struct span word)
{
    if (outcome->said)
        return diagnostics_add(parser->scanner.diagnostics, word,
                               "what is sent was already said; a line `or` begins "
                               "another outcome");
    outcome->said = true;
    return true;
}

/* Behind `must`, `should` or `may`. */
static bool parse_answer(struct parser *parser, struct pending_outcome *outcome, enum spec_level level)
{
    struct spec_answer *answer = &outcome->outcome.answer;
    *answer = (struct spec_answer){
        .level = level, .sequence = SPEC_NO_NODE, .acknowledgment = SPEC_NO_NODE, .within = SPEC_NO_NODE};
    outcome->outcome.answers = true;
    if (!spec_parse_accept_word(parser, "send"))
        return scanner_fail_expected(&parser->scanner, "`send`");
    if (!parse_sent(parser, &answer->bits))
        return false;
    if (spec_parse_accept_word(parser, "seq") && !spec_parse_number(parser, true, &answer->sequence))
        return false;
    if (spec_parse_accept_word(parser, "ack") && !spec_parse_number(parser, true, &answer->acknowledgment))
        return false;
    if (spec_parse_accept_word(parser, "within") && !parse_parameter(parser, &answer->within))
        return false;
    answer->throttled = spec_parse_accept_word(parser, "throttled");
    return true;
}

static bool parse_set(struct parser *parser, struct spec_effect *effect)
{
    const char *names[SPEC_OWN_VARIABLES + SPEC_FACT_COUNT];
    struct span name;
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "a variable");
    for (unsigned i = 0; i < SPEC_FACT_COUNT; i++) {
        names[SPEC_OWN_VARIABLES + i] = spec_fact_name(i);
        if (spec_parse_is(parser, name, spec_fact_name(i))) {
            effect->is_fact = true;
            effect->number = (uint16_t)i;
            return true;
        }
    }
    for (unsigned i = 0; i < SPEC_OWN_VARIABLES; i++) {
        names[i] = spec_variable_name(i);
        effect->number = (uint16_t)i;
        if (spec_parse_is(parser, name, spec_variable_name(i)))
            return scanner_expect(&parser->scanner, "=", "`=`") && spec_parse_number(parser, false, &effect->node);
    }
    return spec_parse_fail_unknown(parser, name, "this variable", names, COUNT_OF(names));
}

static bool parse_clear(struct parser *parser, struct spec_effect *effect)
{
    const char *names[SPEC_FACT_COUNT];
    struct span name;
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "a fact");
    for (unsigned i = 0; i < SPEC_FACT_COUNT; i++) {
        names[i] = spec_fact_name(i);
        effect->number = (uint16_t)i;
        if (spec_parse_is(parser, name, names[i]))
            return true;
    }
    return spec_parse_fail_unknown(parser, name, "this fact", names, COUNT_OF(names));
}

static bool parse_effect(struct parser *parser, struct pending_outcome *outcome, enum spec_effect_kind kind)
{
    struct span choice;
    struct spec_effect effect = {.kind = kind, .node = SPEC_NO_NODE};
    if (outcome->outcome.effect_count == PARSE_EFFECTS_MOST)
        return scanner_fail_expected(&parser->scanner, "no more of these");
    if (kind == SPEC_EFFECT_SET && !parse_set(parser, &effect))
        return false;
    if (kind == SPEC_EFFECT_CLEAR && !parse_clear(parser, &effect))
        return false;
    if (kind == SPEC_EFFECT_CHOOSE) {
        if (!spec_parse_word(parser, &choice))
            return scanner_fail_expected(&parser->scanner, "the name of a choice");
        if (!spec_parse_choice(parser, choice, &effect.number))
            return false;
    }
    outcome->effects[outcome->outcome.effect_count++] = effect;
    return true;
}

static bool parse_state_name(struct parser *parser, uint8_t *state)
{
    const char *names[SPEC_STATE_COUNT];
    struct span name;
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "a state");
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++) {
        names[i] = spec_state_name(i);
        *state = (uint8_t)i;
        if (spec_parse_is(parser, name, names[i]))
            return true;
    }
    return spec_parse_fail_unknown(parser, name, "this state", names, COUNT_OF(names));
}

static bool parse_or_line(struct parser *parser, struct pending_row *pending, struct span word)
{
    if (pending->count == PARSE_OUTCOMES_MOST)
        return diagnostics_add(parser->scanner.diagnostics, word, "more than %d outcomes can't be taken",
                               PARSE_OUTCOMES_MOST);
    struct pending_outcome *outcome = &pending->outcomes[pending->count++];
    *outcome = (struct pending_outcome){.outcome = {.when = SPEC_NO_NODE, .next = SPEC_STATE_COUNT}, .at = word};
    return !spec_parse_accept_word(parser, "when") || spec_parse_condition(parser, &outcome->outcome.when);
}

/* One of the words that begin a line of a row. `known` is false if it is none. */
static bool parse_row_line(struct parser *parser, struct pending_row *pending, struct span word, bool *known)
{
    static const char *const levels[] = {"must", "should", "may"};
    static const char *const effects[] = {
#define X(name, text) [SPEC_EFFECT_##name] = (text),
        SPEC_EFFECTS(X)
#undef X
    };
    struct pending_outcome *outcome = last_outcome(pending);
    *known = true;
    for (unsigned i = 0; i < COUNT_OF(levels); i++)
        if (spec_parse_is(parser, word, levels[i]))
            return parse_said(parser, outcome, word) && parse_answer(parser, outcome, i);
    for (unsigned i = 0; i < COUNT_OF(effects); i++)
        if (spec_parse_is(parser, word, effects[i]))
            return parse_effect(parser, outcome, i);
    if (spec_parse_is(parser, word, "silent"))
        return parse_said(parser, outcome, word);
    if (spec_parse_is(parser, word, "as-below")) {
        outcome->outcome.passes = true;
        return parse_said(parser, outcome, word);
    }
    if (spec_parse_is(parser, word, "go"))
        return parse_state_name(parser, &outcome->outcome.next);
    if (spec_parse_is(parser, word, "or"))
        return parse_or_line(parser, pending, word);
    *known = false;
    return true;
}

static bool row_finish_outcomes(struct parser *parser, struct pending_row *pending)
{
    struct spec_outcome *outcomes = spec_parse_take(parser, pending->count * sizeof(*outcomes));
    for (size_t i = 0; outcomes != NULL && i < pending->count; i++) {
        struct pending_outcome *from = &pending->outcomes[i];
        size_t size = from->outcome.effect_count * sizeof(from->effects[0]);
        struct spec_effect *effects = spec_parse_take(parser, size + 1);
        if (effects == NULL)
            return false;
        memcpy(effects, from->effects, size);
        from->outcome.effects = effects;
        outcomes[i] = from->outcome;
        if (!from->said && pending->row.kind == SPEC_ROW_ARRIVES)
            return diagnostics_add(parser->scanner.diagnostics, from->at,
                                   "it is not said what is sent: `must send ...`, or `silent`");
    }
    pending->row.outcomes = outcomes;
    pending->row.outcome_count = (uint16_t)pending->count;
    return outcomes != NULL;
}

static bool row_finish(struct parser *parser, struct pending_row *pending, struct spec_row **row)
{
    if (pending->row.clause_count == 0)
        return diagnostics_add(parser->scanner.diagnostics, pending->row.at,
                               "no clause says so: expected a line such as `RFC9293 §3.10.7.2`");
    if (!row_finish_outcomes(parser, pending) || !PARSE_ROOM(parser, &parser->rows, PARSE_ROWS_MOST))
        return false;
    pending->row.number = (uint16_t)parser->rows.count;
    struct spec_row *made = spec_parse_take(parser, sizeof(*made));
    if (made == NULL)
        return false;
    *made = pending->row;
    parser->rows.items[parser->rows.count++] = made;
    *row = made;
    return true;
}

/* `from SYN.RTO doubling to RTO.MOST until R2`, `should from ...` */
static bool parse_again(struct parser *parser, struct spec_again *again)
{
    again->until = SPEC_NO_NODE;
    again->should = spec_parse_accept_word(parser, "should");
    if (!spec_parse_accept_word(parser, "from"))
        return scanner_fail_expected(&parser->scanner, "`from`");
    if (!parse_parameter(parser, &again->first))
        return false;
    if (!spec_parse_accept_word(parser, "doubling") || !spec_parse_accept_word(parser, "to"))
        return scanner_fail_expected(&parser->scanner, "`doubling to`");
    return parse_parameter(parser, &again->most) &&
           (!spec_parse_accept_word(parser, "until") || parse_parameter(parser, &again->until));
}

/* `after TIME.WAIT`, `after USER.TIMEOUT of silence` */
static bool parse_lapse(struct parser *parser, struct spec_again *again)
{
    if (!spec_parse_accept_word(parser, "after"))
        return scanner_fail_expected(&parser->scanner, "`after`");
    if (!parse_parameter(parser, &again->first))
        return false;
    again->of_silence = spec_parse_accept_word(parser, "of");
    return !again->of_silence || spec_parse_accept_word(parser, "silence") ||
           scanner_fail_expected(&parser->scanner, "`silence`");
}

static bool parse_call(struct parser *parser, uint8_t *calls)
{
    const char *names[SPEC_CALL_COUNT];
    struct span name;
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "a call of the user's");
    for (unsigned i = 0; i < SPEC_CALL_COUNT; i++) {
        names[i] = spec_call_name(i);
        if (spec_parse_is(parser, name, names[i])) {
            *calls |= (uint8_t)(1U << i);
            return true;
        }
    }
    return spec_parse_fail_unknown(parser, name, "this call", names, COUNT_OF(names));
}

/* `CLOSE or ABORT` */
static bool parse_calls(struct parser *parser, uint8_t *calls)
{
    do {
        if (!parse_call(parser, calls))
            return false;
    } while (spec_parse_accept_word(parser, "or"));
    return true;
}

static bool parse_segment(struct parser *parser, struct spec_row *row)
{
    switch (row->kind) {
    case SPEC_ROW_ARRIVES:
        return parse_arriving(parser, row);
    case SPEC_ROW_SENDS:
        return parse_sent(parser, &row->bits) &&
               (!spec_parse_accept_word(parser, "upon") || parse_calls(parser, &row->calls));
    case SPEC_ROW_AGAIN:
        return parse_sent(parser, &row->bits) && parse_again(parser, &row->again);
    case SPEC_ROW_LAPSES:
        return parse_lapse(parser, &row->again);
    default:
        return parse_calls(parser, &row->calls);
    }
}

static bool parse_row_head(struct parser *parser, struct spec_row *row)
{
    if (!parse_segment(parser, row))
        return false;
    if (spec_parse_accept_word(parser, "when") && !spec_parse_condition(parser, &row->when))
        return false;
    return spec_parse_line_end(parser);
}

bool spec_parse_row(struct parser *parser, enum spec_row_kind kind, struct span word, struct spec_row **row)
{
    struct pending_row pending = {.row = {.kind = kind, .when = SPEC_NO_NODE, .at = word}, .count = 1};
    pending.outcomes[0] =
        (struct pending_outcome){.outcome = {.when = SPEC_NO_NODE, .next = SPEC_STATE_COUNT}, .at = word};
    if (!parse_row_head(parser, &pending.row))
        return false;
    for (;;) {
        bool known;
        struct span line;
        scanner_skip_lines(&parser->scanner);
        if (spec_parse_at_clause(parser)) {
            if (!spec_parse_clauses(parser, &pending.row.clauses, &pending.row.clause_count))
                return false;
            continue;
        }
        size_t before = parser->scanner.offset;
        if (pending.row.clause_count > 0 || !spec_parse_word(parser, &line))
            break;
        if (!parse_row_line(parser, &pending, line, &known))
            return false;
        if (!known) {
            parser->scanner.offset = before;
            break;
        }
        if (!spec_parse_line_end(parser))
            return false;
    }
    return row_finish(parser, &pending, row);
}
