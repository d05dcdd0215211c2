/* SPDX-License-Identifier: MIT */
/* Digits, eight or more at a time. A window is eight characters, the first in the lowest byte. Private to this room. */
#ifndef PACKET_CHARACTERS_H
#define PACKET_CHARACTERS_H

#include "base/bytes.h"

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* How many characters of WINDOW are decimal digits, up to the first that is none. */
ALWAYS_INLINE unsigned decimal_digits(uint64_t window)
{
    uint64_t values = window ^ EACH_BYTE('0');
    uint64_t others = (values | (values + EACH_BYTE(6))) & EACH_BYTE(0xf0);
    return others == 0 ? 8 : (unsigned)__builtin_ctzll(others) / 8;
}

/* The number that the first COUNT characters of WINDOW are, 1 to 8 digits. */
ALWAYS_INLINE uint32_t decimal_value(uint64_t window, unsigned count)
{
    /* The digits go to the end, zeros in front of them; then neighbours are put together, twice as wide each time. */
    uint64_t values = (window ^ EACH_BYTE('0')) << (64 - 8 * count);
    values = (values * 10 + (values >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    values = (values * 100 + (values >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(values * 10000 + (values >> 32));
}

/* What eight hexadecimal digits are, a nibble in each byte; a byte above 15 for a character that is none. */
ALWAYS_INLINE uint64_t hexadecimal_nibbles(uint64_t window)
{
    uint64_t letters = window >> 6 & EACH_BYTE(1);
    uint64_t nibbles = (window & EACH_BYTE(0x0f)) + letters * 9;
    uint64_t above_nine = (nibbles + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
    uint64_t again = nibbles + EACH_BYTE('0') + above_nine * ('a' - '0' - 10);
    /* The same character comes out again, the case of letters aside, if it was a digit. */
    uint64_t wrong = (again ^ window) & ~(letters << 5);
    return nibbles | wrong << 4 | (wrong & EACH_BYTE(0xf0));
}

/* How many characters of a window are hexadecimal digits, by its nibbles. */
ALWAYS_INLINE unsigned hexadecimal_digits(uint64_t nibbles)
{
    uint64_t others = nibbles & EACH_BYTE(0xf0);
    return others == 0 ? 8 : (unsigned)__builtin_ctzll(others) / 8;
}

/* The number that the first COUNT nibbles are, 1 to 8. */
ALWAYS_INLINE uint32_t hexadecimal_value(uint64_t nibbles, unsigned count)
{
    nibbles = __builtin_bswap64(nibbles << (64 - 8 * count));
    nibbles = (nibbles | nibbles >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    nibbles = (nibbles | nibbles >> 8) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(nibbles | nibbles >> 16);
}

#endif
