/* SPDX-License-Identifier: MIT */
/* Text that is put together piece by piece, either in a buffer of the caller's or in one that grows. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/compiler.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * Always ends in a NUL once anything was appended or reserved. Where no more fits (a fixed buffer is full, or memory
 * ran out) the rest is dropped and `truncated` set: look at it once, at the end.
 */
struct text {
    char *data;
    size_t length;   /* without the NUL */
    size_t capacity; /* of data, the NUL's byte included */
    bool grows;      /* data is ours, from malloc */
    bool truncated;
};

/* Text in the CAPACITY bytes at BUFFER, which the caller owns; CAPACITY is at least 1. */
struct text text_in(char *buffer, size_t capacity);

/* Text that grows on the heap; nothing is allocated yet. End it with text_free(). */
struct text text_growing(void);

/* Frees what a growing text holds; a fixed one is only emptied. */
void text_free(struct text *text);

/* Empties without freeing. */
void text_clear(struct text *text);

/* What was put together, never NULL. Lives until the next append, clear or free. */
const char *text_string(const struct text *text);

/* Makes sure that LENGTH more characters fit; false if they can't. */
bool text_reserve(struct text *text, size_t length);

void text_append_bytes(struct text *text, const char *data, size_t length);
void text_append_string(struct text *text, const char *string);
void text_append_character(struct text *text, char character);
void text_append_repeated(struct text *text, char character, size_t count);
void text_append_unsigned(struct text *text, uint64_t value);
void text_append_signed(struct text *text, int64_t value);
/* Two hexadecimal digits a byte, lower case, no separators. */
void text_append_hex(struct text *text, const void *data, size_t length);
/* 0x and as many hexadecimal digits as needed, at least one. */
void text_append_hex_number(struct text *text, uint64_t value);
void text_append_format(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_append_format_list(struct text *text, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

#endif
