/* SPDX-License-Identifier: MIT */
/* System calls: name(arguments) = result ERRNO (note). */
#include "script/parser.h"

#include "base/character.h"

static bool call_arguments(struct parser *parser, struct call_event *call)
{
    struct value list = {.kind = VALUE_LIST};
    parser_skip(parser);
    list.at.offset = parser->scanner.offset;
    if (!scanner_expect(&parser->scanner, "(", "`(` and the arguments of the call"))
        return false;
    if (!parse_items(parser, ")", false, &list))
        return false;
    call->count = list.count;
    call->arguments = list.items;
    parser->event_end = parser->scanner.offset;
    return true;
}

/* Errors are named with an E and capitals; on a line of its own only such a word is taken for one. */
static bool call_error_here(struct scanner *scanner, struct span *name)
{
    struct scanner before = *scanner;
    if (!scanner_word(scanner, name))
        return false;
    const char *text = scanner_text(scanner, *name);
    bool shaped = text[0] == 'E' && name->length > 1;
    for (size_t i = 0; i < name->length; i++)
        shaped = shaped && (character_is_digit(text[i]) || (text[i] >= 'A' && text[i] <= 'Z'));
    if (!shaped)
        *scanner = before;
    return shaped;
}

static bool call_error(struct parser *parser, struct call_event *call)
{
    struct span name;
    if (!call_error_here(&parser->scanner, &name))
        return true;
    call->error_name = parser_copy(parser, name);
    call->error_at = name;
    parser->event_end = name.offset + name.length;
    return call->error_name != NULL;
}

/* Where the parenthesis at OFFSET is closed on its line, or 0. */
static size_t call_note_end(const struct parser *parser, size_t offset)
{
    const struct source *source = parser->scanner.source;
    size_t open = 0;
    for (size_t i = offset; i < source->length && source->text[i] != '\n'; i++) {
        open += source->text[i] == '(';
        open -= source->text[i] == ')';
        if (open == 0)
            return i;
    }
    return 0;
}

static bool call_note(struct parser *parser, struct call_event *call)
{
    struct scanner *scanner = &parser->scanner;
    size_t start = scanner->offset;
    if (scanner_peek(scanner, 0) != '(')
        return true;
    size_t end = call_note_end(parser, start);
    if (end == 0)
        return diagnostics_add(scanner->diagnostics, (struct span){start, 1}, "this note is never closed on its line");
    scanner->offset = end + 1;
    parser->event_end = end + 1;
    call->note = parser_copy(parser, (struct span){start + 1, end - start - 1});
    return call->note != NULL;
}

static bool call_result(struct parser *parser, struct call_event *call)
{
    parser_skip(parser);
    if (!parse_value(parser, &call->result))
        return false;
    call->has_result = true;
    parser->event_end = call->result.at.offset + call->result.at.length;
    parser_skip(parser);
    if (!call_error(parser, call))
        return false;
    parser_skip(parser);
    return call_note(parser, call);
}

bool parse_call(struct parser *parser, struct call_event *call)
{
    struct scanner *scanner = &parser->scanner;
    struct call_event read = {0};
    if (!scanner_word(scanner, &read.name_at))
        return scanner_fail_expected(scanner, "the name of a system call");
    read.name = parser_copy(parser, read.name_at);
    if (read.name == NULL || !call_arguments(parser, &read))
        return false;
    parser_skip(parser);
    if (scanner_accept(scanner, "=") && !call_result(parser, &read))
        return false;
    *call = read;
    return true;
}
