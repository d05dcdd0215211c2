/* SPDX-License-Identifier: MIT */
#include "packet/hexadecimal.h"

#include "base/character.h"
#include "packet/characters.h"

/* A block is 16 digits or eight bytes. Left to itself, the compiler makes no vector code of this. */
typedef uint8_t digit_block __attribute__((vector_size(16)));
typedef uint16_t pair_block __attribute__((vector_size(16)));
typedef uint8_t byte_block __attribute__((vector_size(8)));
typedef uint64_t half_block __attribute__((vector_size(16)));

enum {
    BLOCK_DIGITS = sizeof(digit_block),
    BLOCK_BYTES = sizeof(byte_block),
};

/* Whether all of the block are digits. */
ALWAYS_INLINE bool block_is_digits(const char *at)
{
    digit_block digits;
    memcpy(&digits, at, sizeof(digits));
    digit_block numbers = digits - '0';
    digit_block letters = (digits | 0x20) - 'a';
    half_block known = (half_block)((digit_block)(numbers < 10) | (digit_block)(letters < 6));
    return (known[0] & known[1]) == ~UINT64_C(0);
}

/* The value of each digit: its low four bits, and nine more for a letter. */
ALWAYS_INLINE digit_block block_values(const char *at)
{
    digit_block digits;
    memcpy(&digits, at, sizeof(digits));
    return (digits & 0x0f) + (digits >> 6) * 9;
}

size_t hexadecimal_run(const char *at, const char *end)
{
    const char *start = at;
    while (end - at >= BLOCK_DIGITS && block_is_digits(at))
        at += BLOCK_DIGITS;
    while (at < end && character_hex_value(*at) >= 0)
        at++;
    return (size_t)(at - start);
}

static unsigned digit_value(char digit)
{
    return ((unsigned)digit & 0x0f) + ((unsigned)digit >> 6 & 1) * 9;
}

/* The last few bytes, fewer than a block. */
static void read_rest(const char *at, size_t count, uint8_t *bytes)
{
    if (count >= 4) {
        uint64_t window;
        memcpy(&window, at, sizeof(window));
        store_be32(bytes, hexadecimal_value(hexadecimal_nibbles(window), 8));
        at += 8;
        bytes += 4;
        count -= 4;
    }
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(digit_value(at[2 * i]) << 4 | digit_value(at[2 * i + 1]));
}

void hexadecimal_read(const char *at, size_t count, uint8_t *bytes)
{
    for (; count >= BLOCK_BYTES; count -= BLOCK_BYTES, at += BLOCK_DIGITS, bytes += BLOCK_BYTES) {
        pair_block pairs = (pair_block)block_values(at);
        byte_block block = __builtin_convertvector((pairs << 4 | pairs >> 8) & 0xff, byte_block);
        memcpy(bytes, &block, sizeof(block));
    }
    if (count > 0)
        read_rest(at, count, bytes);
}

/* The eight digits of VALUE, the first in the highest byte. */
static uint64_t digits_of(uint32_t value)
{
    uint64_t nibbles = value;
    nibbles = (nibbles | nibbles << 16) & UINT64_C(0x0000ffff0000ffff);
    nibbles = (nibbles | nibbles << 8) & UINT64_C(0x00ff00ff00ff00ff);
    nibbles = (nibbles | nibbles << 4) & EACH_BYTE(0x0f);
    uint64_t letters = (nibbles + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
    return nibbles + EACH_BYTE('0') + letters * ('a' - '0' - 10);
}

static void write_rest(char *at, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    if (count >= 4) {
        store_be64((uint8_t *)at, digits_of(load_be32(bytes)));
        at += 8;
        bytes += 4;
        count -= 4;
    }
    for (size_t i = 0; i < count; i++) {
        at[2 * i] = digits[bytes[i] >> 4];
        at[2 * i + 1] = digits[bytes[i] & 15];
    }
}

void hexadecimal_write(char *at, const uint8_t *bytes, size_t count)
{
    for (; count >= BLOCK_BYTES; count -= BLOCK_BYTES, at += BLOCK_DIGITS, bytes += BLOCK_BYTES) {
        byte_block block;
        memcpy(&block, bytes, sizeof(block));
        pair_block pairs = __builtin_convertvector(block, pair_block);
        digit_block values = (digit_block)(pairs >> 4 | (pairs & 15) << 8);
        digit_block above_nine = (digit_block)(values > 9);
        digit_block digits = values + '0' + (above_nine & ('a' - '0' - 10));
        memcpy(at, &digits, sizeof(digits));
    }
    if (count > 0)
        write_rest(at, bytes, count);
}
