/* SPDX-License-Identifier: MIT */
/*
 * A cursor over a text that people write: scripts, the text form of segments, specifications. It has no token table:
 * what a character means depends on where it stands (`.` is a flag, a decimal point or a part of an address), so the
 * parser says what it will accept next.
 *
 * All functions skip blanks on the line first, unless they say otherwise; a block comment counts as a blank, however
 * many lines it takes. None crosses any other line end but scanner_skip_lines().
 */
#ifndef BASE_SCANNER_H
#define BASE_SCANNER_H

#include "base/source.h"

/* Told of every comment that is skipped: its span, with the characters that open and close it. */
typedef void scanner_comment_function(void *context, struct span comment);

struct scanner {
    const struct source *source;
    size_t offset;
    struct diagnostics *diagnostics;
    scanner_comment_function *comment; /* may be NULL */
    void *comment_context;
};

/* A scanner at the start of SOURCE; both must outlive it. */
struct scanner scanner_on(const struct source *source, struct diagnostics *diagnostics);

/* Skips blanks and block comments. One that is never closed is a diagnostic, and the rest of the text is skipped. */
void scanner_skip_blanks(struct scanner *scanner);

/* Skips blanks, line ends and comments: two slashes or `#` to the end of the line, and block comments. */
void scanner_skip_lines(struct scanner *scanner);

/* True at the end of the line, before a line comment, or at the end of the text. */
bool scanner_at_line_end(struct scanner *scanner);
bool scanner_at_end(struct scanner *scanner);

/* The character here without moving or skipping; NUL at the end. AHEAD counts from the cursor. */
ALWAYS_INLINE char scanner_peek(const struct scanner *scanner, size_t ahead)
{
    size_t offset = scanner->offset + ahead;
    return LIKELY(offset < scanner->source->length) ? scanner->source->text[offset] : '\0';
}

/* Moves past LITERAL if exactly those characters come next. */
bool scanner_accept(struct scanner *scanner, const char *literal);

/* Moves past WORD if it comes next and no letter, digit or underscore follows it. */
bool scanner_accept_word(struct scanner *scanner, const char *word);

/* As scanner_accept(), with a diagnostic "expected WHAT" if something else comes. */
bool scanner_expect(struct scanner *scanner, const char *literal, const char *what);

/* A letter or underscore and what letters, digits and underscores follow. False without a diagnostic if none comes. */
bool scanner_word(struct scanner *scanner, struct span *word);

/* A decimal or 0x number up to MOST. False without a diagnostic if no digit comes; with one if it is too large. */
bool scanner_unsigned(struct scanner *scanner, uint64_t most, uint64_t *value);

/* As scanner_unsigned(), but a missing number is a diagnostic too: "expected WHAT". */
bool scanner_expect_unsigned(struct scanner *scanner, uint64_t most, uint64_t *value, const char *what);

/* Pairs of hexadecimal digits (no 0x), at least one pair; false without a diagnostic if none comes or a digit is left
 * over. */
bool scanner_hex(struct scanner *scanner, struct span *digits);

/* "..." with the escapes \n \r \t \0 \\ \" \xHH; the value goes to ARENA. False without a diagnostic if no quote comes.
 */
bool scanner_string(struct scanner *scanner, struct arena *arena, char **value, size_t *length);

/* A diagnostic over the word or the one character at the cursor: "expected WHAT, found `...`". Returns false. */
bool scanner_fail_expected(struct scanner *scanner, const char *what);

/* The characters of SPAN. */
ALWAYS_INLINE const char *scanner_text(const struct scanner *scanner, struct span span)
{
    return scanner->source->text + span.offset;
}

/* True if SPAN is exactly WORD. */
bool scanner_span_is(const struct scanner *scanner, struct span span, const char *word);

#endif
