/* SPDX-License-Identifier: MIT */
#include "report/quoted.h"

static const char replacement[] = "\xef\xbf\xbd";

/* Length of the UTF-8 sequence that STRING begins with, or 0 if that is none (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
static size_t sequence_length(const char *string)
{
    static const struct {
        uint8_t first, last;               /* of the first byte */
        uint8_t second_first, second_last; /* of the second */
        uint8_t length;
    } rows[] = {{0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
                {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
                {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
    const uint8_t *bytes = (const uint8_t *)string;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (bytes[0] < rows[i].first || bytes[0] > rows[i].last)
            continue;
        if (rows[i].length > 1 && (bytes[1] < rows[i].second_first || bytes[1] > rows[i].second_last))
            return 0;
        for (size_t j = 2; j < rows[i].length; j++)
            if (bytes[j] < 0x80 || bytes[j] > 0xbf)
                return 0;
        return rows[i].length;
    }
    return 0;
}

/* Puts one ASCII character in the way of a format. */
typedef void character_print(struct text *text, char character);

static void string_print(struct text *text, const char *string, character_print *print)
{
    while (*string != '\0') {
        size_t length = sequence_length(string);
        if (length == 1)
            print(text, *string);
        else if (length > 1)
            text_append_bytes(text, string, length);
        else
            text_append_string(text, replacement);
        string += length == 0 ? 1 : length;
    }
}

static bool is_control(char character)
{
    return (unsigned char)character < 0x20 || character == 0x7f;
}

/* What C, JSON and YAML escape alike; false for other characters. */
static bool escape_print(struct text *text, char character)
{
    static const char escaped[] = {'\n', '\r', '\t', '\\', '"'};
    static const char letters[] = {'n', 'r', 't', '\\', '"'};
    const char *found = memchr(escaped, character, sizeof(escaped));
    if (found != NULL)
        text_append_bytes(text, (const char[]){'\\', letters[found - escaped]}, 2);
    return found != NULL;
}

static void json_character_print(struct text *text, char character)
{
    if (escape_print(text, character))
        return;
    if (is_control(character))
        text_append_format(text, "\\u%04x", (unsigned)character);
    else
        text_append_character(text, character);
}

static void yaml_character_print(struct text *text, char character)
{
    if (escape_print(text, character))
        return;
    if (is_control(character))
        text_append_format(text, "\\x%02x", (unsigned)character);
    else
        text_append_character(text, character);
}

static void xml_character_print(struct text *text, char character)
{
    static const struct {
        char character;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\r', "&#13;"}};
    for (size_t i = 0; i < COUNT_OF(entities); i++) {
        if (entities[i].character == character) {
            text_append_string(text, entities[i].entity);
            return;
        }
    }
    if ((unsigned char)character < 0x20 && character != '\n' && character != '\t')
        text_append_string(text, replacement);
    else
        text_append_character(text, character);
}

/* A reader makes blanks of the line ends of an attribute. */
static void xml_attribute_character_print(struct text *text, char character)
{
    if (character == '\n' || character == '\t')
        text_append_format(text, "&#%d;", character);
    else
        xml_character_print(text, character);
}

static void tap_character_print(struct text *text, char character)
{
    if (character == '\\' || character == '#')
        text_append_character(text, '\\');
    text_append_character(text, is_control(character) ? ' ' : character);
}

void json_string_print(struct text *text, const char *string)
{
    text_append_character(text, '"');
    string_print(text, string, json_character_print);
    text_append_character(text, '"');
}

void yaml_string_print(struct text *text, const char *string)
{
    text_append_character(text, '"');
    string_print(text, string, yaml_character_print);
    text_append_character(text, '"');
}

/* U+FFFE and U+FFFF are UTF-8, but no characters of XML. */
static void xml_print(struct text *text, const char *string, character_print *print)
{
    static const char *const none[] = {"\xef\xbf\xbe", "\xef\xbf\xbf"};
    struct text characters = text_growing();
    while (*string != '\0') {
        bool skipped = strncmp(string, none[0], 3) == 0 || strncmp(string, none[1], 3) == 0;
        text_append_bytes(&characters, skipped ? replacement : string, skipped ? 3 : 1);
        string += skipped ? 3 : 1;
    }
    string_print(text, text_string(&characters), print);
    text->truncated = text->truncated || characters.truncated;
    text_free(&characters);
}

void xml_text_print(struct text *text, const char *string)
{
    xml_print(text, string, xml_character_print);
}

void xml_attribute_print(struct text *text, const char *string)
{
    xml_print(text, string, xml_attribute_character_print);
}

void tap_text_print(struct text *text, const char *string)
{
    string_print(text, string, tap_character_print);
}
