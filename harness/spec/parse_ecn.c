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

/* `to 011 ...` or `to any ...`: the SYNs that this is the answer to. */
static bool parse_syn_ack(struct parser *parser, struct spec_ecn *ecn)
{
    uint8_t to, values;
    bool coded = false;
    bool any;
    if (!spec_parse_accept_word(parser, "to"))
        return scanner_fail_expected(&parser->scanner, "`to`, and what the SYN had");
    any = spec_parse_accept_word(parser, "any");
    if ((!any && !parse_value(parser, &to)) || !parse_values(parser, &values, &coded))
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
static bool parse_place(struct parser *parser, struct spec_ecn *ecn)
{
    if (spec_parse_accept_word(parser, "ACK")) {
        ecn->coded_on_ack = spec_parse_accept_word(parser, "coded");
        return ecn->coded_on_ack || scanner_fail_expected(&parser->scanner, "`coded`");
    }
    if (!spec_parse_accept_word(parser, "SYN"))
        return scanner_fail_expected(&parser->scanner, "`SYN`, `SYN+ACK` or `ACK`");
    if (!scanner_accept(&parser->scanner, "+"))
        return parse_values(parser, &ecn->on_syn, NULL);
    if (!spec_parse_accept_word(parser, "ACK"))
        return scanner_fail_expected(&parser->scanner, "`ACK`");
    return parse_syn_ack(parser, ecn);
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

bool spec_parse_ecn(struct parser *parser, struct span word)
{
    struct spec_ecn ecn = {.given = true, .at = word};
    if (parser->spec->ecn.given)
        return diagnostics_add(parser->scanner.diagnostics, word, "this was already described");
    if (!spec_parse_line_end(parser))
        return false;
    for (;;) {
        scanner_skip_lines(&parser->scanner);
        bool read = true;
        if (spec_parse_at_clause(parser))
            read = spec_parse_clauses(parser, &ecn.clauses, &ecn.clause_count);
        else if (spec_parse_accept_word(parser, "codes"))
            read = parse_codes(parser, &ecn) && spec_parse_line_end(parser);
        else if (spec_parse_accept_word(parser, "on"))
            read = parse_place(parser, &ecn) && spec_parse_line_end(parser);
        else
            break;
        if (!read)
            return false;
    }
    if (ecn.clause_count == 0)
        return diagnostics_add(parser->scanner.diagnostics, word, "no clause says so");
    parser->spec->ecn = ecn;
    return true;
}
