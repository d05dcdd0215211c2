/* SPDX-License-Identifier: MIT */
#include "suite/requirement.h"

#include "base/character.h"

static const char requirement_key[] = "requirement";

static bool is_identifier(char character)
{
    return character_is_word(character) || character == '-' || character == '.';
}

/* The level that the word at STRING names; false if it names none. */
static bool word_level(const char *string, enum requirement_level *level)
{
    static const struct {
        const char *prefix;
        enum requirement_level level;
    } prefixes[] = {
        {"MUST-", REQUIREMENT_MUST},  {"SHLD-", REQUIREMENT_SHOULD}, {"SHOULD-", REQUIREMENT_SHOULD},
        {"REC-", REQUIREMENT_SHOULD}, {"MAY-", REQUIREMENT_MAY},
    };
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        if (strncmp(string, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0) {
            *level = prefixes[i].level;
            return true;
        }
    }
    return false;
}

/* The strictest level in one note; a note that names none weighs as a MUST. */
static enum requirement_level note_level(const char *value)
{
    enum requirement_level strictest = REQUIREMENT_MAY;
    bool named = false;
    for (const char *at = value; *at != '\0'; at++) {
        enum requirement_level level;
        if ((at == value || !is_identifier(at[-1])) && word_level(at, &level)) {
            named = true;
            strictest = level < strictest ? level : strictest;
        }
    }
    return named ? strictest : REQUIREMENT_MUST;
}

enum requirement_level requirement_level(const struct program *program)
{
    enum requirement_level strictest = REQUIREMENT_MAY;
    bool cited = false;
    for (size_t i = 0; i < program->note_count; i++) {
        if (strcmp(program->notes[i].key, requirement_key) != 0)
            continue;
        enum requirement_level level = note_level(program->notes[i].value);
        strictest = level < strictest ? level : strictest;
        cited = true;
    }
    return cited ? strictest : REQUIREMENT_MUST;
}

static bool note_cites(const char *value, const char *id)
{
    size_t length = strlen(id);
    for (const char *at = value; length > 0 && (at = strstr(at, id)) != NULL; at++)
        if ((at == value || !is_identifier(at[-1])) && !is_identifier(at[length]))
            return true;
    return false;
}

bool requirement_cited(const struct program *program, const char *id)
{
    for (size_t i = 0; i < program->note_count; i++)
        if (strcmp(program->notes[i].key, requirement_key) == 0 && note_cites(program->notes[i].value, id))
            return true;
    return false;
}

bool requirement_next(const char **rest, const char **start, size_t *length)
{
    const char *at = *rest;
    while (character_is_blank(*at) || *at == ',')
        at++;
    if (*at == '\0')
        return false;
    size_t whole = strcspn(at, ",");
    *rest = at + whole;
    *start = at;
    while (whole > 0 && character_is_blank(at[whole - 1]))
        whole--;
    *length = whole;
    return true;
}

void requirement_print(struct text *text, const struct program *program)
{
    const char *separator = "";
    for (size_t i = 0; i < program->note_count; i++) {
        if (strcmp(program->notes[i].key, requirement_key) != 0)
            continue;
        text_append_string(text, separator);
        text_append_string(text, program->notes[i].value);
        separator = ", ";
    }
}
