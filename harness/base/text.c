/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

static const char hexadecimal[] = "0123456789abcdef";

struct text text_in(char *buffer, size_t capacity)
{
    INVARIANT(buffer != NULL && capacity > 0);
    buffer[0] = '\0';
    return (struct text){.data = buffer, .capacity = capacity};
}

struct text text_growing(void)
{
    return (struct text){.grows = true};
}

void text_free(struct text *text)
{
    if (text->grows) {
        free(text->data);
        *text = text_growing();
    } else {
        text_clear(text);
    }
}

void text_clear(struct text *text)
{
    text->length = 0;
    text->truncated = false;
    if (text->data != NULL)
        text->data[0] = '\0';
}

const char *text_string(const struct text *text)
{
    return text->data == NULL ? "" : text->data;
}

static bool text_grow(struct text *text, size_t needed)
{
    size_t capacity = text->capacity < 256 ? 256 : text->capacity;
    while (capacity < needed) {
        if (capacity > SIZE_MAX / 2)
            return false;
        capacity *= 2;
    }
    char *data = realloc(text->data, capacity);
    if (data == NULL)
        return false;
    text->data = data;
    text->capacity = capacity;
    text->data[text->length] = '\0';
    return true;
}

bool text_reserve(struct text *text, size_t length)
{
    if (LIKELY(text->capacity > text->length && length < text->capacity - text->length))
        return true;
    return text->grows && length < SIZE_MAX - text->length - 1 && text_grow(text, text->length + length + 1);
}

void text_append_bytes(struct text *text, const char *data, size_t length)
{
    /* Nothing must not make room either: there would be no NUL in it. */
    if (length == 0)
        return;
    if (UNLIKELY(!text_reserve(text, length))) {
        text->truncated = true;
        length = text->capacity > text->length ? text->capacity - text->length - 1 : 0;
    }
    if (length == 0)
        return;
    memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_append_string(struct text *text, const char *string)
{
    text_append_bytes(text, string, strlen(string));
}

void text_append_character(struct text *text, char character)
{
    text_append_bytes(text, &character, 1);
}

void text_append_repeated(struct text *text, char character, size_t count)
{
    while (count-- > 0)
        text_append_bytes(text, &character, 1);
}

void text_append_unsigned(struct text *text, uint64_t value)
{
    char digits[20];
    size_t start = sizeof(digits);
    do {
        digits[--start] = (char)('0' + (char)(value % 10));
        value /= 10;
    } while (value > 0);
    text_append_bytes(text, digits + start, sizeof(digits) - start);
}

void text_append_signed(struct text *text, int64_t value)
{
    if (value < 0)
        text_append_character(text, '-');
    text_append_unsigned(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void text_append_hex(struct text *text, const void *data, size_t length)
{
    const uint8_t *bytes = data;
    (void)(length <= SIZE_MAX / 2 && text_reserve(text, 2 * length));
    for (size_t i = 0; i < length; i++) {
        char pair[2] = {hexadecimal[bytes[i] >> 4], hexadecimal[bytes[i] & 15]};
        text_append_bytes(text, pair, 2);
    }
}

void text_append_hex_number(struct text *text, uint64_t value)
{
    char digits[16];
    size_t start = sizeof(digits);
    do {
        digits[--start] = hexadecimal[value & 15];
        value >>= 4;
    } while (value > 0);
    text_append_bytes(text, "0x", 2);
    text_append_bytes(text, digits + start, sizeof(digits) - start);
}

void text_append_format_list(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    char small[256];
    int needed = vsnprintf(small, sizeof(small), format, arguments);
    if (needed >= 0 && (size_t)needed < sizeof(small)) {
        text_append_bytes(text, small, (size_t)needed);
    } else if (needed >= 0) {
        char *large = malloc((size_t)needed + 1);
        if (large == NULL) {
            text->truncated = true;
        } else {
            (void)vsnprintf(large, (size_t)needed + 1, format, again);
            text_append_bytes(text, large, (size_t)needed);
            free(large);
        }
    }
    va_end(again);
}

void text_append_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(text, format, arguments);
    va_end(arguments);
}
