/* SPDX-License-Identifier: MIT */
/*
 * The words and numbers of a packet's text. It runs beside the scanner, on plain pointers: a packet's text is read in a
 * microsecond. The scanner's cursor is brought up to date where it is needed: for comments, diagnostics and at the end.
 *
 * Functions that return bool and say nothing else leave a diagnostic when they return false. Private to this room.
 */
#ifndef PACKET_READER_H
#define PACKET_READER_H

#include "base/character.h"
#include "packet/ip_fields.h"

struct reader {
    struct scanner *scanner;
    const char *text; /* the whole source */
    const char *at;
    const char *end;
    struct arena *arena;
    const struct pattern_names *names;
    struct pattern pattern; /* as far as it was read */
};

/* Offset of AT in the source. */
ALWAYS_INLINE size_t reader_offset(const struct reader *reader)
{
    return (size_t)(reader->at - reader->text);
}

/* "expected WHAT, found ..." at the cursor. Always false. */
COLD bool reader_fail_expected(struct reader *reader, const char *what);

/* A diagnostic over what was read since START. Always false. */
COLD bool reader_fail_since(struct reader *reader, const char *start, const char *format, ...) PRINTF_LIKE(3, 4);

/* Skips a block comment and the blanks behind it; the cursor is at a slash. */
COLD void reader_skip_comment(struct reader *reader);

ALWAYS_INLINE void reader_skip(struct reader *reader)
{
    while (reader->at < reader->end && character_is_blank(*reader->at))
        reader->at++;
    if (reader->at < reader->end && UNLIKELY(*reader->at == '/'))
        reader_skip_comment(reader);
}

/* The next character that is not a blank; NUL at the end of the text. */
ALWAYS_INLINE char reader_peek(struct reader *reader)
{
    reader_skip(reader);
    return reader->at < reader->end ? *reader->at : '\0';
}

/* Moves past CHARACTER if it comes next. No diagnostic. */
ALWAYS_INLINE bool reader_take(struct reader *reader, char character)
{
    if (reader_peek(reader) != character || reader->at == reader->end)
        return false;
    reader->at++;
    return true;
}

bool reader_expect(struct reader *reader, char character, const char *what);

/* Moves past a comma, and past line ends behind it: a list may go on on the next line. No diagnostic. */
bool reader_take_comma(struct reader *reader);

/* Moves past line ends if what follows them can only be more of a segment: a list, or `ack`, `win` or `urg`. */
void reader_skip_to_more(struct reader *reader);

/* Moves past `...` if it comes next. No diagnostic. */
bool reader_take_ellipsis(struct reader *reader);

/* Moves past NAME if exactly this word comes next. No diagnostic. */
bool reader_take_word(struct reader *reader, const char *name, size_t length);
#define READER_TAKE_WORD(reader, word) reader_take_word(reader, word, sizeof(word) - 1)

/* A number up to MOST, or a name that stands for one. */
MUST_USE bool reader_number(struct reader *reader, uint32_t most, uint32_t *value, const char *what);

/* True if a number or a name comes next. */
bool reader_at_number(struct reader *reader);

/* Hexadecimal digits in pairs, with or without 0x; what they stand for goes to the arena. */
MUST_USE bool reader_hex(struct reader *reader, struct bytes *bytes, const char *what);

/* As reader_hex(), or a string in quotes. */
MUST_USE bool reader_bytes(struct reader *reader, struct bytes *bytes, const char *what);

/* A number up to MOST, or the word `bad`. */
MUST_USE bool reader_checksum(struct reader *reader, uint32_t *value, enum pattern_checksum *kind);

/* Marks FIELD as given; a diagnostic over what was read since START if it is already. */
MUST_USE bool reader_give(struct reader *reader, enum pattern_field field, const char *start);

/* What stands in lists: (ip words), <TCP options>, {fields}. Each starts behind the character that opens it. */
MUST_USE bool read_ip_list(struct reader *reader, struct ip_fields *fields, char closing);
MUST_USE bool read_tcp_options(struct reader *reader);
MUST_USE bool read_extras(struct reader *reader);

/* One segment behind the IP fields. */
MUST_USE bool read_segment(struct reader *reader);

#endif
