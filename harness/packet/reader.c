/* SPDX-License-Identifier: MIT */
#include "packet/reader.h"

#include "base/nearest_name.h"
#include "packet/characters.h"
#include "packet/hexadecimal.h"

static void reader_sync(struct reader *reader, const char *at)
{
    reader->scanner->offset = (size_t)(at - reader->text);
}

/* Where the scanner is now. */
static const char *reader_follow(const struct reader *reader)
{
    return reader->text + reader->scanner->offset;
}

const char *reader_expected(struct reader *reader, const char *at, const char *what)
{
    reader_sync(reader, at);
    (void)scanner_fail_expected(reader->scanner, what);
    return NULL;
}

const char *reader_fail(struct reader *reader, const char *start, const char *behind, const char *format, ...)
{
    char message[256];
    struct text text = text_in(message, sizeof(message));
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    while (behind > start + 1 && (character_is_blank(behind[-1]) || behind[-1] == '\n'))
        behind--;
    struct span span = {(size_t)(start - reader->text), (size_t)(behind - start)};
    reader_sync(reader, start);
    (void)diagnostics_add(reader->scanner->diagnostics, span, "%s", text_string(&text));
    return NULL;
}

const char *reader_word_end(const struct reader *reader, const char *at)
{
    while (at < reader->end && character_is_word(*at))
        at++;
    return at;
}

uint64_t reader_last_window(const char *at, const char *end)
{
    uint64_t window = 0;
    for (size_t i = (size_t)(end - at); i > 0; i--)
        window = window << 8 | (unsigned char)at[i - 1];
    return window;
}

const char *reader_skip_more(struct reader *reader, const char *at)
{
    reader_sync(reader, at);
    scanner_skip_blanks(reader->scanner);
    return reader_follow(reader);
}

const char *reader_skip_lines(struct reader *reader, const char *at)
{
    reader_sync(reader, at);
    scanner_skip_lines(reader->scanner);
    return reader_follow(reader);
}

const char *reader_skip_lines_to_more(struct reader *reader, const char *at)
{
    size_t errors = reader->scanner->diagnostics->count;
    const char *more = reader_skip_lines(reader, at);
    char next = reader_peek(reader, more);
    bool goes_on = next == '<' || next == '{' || READER_TAKE_WORD(reader, more, "ack") != more ||
                   READER_TAKE_WORD(reader, more, "win") != more || READER_TAKE_WORD(reader, more, "urg") != more;
    /* A comment that was told to be wrong is not to be met again. */
    return goes_on || reader->scanner->diagnostics->count > errors ? more : at;
}

const char *reader_take_ellipsis(struct reader *reader, const char *at)
{
    bool here = (reader_window(at, reader->end) & 0xffffff) == (uint64_t)('.' << 16 | '.' << 8 | '.');
    return here ? reader_skip(reader, at + 3) : at;
}

/* Whether what stands at AT is the rest of ROW, of whose eight or more characters the first eight are in front of it.
 */
static bool reader_rest_is(const struct reader *reader, const char *at, const struct reader_word *row)
{
    uint64_t window = reader_window(at, reader->end);
    unsigned length = row->length - 8U;
    return ((window ^ row->keys[1]) & READER_WORD_MASK(length)) == 0 &&
           !character_is_word((char)(window >> 8 * length));
}

const struct reader_word *reader_find(const struct reader *reader, const char *at, const struct reader_words *words)
{
    uint64_t window = reader_window(at, reader->end);
    unsigned letter = window & 0xff;
    size_t first = letter < 128 ? words->first[letter] : 0;
    if (first == 0)
        return NULL;
    const struct reader_word *end = words->rows + words->count;
    for (const struct reader_word *row = words->rows + first - 1; row < end && (row->keys[0] & 0xff) == letter; row++) {
        if (((window ^ row->keys[0]) & row->mask) != 0)
            continue;
        if (row->length < 8 ? !character_is_word((char)(window >> 8 * row->length))
                            : reader_rest_is(reader, at + 8, row))
            return row;
    }
    return NULL;
}

static const char *reader_word_at(const void *context, size_t index)
{
    const struct reader_words *words = context;
    return index < words->count ? words->rows[index].name : NULL;
}

const char *reader_unknown(struct reader *reader, const char *at, const struct reader_words *words, const char *what)
{
    const char *behind = reader_word_end(reader, at);
    if (behind == at)
        return reader_expected(reader, at, what);
    const char *nearest = nearest_name(at, (size_t)(behind - at), reader_word_at, words);
    if (nearest == NULL)
        return reader_fail(reader, at, behind, "this name is not known here: expected %s", what);
    return reader_fail(reader, at, behind, "this name is not known here: did you mean `%s`?", nearest);
}

/* A number that stands from START to BEHIND. */
static struct reader_number reader_got(struct reader *reader, const char *start, const char *behind, uint64_t value,
                                       uint32_t most)
{
    if (UNLIKELY(value > most)) {
        const char *failed = reader_fail(reader, start, behind, "this number is too large: at most %u fits here", most);
        return (struct reader_number){failed, 0};
    }
    return (struct reader_number){reader_skip(reader, behind), (uint32_t)value};
}

/* "expected WHAT", and whether a name may stand for it. */
static COLD const char *reader_no_number(struct reader *reader, const char *at, const char *what)
{
    char named[128];
    struct text text = text_in(named, sizeof(named));
    const struct pattern_names *names = reader->names;
    bool may_be_named = names != NULL && names->find != NULL && strchr(what, ':') == NULL;
    text_append_format(&text, "%s%s", what, may_be_named ? ": a number or a name that is defined as one" : "");
    return reader_expected(reader, at, text_string(&text));
}

/* The value of the name at AT. */
static COLD struct reader_number reader_name(struct reader *reader, const char *at, uint32_t most, const char *what)
{
    const struct pattern_names *names = reader->names;
    const char *behind = reader_word_end(reader, at);
    size_t length = (size_t)(behind - at);
    uint64_t found = 0;
    size_t errors = reader->scanner->diagnostics->count;
    if (length == 0 || names == NULL || names->find == NULL || !names->find(names->context, at, length, &found)) {
        if (errors == reader->scanner->diagnostics->count)
            (void)reader_no_number(reader, at, what);
        return (struct reader_number){NULL, 0};
    }
    return reader_got(reader, at, behind, found, most);
}

/* Behind 0x. */
static struct reader_number reader_hex_number(struct reader *reader, const char *start, uint32_t most)
{
    const char *at = start + 2;
    const char *end = reader->end;
    uint64_t nibbles = hexadecimal_nibbles(reader_window(at, end));
    unsigned digits = hexadecimal_digits(nibbles);
    uint64_t value = hexadecimal_value(nibbles, digits);
    for (at += digits; digits == 8 && at < end && character_hex_value(*at) >= 0; at++)
        value = value > UINT32_MAX ? value : value << 4 | (unsigned)character_hex_value(*at);
    return reader_got(reader, start, at, value, most);
}

/* Behind the first eight digits, whose value is VALUE. */
static struct reader_number reader_long_number(struct reader *reader, const char *start, uint64_t value, uint32_t most)
{
    const char *at = start + 8;
    const char *end = reader->end;
    for (; at < end && character_is_digit(*at); at++)
        value = value > UINT32_MAX ? value : value * 10 + (unsigned)(*at - '0');
    return reader_got(reader, start, at, value, most);
}

struct reader_number reader_number(struct reader *reader, const char *at, uint32_t most, const char *what)
{
    uint64_t window = reader_window(at, reader->end);
    if ((window & 0xdfff) == ('X' << 8 | '0') && character_hex_value((char)(window >> 16)) >= 0)
        return reader_hex_number(reader, at, most);
    unsigned count = decimal_digits(window);
    if (UNLIKELY(count == 0))
        return reader_name(reader, at, most, what);
    uint32_t value = decimal_value(window, count);
    if (count == 8)
        return reader_long_number(reader, at, value, most);
    return reader_got(reader, at, at + count, value, most);
}

/* Says what is wrong with the digits at START, of which there are COUNT. */
static COLD const char *reader_fail_hex(struct reader *reader, const char *start, size_t count, const char *what)
{
    const char *behind = start + count;
    if (count == 0 || reader_word_end(reader, behind) != behind)
        return reader_expected(reader, start, what);
    return reader_fail(reader, start, behind, "an odd number of hexadecimal digits: two make a byte");
}

/* Where the digits at AT begin, behind 0x if that is there. */
static const char *reader_hex_start(const struct reader *reader, const char *at)
{
    return at + ((reader_window(at, reader->end) & 0xdfff) == ('X' << 8 | '0') ? 2 : 0);
}

/* Where the digits at START, of which there must be whole pairs, end. */
static const char *reader_hex_end(struct reader *reader, const char *start, const char *what)
{
    size_t count = hexadecimal_run(start, reader->end);
    const char *behind = start + count;
    if (UNLIKELY(count == 0 || count % 2 != 0 || character_is_word(reader_peek(reader, behind))))
        return reader_fail_hex(reader, start, count, what);
    return behind;
}

const char *reader_hex(struct reader *reader, const char *at, struct bytes *bytes, const char *what)
{
    const char *start = reader_hex_start(reader, at);
    const char *behind = reader_hex_end(reader, start, what);
    if (behind == NULL)
        return NULL;
    size_t count = (size_t)(behind - start) / 2;
    uint8_t *converted = arena_take(reader->arena, count);
    if (converted == NULL)
        return reader_fail(reader, start, behind, "memory ran out");
    hexadecimal_read(start, count, converted);
    *bytes = (struct bytes){converted, count};
    return reader_skip(reader, behind);
}

const char *reader_hex_to(struct reader *reader, const char *at, uint8_t *bytes, size_t *count, size_t most)
{
    const char *start = reader_hex_start(reader, at);
    const char *behind = reader_hex_end(reader, start, "bytes in hexadecimal");
    if (behind == NULL)
        return NULL;
    size_t there = (size_t)(behind - start) / 2;
    if (there > most)
        return reader_fail(reader, start, behind, "these %zu bytes are too many: at most %zu fit here", there, most);
    hexadecimal_read(start, there, bytes);
    *count = there;
    return reader_skip(reader, behind);
}

const char *reader_bytes(struct reader *reader, const char *at, struct bytes *bytes, const char *what)
{
    if (LIKELY(reader_peek(reader, at) != '"'))
        return reader_hex(reader, at, bytes, what);
    char *value;
    size_t length;
    reader_sync(reader, at);
    if (!scanner_string(reader->scanner, reader->arena, &value, &length))
        return NULL;
    *bytes = (struct bytes){(const uint8_t *)value, length};
    return reader_skip(reader, reader_follow(reader));
}

struct reader_number reader_checksum(struct reader *reader, const char *at, enum pattern_checksum *kind)
{
    const char *bad = READER_TAKE_WORD(reader, at, "bad");
    *kind = bad != at ? CHECKSUM_BAD : CHECKSUM_AS_GIVEN;
    if (bad != at)
        return (struct reader_number){bad, 0};
    return reader_number(reader, at, UINT16_MAX, "a checksum: a number or `bad`");
}

bool reader_give(struct reader *reader, enum pattern_field field, const char *start, const char *behind)
{
    if (UNLIKELY(pattern_gives(&reader->pattern, field)))
        return reader_fail(reader, start, behind, "this is given twice") != NULL;
    reader->pattern.given |= FIELD_BIT(field);
    return true;
}
