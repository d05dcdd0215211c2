/* SPDX-License-Identifier: MIT */
/* The machines of options: on which segments each may stand. */
#include "spec/parse.h"
#include "spec/segment.h"

static bool parse_presence(struct parser *parser, uint8_t *presence)
{
    if (spec_parse_accept_word(parser, "never"))
        *presence = SPEC_NEVER;
    else if (spec_parse_accept_word(parser, "may"))
        *presence = SPEC_MAY_STAND;
    else if (!spec_parse_accept_word(parser, "if"))
        return scanner_fail_expected(&parser->scanner, "`never`, `may`, `if received` or `if agreed`");
    else if (spec_parse_accept_word(parser, "received"))
        *presence = SPEC_IF_RECEIVED;
    else if (spec_parse_accept_word(parser, "agreed"))
        *presence = scanner_accept(&parser->scanner, ",") && spec_parse_accept_word(parser, "always")
                        ? SPEC_ALWAYS_IF_AGREED
                        : SPEC_IF_AGREED;
    else
        return scanner_fail_expected(&parser->scanner, "`received` or `agreed`");
    return spec_parse_line_end(parser);
}

/* Behind `on`. */
static bool parse_place(struct parser *parser, struct spec_option *option)
{
    if (spec_parse_accept_word(parser, "RST"))
        return parse_presence(parser, &option->on[SPEC_ON_RST]);
    if (!spec_parse_accept_word(parser, "SYN"))
        return scanner_fail_expected(&parser->scanner, "`SYN`, `SYN+ACK` or `RST`");
    if (!scanner_accept(&parser->scanner, "+"))
        return parse_presence(parser, &option->on[SPEC_ON_SYN]);
    if (!spec_parse_accept_word(parser, "ACK"))
        return scanner_fail_expected(&parser->scanner, "`ACK`");
    return parse_presence(parser, &option->on[SPEC_ON_SYN_ACK]);
}

static bool parse_option_head(struct parser *parser, struct spec_option *option)
{
    uint64_t kind;
    option->name = spec_parse_name(parser, "the option's name");
    if (option->name == NULL || !scanner_expect_unsigned(&parser->scanner, UINT8_MAX, &kind, "the option's kind"))
        return false;
    option->kind = (uint8_t)kind;
    option->bit = segment_option_bit(option->kind);
    return spec_parse_line_end(parser);
}

bool spec_parse_option(struct parser *parser, struct span word)
{
    struct spec_option option = {.value = SPEC_NO_NODE, .at = word, .number = (uint16_t)parser->options.count};
    if (!parse_option_head(parser, &option))
        return false;
    for (;;) {
        scanner_skip_lines(&parser->scanner);
        bool read = true;
        if (spec_parse_at_clause(parser))
            read = spec_parse_clauses(parser, &option.clauses, &option.clause_count);
        else if (spec_parse_accept_word(parser, "on"))
            read = parse_place(parser, &option);
        else if (spec_parse_accept_word(parser, "elsewhere"))
            read = parse_presence(parser, &option.on[SPEC_ELSEWHERE]);
        else if (spec_parse_accept_word(parser, "value"))
            read = spec_parse_condition(parser, &option.value) && spec_parse_line_end(parser);
        else
            break;
        if (!read)
            return false;
    }
    if (option.clause_count == 0)
        return diagnostics_add(parser->scanner.diagnostics, word, "no clause says so");
    if (!PARSE_ROOM(parser, &parser->options, PARSE_NAMES_MOST))
        return false;
    parser->options.items[parser->options.count++] = option;
    return true;
}
