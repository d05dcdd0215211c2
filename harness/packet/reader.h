/* SPDX-License-Identifier: MIT */
/*
 * The words and numbers of a packet's text.
 *
 * Theory of operation: the fuzz targets read millions of texts, so reading takes eight characters at a time, and the
 * cursor is handed from function to function instead of being kept in memory. It is a pointer into the source, it
 * always stands at a character that is not a blank, and it is called AT. A function that reads something returns where
 * that ended, past blanks, or NULL when it has left a diagnostic. A function that takes something returns AT itself if
 * it is not there, and leaves no diagnostic.
 *
 * Private to this room.
 */
#ifndef PACKET_READER_H
#define PACKET_READER_H

#include "base/character.h"
#include "packet/ip_fields.h"

struct reader {
    struct scanner
        *scanner;     /* for comments, line ends and diagnostics; its own cursor is brought up to date for them */
    const char *text; /* the whole source */
    const char *end;
    struct arena *arena;
    const struct pattern_names *names;
    struct ip_fields ip;
    struct pattern_slot *slots; /* the pattern's, that can still be added to */
    size_t slot_capacity;
    const uint8_t *options; /* where the option bytes that are read begin */
    uint8_t option;         /* where among them the option that is read begins */
    struct pattern pattern; /* as far as it was read */
};

/* A number that was read, and where it ended: NULL after a diagnostic. */
struct reader_number {
    const char *at;
    uint32_t value;
};

/* "expected WHAT, found ..." at AT. Always NULL. */
COLD const char *reader_expected(struct reader *reader, const char *at, const char *what);

/* A diagnostic over what stands from START up to BEHIND, but for blanks at its end. Always NULL. */
COLD const char *reader_fail(struct reader *reader, const char *start, const char *behind, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* "byte" or "bytes". */
ALWAYS_INLINE const char *reader_bytes_word(size_t count)
{
    return count == 1 ? "byte" : "bytes";
}

/* Where the word at AT ends. */
const char *reader_word_end(const struct reader *reader, const char *at);

/* The window of a cursor with fewer than eight characters before END. */
uint64_t reader_last_window(const char *at, const char *end);

/* The eight characters at AT, the first in the lowest byte; zeros past END. */
ALWAYS_INLINE uint64_t reader_window(const char *at, const char *end)
{
    uint64_t window;
    if (UNLIKELY(end - at < 8))
        return reader_last_window(at, end);
    memcpy(&window, at, sizeof(window));
    return window;
}

/* The character at AT; NUL at the end of the text. */
ALWAYS_INLINE char reader_peek(const struct reader *reader, const char *at)
{
    return LIKELY(at < reader->end) ? *at : '\0';
}

/* Past several blanks, and comments that end on the line. */
const char *reader_skip_more(struct reader *reader, const char *at);

/* Past blanks. */
ALWAYS_INLINE const char *reader_skip(struct reader *reader, const char *at)
{
    const uint64_t blanks = UINT64_C(1) << ' ' | UINT64_C(1) << '\t' | UINT64_C(1) << '\r' | UINT64_C(1) << '/';
    const char *end = reader->end;
    unsigned char next = at < end ? (unsigned char)*at : 0;
    if (next == ' ') {
        at++;
        next = at < end ? (unsigned char)*at : 0;
    }
    if (UNLIKELY(next < 64 && (blanks >> next & 1) != 0))
        return reader_skip_more(reader, at);
    return at;
}

/* Takes CHARACTER. */
ALWAYS_INLINE const char *reader_take(struct reader *reader, const char *at, char character)
{
    return reader_peek(reader, at) == character && character != '\0' ? reader_skip(reader, at + 1) : at;
}

/* Reads CHARACTER. */
ALWAYS_INLINE const char *reader_expect(struct reader *reader, const char *at, char character, const char *what)
{
    return LIKELY(reader_peek(reader, at) == character) ? reader_skip(reader, at + 1)
                                                        : reader_expected(reader, at, what);
}

/* Past line ends and comments. */
const char *reader_skip_lines(struct reader *reader, const char *at);

/* Takes a comma, and line ends behind it: a list may go on on the next line. */
ALWAYS_INLINE const char *reader_take_comma(struct reader *reader, const char *at)
{
    if (reader_peek(reader, at) != ',')
        return at;
    at = reader_skip(reader, at + 1);
    char next = reader_peek(reader, at);
    return UNLIKELY(next == '\n' || next == '#' || next == '/') ? reader_skip_lines(reader, at) : at;
}

/* As reader_skip_to_more(), where there is something to skip. */
COLD const char *reader_skip_lines_to_more(struct reader *reader, const char *at);

/* Past line ends if what follows them can only be more of a segment: a list, or `ack`, `win` or `urg`. */
ALWAYS_INLINE const char *reader_skip_to_more(struct reader *reader, const char *at)
{
    char next = reader_peek(reader, at);
    return UNLIKELY(next == '\n' || next == '#' || next == '/') ? reader_skip_lines_to_more(reader, at) : at;
}

/* Takes `...`. */
const char *reader_take_ellipsis(struct reader *reader, const char *at);

/* A word of at most 15 characters, which can be compared as two numbers. */
struct reader_word {
    union {
        char name[16];
        uint64_t keys[2];
    };
    uint64_t mask; /* the bytes of the first key that count */
    uint8_t length;
};
#define READER_WORD_MASK(length) ((length) >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * ((length) % 8)) - 1)
/* The word initialises an array: it can't stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */
#define READER_WORD(word)                                                    \
    {                                                                        \
        {.name = word}, READER_WORD_MASK(sizeof(word) - 1), sizeof(word) - 1 \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

/* Words in an order that keeps those with the same first letter together. */
struct reader_words {
    const struct reader_word *rows;
    size_t count;
    const uint8_t *first; /* of 128: by letter, one more than the index of the first such word, or 0 */
};

/* The one of WORDS that stands at AT, or NULL. */
const struct reader_word *reader_find(const struct reader *reader, const char *at, const struct reader_words *words);

/* A diagnostic over the word at AT, which is none of WORDS; or "expected WHAT" if it is no word. Always NULL. */
COLD const char *reader_unknown(struct reader *reader, const char *at, const struct reader_words *words,
                                const char *what);

/* Takes WORD, a literal of at most seven letters. */
#define READER_TAKE_WORD(reader, at, word) reader_take_key(reader, at, word "\0\0\0\0\0\0\0", sizeof(word) - 1)

ALWAYS_INLINE const char *reader_take_key(struct reader *reader, const char *at, const char *name, size_t length)
{
    uint64_t key;
    memcpy(&key, name, sizeof(key));
    uint64_t window = reader_window(at, reader->end);
    if (((window ^ key) & READER_WORD_MASK(length)) != 0 || character_is_word((char)(window >> 8 * length)))
        return at;
    return reader_skip(reader, at + length);
}

/* Reads a number up to MOST, or a name that stands for one. */
struct reader_number reader_number(struct reader *reader, const char *at, uint32_t most, const char *what);

/* A number that an option has, or a name in its place. */
struct number_form {
    uint32_t most;
    const char *what;
    enum name_kind kind;
    uint8_t size; /* in bytes */
};

/* --- read_slot.c --- */

/* Adds SLOT to the pattern; false with a diagnostic if memory ran out. */
MUST_USE bool reader_add_slot(struct reader *reader, const struct pattern_slot *slot);

/* A slot of SIZE bytes (0: as many as come) at BODY, which is among the option bytes. */
struct pattern_slot reader_option_slot(const struct reader *reader, enum slot_rule rule, const uint8_t *body,
                                       uint8_t size);

/* Read `$name`, and a number that is added to it, at a `$`: in place of a number of the header, of an option's number
 * at BODY, of the bytes from BODY to the option's end (nothing can be added to them). The value is 0 meanwhile. */
COLD struct reader_number reader_slot_field(struct reader *reader, const char *at, enum pattern_field field);
COLD struct reader_number reader_slot_number(struct reader *reader, const char *at, const struct number_form *form,
                                             const uint8_t *body);
COLD const char *reader_slot_bytes(struct reader *reader, const char *at, const uint8_t *body);

/* `...` for a number of SIZE bytes at BODY, which whatever comes fits. */
COLD struct reader_number reader_slot_any(struct reader *reader, const char *at, uint8_t size, const uint8_t *body);

/* Takes the word `valid` and adds SLOT for it. */
const char *reader_take_valid(struct reader *reader, const char *at, struct pattern_slot slot);

/* True if what stands at AT is a name, not hexadecimal digits. */
bool reader_names_bytes(const struct reader *reader, const char *at);

/* Reads a name that was defined as hexadecimal digits; their bytes, at most MOST, go to BYTES. */
COLD const char *reader_defined_bytes(struct reader *reader, const char *at, uint8_t *bytes, size_t *count,
                                      size_t most);

/* `$name:$name+LENGTH(LENGTH)` */
COLD const char *read_named_sequence(struct reader *reader, const char *at);

/* Moves the slots of the option that began at FROM of the option bytes, and begins at TO. */
void reader_move_slots(struct reader *reader, size_t from, size_t to);

/* True if there is an option whose length only the run knows. */
bool reader_has_open_length(const struct reader *reader);

/* Reads a number as FORM has it, or a name for it; the number is not yet put to BODY. */
ALWAYS_INLINE struct reader_number reader_number_as(struct reader *reader, const char *at,
                                                    const struct number_form *form, const uint8_t *body)
{
    if (UNLIKELY(reader_peek(reader, at) == '$'))
        return reader_slot_number(reader, at, form, body);
    return reader_number(reader, at, form->most, form->what);
}

/* Reads hexadecimal digits in pairs, with or without 0x; what they stand for goes to the arena. */
const char *reader_hex(struct reader *reader, const char *at, struct bytes *bytes, const char *what);

/* The same to COUNT bytes at MOST at BYTES. */
const char *reader_hex_to(struct reader *reader, const char *at, uint8_t *bytes, size_t *count, size_t most);

/* As reader_hex(), or a string in quotes. */
const char *reader_bytes(struct reader *reader, const char *at, struct bytes *bytes, const char *what);

/* Reads a number up to 65535, or the word `bad`. */
struct reader_number reader_checksum(struct reader *reader, const char *at, enum pattern_checksum *kind);

/* Marks FIELD as given; false with a diagnostic from START up to BEHIND if it is already. */
MUST_USE bool reader_give(struct reader *reader, enum pattern_field field, const char *start, const char *behind);

/* Read what stands in lists, behind the character that opens them: (ip words), <TCP options>, {fields}. */
const char *read_ip_list(struct reader *reader, const char *at, char closing);
const char *read_tcp_options(struct reader *reader, const char *at);
const char *read_extras(struct reader *reader, const char *at);

/* Reads one segment behind the IP fields. */
const char *read_segment(struct reader *reader, const char *at);

#endif
