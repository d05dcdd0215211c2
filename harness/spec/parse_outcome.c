/* SPDX-License-Identifier: MIT */
/* Outcomes of a row, line by line. */
#include "packet/packet.h"
#include "spec/parse.h"

#include <assert.h>

enum line_word { LINE_MUST, LINE_SHOULD, LINE_MAY, LINE_SILENT, LINE_AS_BELOW, LINE_GO, LINE_OR, LINE_EFFECTS };

const char *const spec_parse_line_words[SPEC_PARSE_LINE_WORDS] = {
    [LINE_MUST] = "must",     [LINE_SHOULD] = "should",     [LINE_MAY] = "may",
    [LINE_SILENT] = "silent", [LINE_AS_BELOW] = "as-below", [LINE_GO] = "go",
    [LINE_OR] = "or",
#define X(name, text) [LINE_EFFECTS + SPEC_EFFECT_##name] = (text),
    SPEC_EFFECTS(X)
#undef X
};
static_assert((int)LINE_EFFECTS + (int)SPEC_EFFECT_COUNT == SPEC_PARSE_LINE_WORDS, "all words are counted");

static const struct {
    const char *name;
    uint16_t bit;
} control_bits[] = {
    {"SYN", TCP_SYN}, {"ACK", TCP_ACK}, {"RST", TCP_RST}, {"FIN", TCP_FIN}, {"PSH", TCP_PSH},
    {"URG", TCP_URG}, {"ECE", TCP_ECE}, {"CWR", TCP_CWR}, {"AE", TCP_AE},
};

bool spec_parse_bit(struct parser *parser, uint16_t *bits, uint16_t taken)
{
    const char *names[COUNT_OF(control_bits)];
    struct span word;
    if (!spec_parse_word(parser, &word))
        return scanner_fail_expected(&parser->scanner, "a control bit");
    for (size_t i = 0; i < COUNT_OF(control_bits); i++) {
        names[i] = control_bits[i].name;
        if (!spec_parse_is(parser, word, control_bits[i].name))
            continue;
        if (((*bits | taken) & control_bits[i].bit) != 0)
            return diagnostics_add(parser->scanner.diagnostics, word, "this bit was already named in this line");
        *bits |= control_bits[i].bit;
        return true;
    }
    return spec_parse_fail_unknown(parser, word, "this control bit", names, COUNT_OF(names));
}

bool spec_parse_sent(struct parser *parser, struct spec_bits *bits)
{
    const uint16_t telling = TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN;
    do {
        if (!spec_parse_bit(parser, &bits->all, 0))
            return false;
    } while (scanner_accept(&parser->scanner, "+"));
    bits->none = (uint16_t)(telling & ~bits->all);
    return true;
}

bool spec_parse_outcome_begin(struct parser *parser, struct pending_row *pending, struct span at)
{
    if (pending->count == PARSE_OUTCOMES_MOST)
        return diagnostics_add(parser->scanner.diagnostics, at, "more than %d outcomes can't be taken",
                               PARSE_OUTCOMES_MOST);
    pending->outcomes[pending->count++] =
        (struct pending_outcome){.outcome = {.when = SPEC_NO_NODE, .next = SPEC_STATE_COUNT}, .at = at};
    return true;
}

static struct pending_outcome *last_outcome(struct pending_row *pending)
{
    return &pending->outcomes[pending->count - 1];
}

/*
 * The line at WORD and the one at BEFORE, of the same outcome, can't both be: WHAT says why. That may be a forgotten
 * `or`, so what follows is held against the lines from here on.
 */
static bool contradict(struct parser *parser, struct pending_row *pending, struct span word, struct span before,
                       const char *what)
{
    last_outcome(pending)->unsure = true;
    if (pending->count < PARSE_OUTCOMES_MOST && spec_parse_outcome_begin(parser, pending, word))
        last_outcome(pending)->unsure = true;
    return diagnostics_add(parser->scanner.diagnostics, word,
                           "%s, in line %u; a line `or` between them begins another outcome", what,
                           spec_parse_line_of(parser, before));
}

static bool parse_said(struct parser *parser, struct pending_row *pending, struct span word)
{
    bool sound = last_outcome(pending)->said_at.length == 0;
    if (!sound)
        sound = contradict(parser, pending, word, last_outcome(pending)->said_at, "what is sent was already said");
    last_outcome(pending)->said_at = word;
    return sound;
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
    if (!spec_parse_sent(parser, &answer->bits))
        return false;
    if (spec_parse_accept_word(parser, "seq") && !spec_parse_number(parser, true, &answer->sequence))
        return false;
    if (spec_parse_accept_word(parser, "ack") && !spec_parse_number(parser, true, &answer->acknowledgment))
        return false;
    if (spec_parse_accept_word(parser, "within") && !spec_parse_parameter(parser, &answer->within))
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
    effect->is_fact = true;
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

/* The effect in OUTCOME that EFFECT can't go with: the same again, or the opposite; their number if none is. */
static size_t opposed(const struct pending_outcome *outcome, const struct spec_effect *effect)
{
    size_t i = 0;
    for (; i < outcome->outcome.effect_count; i++) {
        const struct spec_effect *other = &outcome->effects[i];
        const bool same =
            other->kind == effect->kind || (other->kind <= SPEC_EFFECT_CLEAR && effect->kind <= SPEC_EFFECT_CLEAR);
        if (same && other->number == effect->number && other->is_fact == effect->is_fact)
            break;
    }
    return i;
}
static_assert(SPEC_EFFECT_SET < SPEC_EFFECT_CLEAR && SPEC_EFFECT_CLEAR == 1, "`set` and `clear` come first");

static bool tell_opposed(struct parser *parser, struct pending_row *pending, const struct spec_effect *effect,
                         struct span word, size_t before)
{
    char buffer[128];
    struct text what = text_in(buffer, sizeof(buffer));
    const struct pending_outcome *outcome = last_outcome(pending);
    const char *done = outcome->effects[before].kind == SPEC_EFFECT_SET ? "set" : "cleared";
    if (effect->kind > SPEC_EFFECT_CLEAR)
        text_append_format(&what, "`%s` stands here already", spec_parse_line_words[LINE_EFFECTS + effect->kind]);
    else if (effect->is_fact)
        text_append_format(&what, "%s was already %s", spec_fact_name(effect->number), done);
    else
        text_append_format(&what, "%s was already %s", spec_variable_name(effect->number), done);
    return contradict(parser, pending, word, outcome->effect_at[before], text_string(&what));
}

static bool parse_effect(struct parser *parser, struct pending_row *pending, enum spec_effect_kind kind,
                         struct span word)
{
    struct spec_effect effect = {.kind = kind, .node = SPEC_NO_NODE};
    if (last_outcome(pending)->outcome.effect_count == PARSE_EFFECTS_MOST)
        return scanner_fail_expected(&parser->scanner, "no more of these");
    if (kind == SPEC_EFFECT_SET && !parse_set(parser, &effect))
        return false;
    if (kind == SPEC_EFFECT_CLEAR && !parse_clear(parser, &effect))
        return false;
    if (kind == SPEC_EFFECT_CHOOSE && !spec_parse_choice(parser, &effect.number))
        return false;
    const size_t before = opposed(last_outcome(pending), &effect);
    bool sound = before == last_outcome(pending)->outcome.effect_count;
    if (!sound)
        sound = tell_opposed(parser, pending, &effect, word, before);
    struct pending_outcome *outcome = last_outcome(pending);
    if (outcome->outcome.effect_count < PARSE_EFFECTS_MOST) {
        outcome->effect_at[outcome->outcome.effect_count] = word;
        outcome->effects[outcome->outcome.effect_count++] = effect;
    }
    return sound;
}

static bool parse_go(struct parser *parser, struct pending_row *pending, struct span word)
{
    const char *names[SPEC_STATE_COUNT];
    struct span name;
    uint8_t state = SPEC_STATE_COUNT;
    const struct pending_outcome *before = last_outcome(pending);
    bool sound = before->go_at.length == 0 ||
                 contradict(parser, pending, word, before->go_at, "where this outcome goes was already said");
    last_outcome(pending)->go_at = word;
    if (!spec_parse_word(parser, &name))
        return sound && scanner_fail_expected(&parser->scanner, "a state");
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++) {
        names[i] = spec_state_name(i);
        if (spec_parse_is(parser, name, names[i]))
            state = (uint8_t)i;
    }
    if (state == SPEC_STATE_COUNT)
        return spec_parse_fail_unknown(parser, name, "this state", names, COUNT_OF(names));
    last_outcome(pending)->outcome.next = state;
    return sound;
}

static bool parse_or_line(struct parser *parser, struct pending_row *pending, struct span word)
{
    if (!spec_parse_outcome_begin(parser, pending, word))
        return false;
    return !spec_parse_accept_word(parser, "when") ||
           spec_parse_condition(parser, &last_outcome(pending)->outcome.when);
}

bool spec_parse_row_line(struct parser *parser, struct pending_row *pending, size_t line_word, struct span word)
{
    if (line_word >= LINE_EFFECTS)
        return parse_effect(parser, pending, (enum spec_effect_kind)(line_word - LINE_EFFECTS), word);
    switch ((enum line_word)line_word) {
    case LINE_GO:
        return parse_go(parser, pending, word);
    case LINE_OR:
        return parse_or_line(parser, pending, word);
    case LINE_SILENT:
        return parse_said(parser, pending, word);
    case LINE_AS_BELOW:
        if (!parse_said(parser, pending, word))
            return false;
        last_outcome(pending)->outcome.passes = true;
        return true;
    default:
        return parse_said(parser, pending, word) &&
               parse_answer(parser, last_outcome(pending), (enum spec_level)line_word);
    }
}
