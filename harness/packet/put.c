/* SPDX-License-Identifier: MIT */
#include "packet/put.h"

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

char *put_string(char *at, const char *string, size_t length)
{
    for (size_t i = 0; i < length; i++)
        at[i] = string[i];
    return at + length;
}

char *put_unsigned(char *at, uint32_t value)
{
    static const uint32_t powers[] = {10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    if (value < 10)
        return put_character(at, (char)('0' + value));
    size_t digits = 2;
    while (digits < PUT_UNSIGNED_MOST && value >= powers[digits - 1])
        digits++;
    for (size_t i = digits; i > 0; i--) {
        at[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

/* The eight hexadecimal digits of VALUE, the first in the highest byte. */
static uint64_t hex_digits(uint32_t value)
{
    uint64_t nibbles = value;
    nibbles = (nibbles | nibbles << 16) & UINT64_C(0x0000ffff0000ffff);
    nibbles = (nibbles | nibbles << 8) & UINT64_C(0x00ff00ff00ff00ff);
    nibbles = (nibbles | nibbles << 4) & EACH_BYTE(0x0f);
    uint64_t letters = (nibbles + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
    return nibbles + EACH_BYTE('0') + letters * ('a' - '0' - 10);
}

char *put_hex_number(char *at, uint32_t value)
{
    size_t digits = 1;
    for (uint32_t rest = value >> 4; rest > 0; rest >>= 4)
        digits++;
    at = PUT(at, "0x");
    store_be64((uint8_t *)at, hex_digits(value << (32 - 4 * digits)));
    return at + digits;
}

char *put_hex(char *at, struct bytes bytes)
{
    size_t i = 0;
    for (; i + 4 <= bytes.length; i += 4)
        store_be64((uint8_t *)at + 2 * i, hex_digits(load_be32(bytes.data + i)));
    if (i < bytes.length) {
        uint32_t rest = 0;
        for (size_t j = i; j < bytes.length; j++)
            rest |= (uint32_t)bytes.data[j] << (24 - 8 * (j - i));
        store_be64((uint8_t *)at + 2 * i, hex_digits(rest));
    }
    return at + 2 * bytes.length;
}
