/* SPDX-License-Identifier: MIT */
#include "packet/reader.h"

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

static void reader_sync(struct reader *reader)
{
    reader->scanner->offset = reader_offset(reader);
}

bool reader_fail_expected(struct reader *reader, const char *what)
{
    reader_sync(reader);
    return scanner_fail_expected(reader->scanner, what);
}

bool reader_fail_since(struct reader *reader, const char *start, const char *format, ...)
{
    char message[256];
    struct text text = text_in(message, sizeof(message));
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    struct span span = {(size_t)(start - reader->text), (size_t)(reader->at - start)};
    reader_sync(reader);
    return diagnostics_add(reader->scanner->diagnostics, span, "%s", text_string(&text));
}

void reader_skip_comment(struct reader *reader)
{
    reader_sync(reader);
    scanner_skip_blanks(reader->scanner);
    reader->at = reader->text + reader->scanner->offset;
}

bool reader_expect(struct reader *reader, char character, const char *what)
{
    return reader_take(reader, character) || reader_fail_expected(reader, what);
}

static void reader_skip_lines(struct reader *reader)
{
    reader_sync(reader);
    scanner_skip_lines(reader->scanner);
    reader->at = reader->text + reader->scanner->offset;
}

bool reader_take_comma(struct reader *reader)
{
    if (!reader_take(reader, ','))
        return false;
    reader_skip_lines(reader);
    return true;
}

void reader_skip_to_more(struct reader *reader)
{
    const char *before = reader->at;
    size_t errors = reader->scanner->diagnostics->count;
    char next = reader_peek(reader);
    if (LIKELY(next != '\n' && next != '#' && next != '/'))
        return;
    reader_skip_lines(reader);
    next = reader_peek(reader);
    if (next == '<' || next == '{')
        return;
    const char *more = reader->at;
    bool goes_on =
        READER_TAKE_WORD(reader, "ack") || READER_TAKE_WORD(reader, "win") || READER_TAKE_WORD(reader, "urg");
    /* A comment that was told to be wrong is not to be met again. */
    reader->at = goes_on || reader->scanner->diagnostics->count > errors ? more : before;
}

bool reader_take_ellipsis(struct reader *reader)
{
    if (reader_peek(reader) != '.' || reader->end - reader->at < 3 || reader->at[1] != '.' || reader->at[2] != '.')
        return false;
    reader->at += 3;
    return true;
}

bool reader_take_word(struct reader *reader, const char *name, size_t length)
{
    reader_skip(reader);
    if ((size_t)(reader->end - reader->at) < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (reader->at[i] != name[i])
            return false;
    const char *behind = reader->at + length;
    if (behind < reader->end && character_is_word(*behind))
        return false;
    reader->at = behind;
    return true;
}

static bool reader_fail_too_large(struct reader *reader, const char *start, uint32_t most)
{
    return reader_fail_since(reader, start, "this number is too large: at most %u fits here", most);
}

/* The value of the name at the cursor. */
static bool reader_name(struct reader *reader, uint32_t most, uint32_t *value, const char *what)
{
    const struct pattern_names *names = reader->names;
    const char *start = reader->at;
    const char *behind = start;
    while (behind < reader->end && character_is_word(*behind))
        behind++;
    uint64_t found;
    size_t errors = reader->scanner->diagnostics->count;
    if (names == NULL || names->find == NULL || !names->find(names->context, start, (size_t)(behind - start), &found))
        return errors == reader->scanner->diagnostics->count ? reader_fail_expected(reader, what) : false;
    reader->at = behind;
    if (found > most)
        return reader_fail_since(reader, start, "this name stands for %llu: at most %u fits here",
                                 (unsigned long long)found, most);
    *value = (uint32_t)found;
    return true;
}

static bool reader_hex_number(struct reader *reader, uint32_t most, uint32_t *value)
{
    const char *start = reader->at;
    uint64_t sum = 0;
    int digit;
    reader->at += 2;
    while (reader->at < reader->end && (digit = character_hex_value(*reader->at)) >= 0) {
        sum = sum > UINT32_MAX ? sum : sum << 4 | (unsigned)digit;
        reader->at++;
    }
    if (sum > most)
        return reader_fail_too_large(reader, start, most);
    *value = (uint32_t)sum;
    return true;
}

bool reader_number(struct reader *reader, uint32_t most, uint32_t *value, const char *what)
{
    char first = reader_peek(reader);
    if (!character_is_digit(first))
        return character_is_word(first) ? reader_name(reader, most, value, what) : reader_fail_expected(reader, what);
    if (first == '0' && reader->end - reader->at > 2 && (reader->at[1] | 0x20) == 'x' &&
        character_hex_value(reader->at[2]) >= 0)
        return reader_hex_number(reader, most, value);
    const char *at = reader->at;
    const char *start = at;
    uint64_t sum = 0;
    unsigned digit;
    while (at < reader->end && (digit = (unsigned char)(*at - '0')) < 10) {
        sum = UNLIKELY(sum > UINT32_MAX) ? sum : sum * 10 + digit;
        at++;
    }
    reader->at = at;
    if (UNLIKELY(sum > most))
        return reader_fail_too_large(reader, start, most);
    *value = (uint32_t)sum;
    return true;
}

bool reader_at_number(struct reader *reader)
{
    return character_is_word(reader_peek(reader));
}

/* The four bytes that eight hexadecimal digits stand for; false if one of them is none. */
static bool hex_value(uint64_t digits, uint32_t *value)
{
    uint64_t lower = digits | EACH_BYTE(0x20);
    uint64_t letters = digits >> 6 & EACH_BYTE(1);
    uint64_t nibbles = (lower & EACH_BYTE(0x0f)) + letters * 9;
    uint64_t above_nine = (nibbles + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
    uint64_t again = nibbles + EACH_BYTE('0') + above_nine * ('a' - '0' - 10);
    uint64_t marks = (digits | digits >> 1) & EACH_BYTE(0x20); /* what digits or letters have */
    uint64_t wrong = (again ^ lower) | (nibbles & EACH_BYTE(0xf0)) | (marks ^ EACH_BYTE(0x20));
    nibbles = (nibbles | nibbles >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    nibbles = (nibbles | nibbles >> 8) & UINT64_C(0x0000ffff0000ffff);
    *value = (uint32_t)(nibbles | nibbles >> 16);
    return wrong == 0;
}

/* How many hexadecimal digits come next. */
static size_t hex_run(const char *at, const char *end)
{
    const char *start = at;
    uint32_t value;
    while (end - at >= 8 && hex_value(load_be64((const uint8_t *)at), &value))
        at += 8;
    while (at < end && character_hex_value(*at) >= 0)
        at++;
    return (size_t)(at - start);
}

static void hex_convert(const char *digits, size_t length, uint8_t *bytes)
{
    size_t i = 0;
    uint32_t value;
    for (; i + 4 <= length && hex_value(load_be64((const uint8_t *)digits + 2 * i), &value); i += 4)
        store_be32(bytes + i, value);
    for (; i < length; i++)
        bytes[i] = (uint8_t)(character_hex_value(digits[2 * i]) * 16 + character_hex_value(digits[2 * i + 1]));
}

bool reader_hex(struct reader *reader, struct bytes *bytes, const char *what)
{
    reader_skip(reader);
    const char *start = reader->at;
    if (reader->end - start > 2 && start[0] == '0' && (start[1] | 0x20) == 'x')
        start += 2;
    size_t digits = hex_run(start, reader->end);
    const char *behind = start + digits;
    if (digits == 0 || (behind < reader->end && character_is_word(*behind)))
        return reader_fail_expected(reader, what);
    if (digits % 2 != 0) {
        reader->at = behind;
        return reader_fail_since(reader, start, "an odd number of hexadecimal digits: two make a byte");
    }
    uint8_t *converted = arena_take(reader->arena, digits / 2);
    if (converted == NULL)
        return reader_fail_since(reader, start, "memory ran out");
    hex_convert(start, digits / 2, converted);
    *bytes = (struct bytes){converted, digits / 2};
    reader->at = behind;
    return true;
}

bool reader_bytes(struct reader *reader, struct bytes *bytes, const char *what)
{
    if (reader_peek(reader) != '"')
        return reader_hex(reader, bytes, what);
    char *value;
    size_t length;
    reader_sync(reader);
    if (!scanner_string(reader->scanner, reader->arena, &value, &length))
        return false;
    reader->at = reader->text + reader->scanner->offset;
    *bytes = (struct bytes){(const uint8_t *)value, length};
    return true;
}

bool reader_checksum(struct reader *reader, uint32_t *value, enum pattern_checksum *kind)
{
    if (READER_TAKE_WORD(reader, "bad")) {
        *kind = CHECKSUM_BAD;
        return true;
    }
    *kind = CHECKSUM_AS_GIVEN;
    return reader_number(reader, UINT16_MAX, value, "a checksum: a number or `bad`");
}

bool reader_give(struct reader *reader, enum pattern_field field, const char *start)
{
    if (pattern_gives(&reader->pattern, field))
        return reader_fail_since(reader, start, "this is given twice");
    reader->pattern.given |= FIELD_BIT(field);
    return true;
}
