/* SPDX-License-Identifier: MIT */
/* Rows: the segment that they are about, and all lines that belong to them. */
#include "spec/parse.h"

/* `SYN+ACK`, `any`, either with `without RST FIN`. */
static bool parse_arriving(struct parser *parser, struct spec_row *row)
{
    if (spec_parse_accept_word(parser, "corrupt"))
        row->corrupt = true;
    else if (!spec_parse_accept_word(parser, "any")) {
        do {
            if (!spec_parse_bit(parser, &row->bits.all, 0))
                return false;
        } while (scanner_accept(&parser->scanner, "+"));
    }
    if (!spec_parse_accept_word(parser, "without"))
        return true;
    do {
        if (!spec_parse_bit(parser, &row->bits.none, row->bits.all))
            return false;
    } while (spec_parse_peek(parser).length > 0 && !spec_parse_is(parser, spec_parse_peek(parser), "when"));
    return true;
}

/* Every outcome of an arrival has to say what is sent. */
static bool check_said(struct parser *parser, const struct pending_row *pending)
{
    bool sound = true;
    for (size_t i = 0; i < pending->count; i++) {
        const struct pending_outcome *outcome = &pending->outcomes[i];
        if (pending->row.kind == SPEC_ROW_ARRIVES && outcome->said_at.length == 0 && !outcome->unsure)
            sound = diagnostics_add(parser->scanner.diagnostics, outcome->at,
                                    "it is not said what is sent: `must send ...`, or `silent`");
    }
    return sound;
}

static bool check_complete(struct parser *parser, const struct pending_row *pending)
{
    if (pending->empty && !pending->broken)
        return diagnostics_add(parser->scanner.diagnostics, pending->row.at,
                               "nothing is said of this: expected lines such as `silent`, and the clause");
    const bool cited =
        pending->clauses_unsure || spec_parse_has_clauses(parser, pending->row.at, pending->row.clause_count);
    return check_said(parser, pending) && cited;
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
    }
    pending->row.outcomes = outcomes;
    pending->row.outcome_count = (uint16_t)pending->count;
    return outcomes != NULL;
}

static const struct spec_row *row_finish(struct parser *parser, struct pending_row *pending)
{
    const bool sound = check_complete(parser, pending) && !pending->broken;
    if (!sound || !row_finish_outcomes(parser, pending) || !PARSE_ROOM(parser, &parser->rows, PARSE_ROWS_MOST))
        return NULL;
    pending->row.number = (uint16_t)parser->rows.count;
    struct spec_row *made = spec_parse_take(parser, sizeof(*made));
    if (made == NULL)
        return NULL;
    *made = pending->row;
    parser->rows.items[parser->rows.count++] = made;
    return made;
}

/* `from SYN.RTO doubling to RTO.MOST until R2`, `should from ...` */
static bool parse_again(struct parser *parser, struct spec_again *again)
{
    again->until = SPEC_NO_NODE;
    again->should = spec_parse_accept_word(parser, "should");
    if (!spec_parse_accept_word(parser, "from"))
        return scanner_fail_expected(&parser->scanner, "`from`");
    if (!spec_parse_parameter(parser, &again->first))
        return false;
    if (!spec_parse_accept_word(parser, "doubling") || !spec_parse_accept_word(parser, "to"))
        return scanner_fail_expected(&parser->scanner, "`doubling to`");
    return spec_parse_parameter(parser, &again->most) &&
           (!spec_parse_accept_word(parser, "until") || spec_parse_parameter(parser, &again->until));
}

/* `after TIME.WAIT`, `after USER.TIMEOUT of silence` */
static bool parse_lapse(struct parser *parser, struct spec_again *again)
{
    if (!spec_parse_accept_word(parser, "after"))
        return scanner_fail_expected(&parser->scanner, "`after`");
    if (!spec_parse_parameter(parser, &again->first))
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
        return spec_parse_sent(parser, &row->bits) &&
               (!spec_parse_accept_word(parser, "upon") || parse_calls(parser, &row->calls));
    case SPEC_ROW_AGAIN:
        return spec_parse_sent(parser, &row->bits) && parse_again(parser, &row->again);
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

/* What follows a line that nobody can read is held against what follows it only: it may have been an `or`. */
static void doubt(struct parser *parser, struct pending_row *pending, struct span at)
{
    pending->clauses_unsure = pending->broken = true;
    pending->outcomes[pending->count - 1].unsure = true;
    if (pending->count < PARSE_OUTCOMES_MOST && spec_parse_outcome_begin(parser, pending, at))
        pending->outcomes[pending->count - 1].unsure = true;
}

/* `send` without `must`, `should` or `may`, which looks much like `sends`. */
static bool is_bare_send(struct parser *parser, struct pending_row *pending, struct span word)
{
    if (!spec_parse_is(parser, word, "send"))
        return false;
    pending->outcomes[pending->count - 1].said_at = word;
    pending->broken = true;
    (void)diagnostics_add(parser->scanner.diagnostics, word, "expected `must`, `should` or `may` before this");
    return true;
}

/* The rest of a line whose first word was read. What is wrong behind a word that had to be guessed is not told. */
static void parse_rest(struct parser *parser, struct pending_row *pending, size_t meant, struct span word)
{
    const bool certain = spec_parse_is(parser, word, spec_parse_line_words[meant]);
    const struct parse_told told = spec_parse_told(parser);
    parser->scanner.offset += word.length;
    bool sound = spec_parse_row_line(parser, pending, meant, word) && spec_parse_line_end(parser);
    pending->broken = pending->broken || !sound || !certain;
    if (!certain && (!spec_parse_take_back(parser, &told) || !sound))
        doubt(parser, pending, word);
}

/* One line within a row. False if it is none: another section begins. */
static bool parse_line(struct parser *parser, struct pending_row *pending)
{
    const struct span word = spec_parse_peek(parser);
    if (!is_bare_send(parser, pending, word)) {
        const size_t meant = spec_parse_line_meant(parser, word, spec_parse_line_words, SPEC_PARSE_LINE_WORDS);
        if (meant > SPEC_PARSE_LINE_WORDS)
            return false;
        if (meant == SPEC_PARSE_LINE_WORDS)
            doubt(parser, pending, word);
        else
            parse_rest(parser, pending, meant, word);
    }
    pending->empty = false;
    spec_parse_skip_line(parser);
    return true;
}

static void parse_body(struct parser *parser, struct pending_row *pending)
{
    for (;;) {
        scanner_skip_lines(&parser->scanner);
        if (scanner_at_end(&parser->scanner))
            return;
        if (spec_parse_at_clause(parser)) {
            pending->empty = false;
            if (!spec_parse_clauses(parser, &pending->row.clauses, &pending->row.clause_count)) {
                pending->clauses_unsure = pending->broken = true;
                spec_parse_skip_line(parser);
            }
        } else if (pending->row.clause_count > 0 || !parse_line(parser, pending)) {
            return;
        }
    }
}

const struct spec_row *spec_parse_row(struct parser *parser, unsigned kind, struct span word)
{
    struct pending_row pending = {.row = {.when = SPEC_NO_NODE, .at = word}, .empty = true};
    (void)spec_parse_outcome_begin(parser, &pending, word);
    if (kind == SPEC_PARSE_HEADLESS) {
        pending.row.kind = SPEC_ROW_CALLS; /* of which nothing has to be said */
        pending.broken = pending.clauses_unsure = true;
        parser->scanner.offset = word.offset;
    } else {
        pending.row.kind = (enum spec_row_kind)kind;
        const struct parse_told told = spec_parse_told(parser);
        pending.broken = !parse_row_head(parser, &pending.row);
        if (!spec_parse_is(parser, word, spec_parse_section_words[SPEC_PARSE_ROW_WORDS + kind]))
            pending.broken = !spec_parse_take_back(parser, &told) || pending.broken;
        spec_parse_skip_line(parser);
    }
    parse_body(parser, &pending);
    if (pending.empty && pending.broken)
        return NULL;
    return row_finish(parser, &pending);
}
