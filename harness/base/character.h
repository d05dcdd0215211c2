/* SPDX-License-Identifier: MIT */
/* Classes of ASCII characters, whatever the locale. */
#ifndef BASE_CHARACTER_H
#define BASE_CHARACTER_H

#include "base/compiler.h"

#include <stdbool.h>

/* A blank is what separates words on one line; a carriage return before a line end counts. */
ALWAYS_INLINE bool character_is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

ALWAYS_INLINE bool character_is_digit(char character)
{
    return (unsigned char)(character - '0') < 10;
}

ALWAYS_INLINE bool character_is_letter(char character)
{
    return (unsigned char)((character | 0x20) - 'a') < 26;
}

/* Letters, digits and the underscore: what names are made of. */
ALWAYS_INLINE bool character_is_word(char character)
{
    return character_is_letter(character) || character_is_digit(character) || character == '_';
}

/* What must not reach a terminal as it is: ASCII's control characters, line ends and tabs among them. */
ALWAYS_INLINE bool character_is_control(char character)
{
    return (unsigned char)character < 0x20 || character == 0x7f;
}

/* Value of a hexadecimal digit of either case, or -1. */
ALWAYS_INLINE int character_hex_value(char character)
{
    if (character_is_digit(character))
        return character - '0';
    unsigned char letter = (unsigned char)((character | 0x20) - 'a');
    return letter < 6 ? letter + 10 : -1;
}

#endif
