/* SPDX-License-Identifier: MIT */
/* The negotiation of ECN: which of AE, CWR and ECE may stand on what. */
#include "spec/parse.h"

/* Three digits: AE, CWR and ECE. */
static bool parse_value(struct parser *parser, uint8_t *value)
{
    scanner_skip_blanks(&parser->scanner);
    *value = 0;
    for (size_t i = 0; i < 3; i++) {
        char digit = scanner_peek(&parser->scanner, i);
        if (digit != '0' && digit != '1')
            return scanner_fail_expected(&parser->scanner, "AE, CWR and ECE as three digits, such as 011");
        *value = (uint8_t)(*value << 1 | (digit == '1'));
    }
    parser->scanner.offset += 3;
    return true;
}

/* All values up to the line's end, and `coded`, which is allowed where CODED isn't NULL. */
static bool parse_values(struct parser *parser, uint8_t *values, bool *coded)
{
    uint8_t value;
    *values = 0;
    for (;;) {
        scanner_skip_blanks(&parser->scanner);
        if (scanner_at_line_end(&parser->scanner))
            break;
        if (coded != NULL && spec_parse_accept_word(parser, "coded")) {
            *coded = true;
            continue;
        }
        if (!parse_value(parser, &value))
            return false;
        *values |= (uint8_t)(1U << value);
    }
    return *values != 0 || scanner_fail_expected(&parser->scanner, "AE, CWR and ECE as three digits, such as 011");
}

/* The negotiation while its lines come in: where each thing was said; length 0: not yet. */
struct pending_ecn {
    struct spec_ecn ecn;
    struct span codes_at, syn_at, ack_at, any_at;
    struct span syn_ack_at[SPEC_ECN_VALUES];
    bool clauses_unsure;
    bool lost; /* behind the clauses, in lines whose head could not be read */
};

/* `to 011 ...` or `to any ...`: the SYNs that this is the answer to. */
static bool parse_syn_ack(struct parser *parser, struct pending_ecn *pending, struct span word)
{
    struct spec_ecn *ecn = &pending->ecn;
    uint8_t to = 0, values;
    bool coded = false;
    bool any;
    if (!spec_parse_accept_word(parser, "to"))
        return scanner_fail_expected(&parser->scanner, "`to`, and what the SYN had");
    any = spec_parse_accept_word(parser, "any");
    if (!any && !parse_value(parser, &to))
        return false;
    if (!spec_parse_first(parser, word, any ? &pending->any_at : &pending->syn_ack_at[to]) ||
        !parse_values(parser, &values, &coded))
        return false;
    for (unsigned value = 0; value < SPEC_ECN_VALUES; value++) {
        /* `any` is what no line has spoken of. */
        if (any ? ecn->on_syn_ack[value] != 0 : value != to)
            continue;
        ecn->on_syn_ack[value] = values;
        if (coded)
            ecn->coded_on_syn_ack |= (uint8_t)(1U << value);
    }
    return true;
}

/* Behind `on`. */
static bool parse_place(struct parser *parser, struct pending_ecn *pending, struct span word)
{
    if (spec_parse_accept_word(parser, "ACK")) {
        pending->ecn.coded_on_ack = spec_parse_accept_word(parser, "coded");
        if (!pending->ecn.coded_on_ack)
            return scanner_fail_expected(&parser->scanner, "`coded`");
        return spec_parse_first(parser, word, &pending->ack_at);
    }
    if (!spec_parse_accept_word(parser, "SYN"))
        return scanner_fail_expected(&parser->scanner, "`SYN`, `SYN+ACK` or `ACK`");
    if (!scanner_accept(&parser->scanner, "+"))
        return spec_parse_first(parser, word, &pending->syn_at) && parse_values(parser, &pending->ecn.on_syn, NULL);
    if (!spec_parse_accept_word(parser, "ACK"))
        return scanner_fail_expected(&parser->scanner, "`ACK`");
    return parse_syn_ack(parser, pending, word);
}

static bool parse_codes(struct parser *parser, struct spec_ecn *ecn)
{
    ecn->codes = 0;
    for (size_t i = 0; i < COUNT_OF(ecn->code); i++) {
        if (!parse_value(parser, &ecn->code[i]))
            return false;
        ecn->codes |= (uint8_t)(1U << ecn->code[i]);
    }
    return true;
}

/* One line of it but the first. False if it is none: another section begins. */
static bool parse_line(struct parser *parser, struct pending_ecn *pending)
{
    static const char *const words[] = {"codes", "on"};
    const struct span word = spec_parse_peek(parser);
    if (spec_parse_at_clause(parser)) {
        if (!spec_parse_clauses(parser, &pending->ecn.clauses, &pending->ecn.clause_count))
            pending->clauses_unsure = true;
    } else {
        const size_t meant = spec_parse_line_meant(parser, word, words, COUNT_OF(words));
        if (meant > COUNT_OF(words))
            return false;
        parser->scanner.offset += word.length;
        if (meant == COUNT_OF(words)) {
            pending->clauses_unsure = true;
            pending->lost = pending->ecn.clause_count > 0;
        } else if (meant == 0 ? spec_parse_first(parser, word, &pending->codes_at) && parse_codes(parser, &pending->ecn)
                              : parse_place(parser, pending, word))
            (void)spec_parse_line_end(parser);
    }
    spec_parse_skip_line(parser);
    return true;
}

bool spec_parse_ecn(struct parser *parser, struct span word)
{
    struct pending_ecn pending = {.ecn = {.given = true, .at = word}};
    if (parser->spec->ecn.given)
        (void)diagnostics_add(parser->scanner.diagnostics, word, "this was already described, in line %u",
                              spec_parse_line_of(parser, parser->spec->ecn.at));
    else
        (void)spec_parse_line_end(parser);
    spec_parse_skip_line(parser);
    do
        scanner_skip_lines(&parser->scanner);
    while (!scanner_at_end(&parser->scanner) && parse_line(parser, &pending) && !pending.lost);
    if (pending.lost)
        spec_parse_skip_section(parser);
    if (!pending.clauses_unsure)
        (void)spec_parse_has_clauses(parser, word, pending.ecn.clause_count);
    parser->spec->ecn = pending.ecn;
    return true;
}
