/* SPDX-License-Identifier: MIT */
/* Operators, with C's precedence. */
#include "script/operator.h"
#include "script/parser.h"

/* The longer of two that begin alike comes first. */
static const struct operator_row {
    const char *text;
    unsigned binding; /* the higher, the tighter */
} operator_rows[] = {
    {"|", 1}, {"&", 2}, {"<<", 3}, {">>", 3}, {"+", 4}, {"-", 4}, {"*", 5},
};

unsigned operator_binding(const char *operator)
{
    for (size_t i = 0; i < COUNT_OF(operator_rows); i++)
        if (strcmp(operator_rows[i].text, operator) == 0)
            return operator_rows[i].binding;
    return OPERATOR_BINDING_MOST;
}

static const char *const unary_operators[] = {"~", "-", "&"};

bool parser_descend(struct parser *parser)
{
    struct span at = {parser->scanner.offset, 1};
    if (parser->depth >= VALUE_HEIGHT_MOST)
        return diagnostics_add(parser->scanner.diagnostics, at, "this value is nested too deeply: at most %d levels",
                               VALUE_HEIGHT_MOST);
    parser->depth++;
    return true;
}

bool parser_adopt(struct parser *parser, struct value *value, struct value *items, size_t count)
{
    unsigned highest = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].height > highest)
            highest = items[i].height;
        if (items[i].extent != NULL && items[i].extent->height > highest)
            highest = items[i].extent->height;
    }
    if (highest >= VALUE_HEIGHT_MOST)
        return diagnostics_add(parser->scanner.diagnostics, value->at,
                               "this value is nested too deeply: at most %d levels", VALUE_HEIGHT_MOST);
    value->height = highest + 1;
    value->items = items;
    value->count = count;
    return true;
}

/* A value of OPERATOR over COUNT operands, which are copied. */
static bool operator_apply(struct parser *parser, struct value *value, const char *operator,
                           const struct value * operands, size_t count)
{
    struct value *kept = parser_take(parser, count * sizeof(*kept));
    if (kept == NULL)
        return false;
    memcpy(kept, operands, count * sizeof(*kept));
    value->text = operator;
    value->text_length = strlen(operator);
    return parser_adopt(parser, value, kept, count);
}

static bool parse_unary(struct parser *parser, struct value *value);

static bool parse_unary_of(struct parser *parser, const char *operator, struct value * value)
{
    struct value read = {.kind = VALUE_UNARY};
    struct value operand;
    size_t start = parser->scanner.offset - 1;
    if (!parser_descend(parser))
        return false;
    parser_skip(parser);
    bool done = parse_unary(parser, &operand);
    parser->depth--;
    read.at = parser_since(parser, start);
    if (!done || !operator_apply(parser, &read, operator, & operand, 1))
        return false;
    *value = read;
    return true;
}

static bool parse_unary(struct parser *parser, struct value *value)
{
    for (size_t i = 0; i < COUNT_OF(unary_operators); i++)
        if (scanner_accept(&parser->scanner, unary_operators[i]))
            return parse_unary_of(parser, unary_operators[i], value);
    return parse_operand(parser, value);
}

/* `+` and a number on a line of their own are a time whose event was forgotten, unless a bracket is open. */
static bool lone_time_here(const struct parser *parser, size_t before)
{
    const struct scanner *scanner = &parser->scanner;
    size_t skipped = scanner->offset - before;
    return parser->depth == 0 && skipped > 0 && memchr(scanner->source->text + before, '\n', skipped) != NULL &&
           parser_time_begins(parser, scanner->offset);
}

/* The operator at the cursor that binds at least as tightly as LEAST, or NULL. */
static const struct operator_row *operator_here(struct parser *parser, unsigned least)
{
    struct scanner *scanner = &parser->scanner;
    size_t before = scanner->offset;
    parser_skip(parser);
    if (parser_event_begins(parser, scanner->offset) || lone_time_here(parser, before))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(operator_rows); i++)
        if (operator_rows[i].binding >= least && scanner_accept(scanner, operator_rows[i].text))
            return &operator_rows[i];
    return NULL;
}

static bool parse_binary(struct parser *parser, unsigned least, struct value *value)
{
    struct value operands[2];
    const struct operator_row *row;
    if (!parse_unary(parser, &operands[0]))
        return false;
    while ((row = operator_here(parser, least)) != NULL) {
        struct value whole = {.kind = VALUE_BINARY};
        parser_skip(parser);
        if (!parse_binary(parser, row->binding + 1, &operands[1]))
            return false;
        whole.at =
            (struct span){operands[0].at.offset, operands[1].at.offset + operands[1].at.length - operands[0].at.offset};
        if (!operator_apply(parser, &whole, row->text, operands, 2))
            return false;
        operands[0] = whole;
    }
    *value = operands[0];
    return true;
}

bool parse_value(struct parser *parser, struct value *value)
{
    return parse_binary(parser, 1, value);
}
