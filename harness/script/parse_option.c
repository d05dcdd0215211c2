/* SPDX-License-Identifier: MIT */
/* Options at the head of a script: --name=value. */
#include "script/parser.h"

#include "base/character.h"

static bool option_name(struct parser *parser, struct span *name)
{
    struct scanner *scanner = &parser->scanner;
    size_t length = 0;
    while (character_is_word(scanner_peek(scanner, length)) || (length > 0 && scanner_peek(scanner, length) == '-'))
        length++;
    *name = (struct span){scanner->offset, length};
    scanner->offset += length;
    return length > 0 || scanner_fail_expected(scanner, "the name of an option");
}

static bool option_quoted_value(struct parser *parser, const char **value)
{
    size_t start = parser->scanner.offset;
    struct value string;
    if (!parse_operand(parser, &string))
        return false;
    if (strlen(string.text) != string.text_length)
        return diagnostics_add(parser->scanner.diagnostics, parser_since(parser, start),
                               "the value of an option can't hold a NUL");
    *value = string.text;
    return true;
}

/* What runs up to the next blank; in quotes it may hold blanks. */
static bool option_value(struct parser *parser, const char **value)
{
    struct scanner *scanner = &parser->scanner;
    if (scanner_at_line_end(scanner))
        return scanner_fail_expected(scanner, "the value of the option");
    if (scanner_peek(scanner, 0) == '"')
        return option_quoted_value(parser, value);
    size_t length = 0;
    char here;
    while ((here = scanner_peek(scanner, length)) != '\0' && here != '\n' && !character_is_blank(here))
        length++;
    *value = parser_copy(parser, (struct span){scanner->offset, length});
    scanner->offset += length;
    return *value != NULL;
}

static bool option_keep(struct parser *parser, const struct program_option *option)
{
    struct program *program = parser->program;
    void *options = program->options;
    if (!parser_array_room(parser, &options, sizeof(*option), program->option_count, &parser->option_capacity))
        return false;
    program->options = options;
    program->options[program->option_count++] = *option;
    return true;
}

bool parse_option(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    size_t start = scanner->offset;
    struct span name;
    struct program_option option = {0};
    scanner->offset += 2; /* the dashes that brought us here */
    if (!option_name(parser, &name) || (option.name = parser_copy(parser, name)) == NULL)
        return false;
    if (scanner_accept(scanner, "=") && !option_value(parser, &option.value))
        return false;
    option.at = parser_since(parser, start);
    if (strcmp(option.name, "define") == 0 && !definition_keep(parser, option.value, option.at))
        return false;
    return option_keep(parser, &option);
}

void parse_given_options(struct parser *parser)
{
    const struct program_settings *settings = parser->settings;
    for (size_t i = 0; settings != NULL && i < settings->option_count; i++) {
        const struct program_given_option *given = &settings->options[i];
        struct arena *arena = &parser->program->arena;
        struct program_option option = {.name = arena_copy(arena, given->name, strlen(given->name))};
        if (given->value != NULL)
            option.value = arena_copy(arena, given->value, strlen(given->value));
        if (option.name == NULL || (given->value != NULL && option.value == NULL)) {
            (void)parser_fail_exhausted(parser);
            return;
        }
        if (!option_keep(parser, &option))
            return;
    }
}
