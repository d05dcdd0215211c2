/* SPDX-License-Identifier: MIT */
#include "script/print_value.h"

#include "script/operator.h"

void string_print(struct text *text, const char *string, size_t length)
{
    static const char escaped[] = {'\n', '\r', '\t', '\0', '\\', '"'};
    static const char letters[] = {'n', 'r', 't', '0', '\\', '"'};
    text_append_character(text, '"');
    for (size_t i = 0; i < length; i++) {
        const char *escape = memchr(escaped, string[i], sizeof(escaped));
        unsigned char byte = (unsigned char)string[i];
        if (escape != NULL)
            text_append_bytes(text, (const char[]){'\\', letters[escape - escaped]}, 2);
        else if (byte < 0x20 || byte == 0x7f)
            text_append_format(text, "\\x%02x", byte);
        else
            text_append_character(text, string[i]);
    }
    text_append_character(text, '"');
}

/* The 64 bits of a number; those of the upper half are easier to read in hexadecimal. */
static void integer_print(struct text *text, int64_t integer)
{
    if (integer < 0)
        text_append_hex_number(text, (uint64_t)integer);
    else
        text_append_signed(text, integer);
}

/* What a value binds its operands with; one that is no operator holds together by itself. */
static unsigned value_binding(const struct value *value)
{
    return value->kind == VALUE_BINARY ? operator_binding(value->text) : OPERATOR_BINDING_MOST;
}

/* An operand of an operator that binds with LEAST. */
static void operand_print(struct text *text, const struct value *value, unsigned least)
{
    bool apart = value_binding(value) < least;
    if (apart)
        text_append_character(text, '(');
    value_print(text, value);
    if (apart)
        text_append_character(text, ')');
}

static void binary_print(struct text *text, const struct value *value)
{
    unsigned binding = value_binding(value);
    const char *blank = strcmp(value->text, "|") == 0 ? "" : " ";
    operand_print(text, &value->items[0], binding);
    text_append_format(text, "%s%s%s", blank, value->text, blank);
    operand_print(text, &value->items[1], binding + 1);
}

static void struct_print(struct text *text, const struct value *value)
{
    text_append_character(text, '{');
    for (size_t i = 0; i < value->count; i++) {
        const struct value *extent = value->items[i].extent;
        text_append_string(text, i == 0 ? "" : ", ");
        if (value->names[i] != NULL) {
            text_append_string(text, value->names[i]);
            if (extent != NULL) {
                text_append_character(text, '(');
                value_print(text, extent);
                text_append_character(text, ')');
            }
            text_append_character(text, '=');
        }
        value_print(text, &value->items[i]);
    }
    text_append_character(text, '}');
}

void values_print(struct text *text, const struct value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_append_string(text, i == 0 ? "" : ", ");
        value_print(text, &values[i]);
    }
}

/* No value is nested deeper than VALUE_HEIGHT_MOST. */
void value_print(struct text *text, const struct value *value)
{
    switch (value->kind) {
    case VALUE_ELLIPSIS:
        text_append_string(text, "...");
        break;
    case VALUE_INTEGER:
        integer_print(text, value->integer);
        break;
    case VALUE_NAME:
        text_append_bytes(text, value->text, value->text_length);
        break;
    case VALUE_STRING:
        string_print(text, value->text, value->text_length);
        break;
    case VALUE_UNARY:
        text_append_string(text, value->text);
        operand_print(text, &value->items[0], OPERATOR_BINDING_MOST);
        break;
    case VALUE_BINARY:
        binary_print(text, value);
        break;
    case VALUE_STRUCT:
        struct_print(text, value);
        break;
    case VALUE_CALL:
        text_append_bytes(text, value->text, value->text_length);
        text_append_character(text, '(');
        values_print(text, value->items, value->count);
        text_append_character(text, ')');
        break;
    case VALUE_LIST:
        text_append_character(text, '[');
        values_print(text, value->items, value->count);
        text_append_character(text, ']');
        break;
    }
}
