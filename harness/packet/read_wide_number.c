/* SPDX-License-Identifier: MIT */
#include "packet/read_wide_number.h"

const char *read_wide_number(struct reader *reader, const char *start, const char *what, uint64_t *value)
{
    const char *behind = reader_word_end(reader, start);
    bool hexadecimal = behind - start > 2 && start[0] == '0' && (start[1] == 'x' || start[1] == 'X');
    unsigned base = hexadecimal ? 16 : 10;
    uint64_t number = 0;
    if (behind == start)
        return reader_expected(reader, start, what);
    for (const char *at = start + (hexadecimal ? 2 : 0); at < behind; at++) {
        int digit = character_hex_value(*at);
        if (digit < 0 || (unsigned)digit >= base)
            return reader_expected(reader, start, what);
        if (number > (UINT64_MAX - (unsigned)digit) / base)
            return reader_fail(reader, start, behind, "this number is too large: 64 bits fit here");
        number = number * base + (unsigned)digit;
    }
    *value = number;
    return reader_skip(reader, behind);
}
