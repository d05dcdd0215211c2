/* SPDX-License-Identifier: MIT */
/* Names that stand for what -D gave them. */
#include "script/parser.h"

#include "base/character.h"
#include "base/nearest_name.h"

#include <errno.h>
#include <stdlib.h>

const struct program_definition *definition_find(const struct parser *parser, const char *name, size_t length)
{
    const struct program_settings *settings = parser->settings;
    /* The last one counts, as on a command line. */
    for (size_t i = settings == NULL ? 0 : settings->definition_count; i > 0; i--) {
        const struct program_definition *definition = &settings->definitions[i - 1];
        if (strncmp(definition->name, name, length) == 0 && definition->name[length] == '\0')
            return definition;
    }
    for (size_t i = parser->definition_count; i > 0; i--) {
        const struct program_definition *definition = &parser->definitions[i - 1];
        if (strncmp(definition->name, name, length) == 0 && definition->name[length] == '\0')
            return definition;
    }
    return NULL;
}

bool definition_keep(struct parser *parser, const char *text, struct span at)
{
    const char *equals = text == NULL ? NULL : strchr(text, '=');
    if (equals == NULL || equals == text)
        return diagnostics_add(parser->scanner.diagnostics, at, "a definition is NAME=VALUE");
    struct program_definition definition = {.value = equals + 1};
    definition.name = arena_copy(&parser->program->arena, text, (size_t)(equals - text));
    void *definitions = parser->definitions;
    if (definition.name == NULL)
        return parser_fail_exhausted(parser);
    if (!parser_array_room(parser, &definitions, sizeof(definition), parser->definition_count,
                           &parser->definition_capacity))
        return false;
    parser->definitions = definitions;
    parser->definitions[parser->definition_count++] = definition;
    return true;
}

static bool text_is_number(const char *text, uint64_t *number)
{
    bool negative = text[0] == '-';
    const char *digits = text + negative;
    if (!character_is_digit(digits[0]))
        return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(digits, &end, (digits[1] | 0x20) == 'x' ? 16 : 10);
    if (errno != 0 || *end != '\0')
        return false;
    *number = negative ? 0 - (uint64_t)value : value;
    return true;
}

static bool text_is_word(const char *text)
{
    size_t length = 0;
    while (character_is_word(text[length]))
        length++;
    return length > 0 && !character_is_digit(text[0]) && text[length] == '\0';
}

/* The value of a definition, without the quotes if it has them. */
static bool definition_text(struct parser *parser, const char *text, struct value *value)
{
    size_t length = strlen(text);
    bool quoted = length >= 2 && text[0] == '"' && text[length - 1] == '"';
    size_t cut = quoted ? 1 : 0;
    char *copy = parser_take(parser, length - 2 * cut + 1);
    if (copy == NULL)
        return false;
    memcpy(copy, text + cut, length - 2 * cut);
    value->kind = quoted ? VALUE_STRING : VALUE_NAME;
    value->text = copy;
    value->text_length = length - 2 * cut;
    return true;
}

bool definition_apply(struct parser *parser, struct value *value)
{
    const struct program_definition *definition = definition_find(parser, value->text, value->text_length);
    uint64_t number;
    if (definition == NULL)
        return true;
    const char *text = definition->value;
    if (text_is_number(text, &number)) {
        value->kind = VALUE_INTEGER;
        value->integer = (int64_t)number;
        value->text = NULL;
        value->text_length = 0;
        return true;
    }
    if (text[0] != '"' && !text_is_word(text))
        return diagnostics_add(parser->scanner.diagnostics, value->at,
                               "the definition %s=%s is neither a number, a name nor a string in quotes",
                               definition->name, text);
    return definition_text(parser, text, value);
}

static const char *definition_name_at(const void *context, size_t index)
{
    const struct program_settings *settings = context;
    return settings != NULL && index < settings->definition_count ? settings->definitions[index].name : NULL;
}

bool definition_bytes(void *context, const char *name, size_t length, const char **text)
{
    const struct parser *parser = context;
    const struct program_definition *definition = definition_find(parser, name, length);
    if (definition != NULL) {
        *text = definition->value;
        return true;
    }
    if (parser->settings != NULL && parser->settings->undefined_names) {
        *text = "";
        return true;
    }
    const struct span at = {(size_t)(name - parser->scanner.source->text), length};
    return diagnostics_add(parser->scanner.diagnostics, at,
                           "unknown name `%.*s`: define its bytes with -D %.*s=HEX, or write `$%.*s` for those that an "
                           "expected segment shows",
                           (int)length, name, (int)length, name, (int)length, name);
}

bool definition_number(void *context, const char *name, size_t length, uint64_t *number)
{
    struct parser *parser = context;
    struct diagnostics *diagnostics = parser->scanner.diagnostics;
    const struct span at = {(size_t)(name - parser->scanner.source->text), length};
    const struct program_definition *definition = definition_find(parser, name, length);
    if (definition != NULL && text_is_number(definition->value, number))
        return true;
    if (definition != NULL)
        return diagnostics_add(diagnostics, at, "the definition %s=%s is no number", definition->name,
                               definition->value);
    if (parser->settings != NULL && parser->settings->undefined_names) {
        *number = 0;
        return true;
    }
    const char *nearest = nearest_name(name, length, definition_name_at, parser->settings);
    if (nearest != NULL)
        (void)diagnostics_add(diagnostics, at, "unknown name `%.*s`; did you mean `%s`?", (int)length, name, nearest);
    return false;
}
