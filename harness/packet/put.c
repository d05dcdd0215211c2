/* SPDX-License-Identifier: MIT */
#include "packet/put.h"

#include "packet/characters.h"
#include "packet/hexadecimal.h"

char *put_string(char *at, const char *string, size_t length)
{
    for (size_t i = 0; i < length; i++)
        at[i] = string[i];
    return at + length;
}

/* The eight decimal digits of VALUE, zeros in front, the first in the lowest byte. */
static uint64_t eight_digits(uint32_t value)
{
    /* Halves, then pairs, then single digits, side by side in one word; a product with a fraction stands for each
     * division. */
    uint64_t halves = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t hundreds = (halves * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t pairs = hundreds | (halves - hundreds * 100) << 16;
    uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (pairs - tens * 10) << 8;
}

static char *put_window(char *at, uint64_t window, size_t length)
{
    memcpy(at, &window, sizeof(window));
    return at + length;
}

char *put_unsigned(char *at, uint32_t value)
{
    const uint32_t eight_most = 99999999;
    if (value < 10)
        return put_character(at, (char)('0' + value));
    if (value > eight_most) {
        uint32_t above = value / (eight_most + 1);
        at = put_unsigned(at, above);
        return put_window(at, eight_digits(value - above * (eight_most + 1)) + EACH_BYTE('0'), 8);
    }
    uint64_t digits = eight_digits(value);
    unsigned zeros = (unsigned)__builtin_ctzll(digits) / 8;
    return put_window(at, (digits + EACH_BYTE('0')) >> 8 * zeros, 8 - zeros);
}

char *put_hex_number(char *at, uint32_t value)
{
    char digits[8];
    uint8_t bytes[4];
    size_t leading = value == 0 ? 7 : (size_t)__builtin_clz(value) / 4;
    store_be32(bytes, value);
    hexadecimal_write(digits, bytes, sizeof(bytes));
    at = PUT(at, "0x");
    uint64_t window;
    memcpy(&window, digits, sizeof(window));
    return put_window(at, window >> 8 * leading, 8 - leading);
}

char *put_hex(char *at, struct bytes bytes)
{
    hexadecimal_write(at, bytes.data, bytes.length);
    return at + 2 * bytes.length;
}
