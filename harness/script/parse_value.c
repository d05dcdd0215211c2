/* SPDX-License-Identifier: MIT */
/* Values: numbers, names, strings, lists, structs and calls. */
#include "script/parser.h"

static bool value_integer(struct parser *parser, struct value *value)
{
    uint64_t number;
    size_t start = parser->scanner.offset;
    if (!scanner_expect_unsigned(&parser->scanner, UINT64_MAX, &number, "a value"))
        return false;
    value->kind = VALUE_INTEGER;
    value->integer = (int64_t)number;
    value->at = parser_since(parser, start);
    return true;
}

static bool value_ellipsis(struct parser *parser, struct value *value)
{
    size_t start = parser->scanner.offset;
    if (!scanner_expect(&parser->scanner, "...", "a value"))
        return false;
    value->kind = VALUE_ELLIPSIS;
    value->at = parser_since(parser, start);
    return true;
}

/*
 * One string at the cursor, added to TEXT. The scanner sees nothing behind the closing quote, or it would take room for
 * the rest of the line with each string of it.
 */
static bool value_string_piece(struct parser *parser, struct text *text)
{
    const struct source *source = parser->scanner.source;
    size_t end = parser->scanner.offset + 1;
    while (end < source->length && source->text[end] != '"' && source->text[end] != '\n')
        end += source->text[end] == '\\' ? 2 : 1;
    struct source window = {source->name, source->text, end < source->length ? end + 1 : source->length};
    struct scanner scanner = scanner_on(&window, parser->scanner.diagnostics);
    char *piece;
    size_t length;
    scanner.offset = parser->scanner.offset;
    bool done = scanner_string(&scanner, &parser->scratch, &piece, &length);
    parser->scanner.offset = scanner.offset;
    if (done)
        text_append_bytes(text, piece, length);
    return done;
}

/* Strings that stand behind one another are one, as in C. */
static bool value_string(struct parser *parser, struct value *value)
{
    struct text text = text_growing();
    size_t start = parser->scanner.offset;
    bool done;
    do {
        done = value_string_piece(parser, &text);
        value->at = parser_since(parser, start);
        if (done)
            parser_skip(parser);
    } while (done && scanner_peek(&parser->scanner, 0) == '"');
    if (done && text.truncated)
        done = parser_fail_exhausted(parser);
    char *copy = done ? parser_take(parser, text.length + 1) : NULL;
    if (copy != NULL) {
        memcpy(copy, text_string(&text), text.length);
        *value = (struct value){
            .kind = VALUE_STRING, .height = 1, .at = value->at, .text = copy, .text_length = text.length};
    }
    text_free(&text);
    return copy != NULL;
}

/* Inside brackets a blank may stand before a call's parenthesis; behind a result, what follows a blank is a note. */
static bool value_is_call(struct parser *parser)
{
    if (parser->brackets > 0)
        scanner_skip_blanks(&parser->scanner);
    return scanner_peek(&parser->scanner, 0) == '(';
}

static bool value_name(struct parser *parser, struct value *value)
{
    struct span name;
    if (!scanner_word(&parser->scanner, &name))
        return scanner_fail_expected(&parser->scanner, "a value");
    value->at = name;
    value->text_length = name.length;
    value->text = parser_copy(parser, name);
    if (value->text == NULL)
        return false;
    if (!value_is_call(parser)) {
        value->kind = VALUE_NAME;
        return definition_apply(parser, value);
    }
    parser->scanner.offset++;
    value->kind = VALUE_CALL;
    return parse_items(parser, ")", false, value);
}

static bool value_group(struct parser *parser, struct value *value)
{
    size_t start = parser->scanner.offset++;
    if (!parser_descend(parser))
        return false;
    parser->brackets++;
    parser_skip(parser);
    bool done = parse_value(parser, value);
    parser->brackets--;
    parser->depth--;
    parser_skip(parser);
    if (!done || !scanner_expect(&parser->scanner, ")", "`)`"))
        return false;
    value->at = parser_since(parser, start);
    return true;
}

static bool value_list(struct parser *parser, struct value *value)
{
    value->kind = VALUE_LIST;
    value->at = (struct span){parser->scanner.offset++, 1};
    return parse_items(parser, "]", false, value);
}

static bool value_struct(struct parser *parser, struct value *value)
{
    value->kind = VALUE_STRUCT;
    value->at = (struct span){parser->scanner.offset++, 1};
    return parse_items(parser, "}", true, value);
}

/* What a value's first character says about it; a digit and a letter say the rest. */
static const struct value_row {
    const char *first;
    bool (*parse)(struct parser *parser, struct value *value);
} value_rows[] = {
    {".", value_ellipsis}, {"\"", value_string}, {"(", value_group},
    {"[", value_list},     {"{", value_struct},  {"0123456789", value_integer},
};

bool parse_operand(struct parser *parser, struct value *value)
{
    struct value read = {.height = 1};
    scanner_skip_blanks(&parser->scanner);
    char first = scanner_peek(&parser->scanner, 0);
    bool (*parse)(struct parser *, struct value *) = value_name;
    for (size_t i = 0; i < COUNT_OF(value_rows) && first != '\0'; i++)
        if (strchr(value_rows[i].first, first) != NULL)
            parse = value_rows[i].parse;
    if (!parse(parser, &read))
        return false;
    *value = read;
    return true;
}
