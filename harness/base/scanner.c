/* SPDX-License-Identifier: MIT */
#include "base/scanner.h"

#include "base/character.h"

struct scanner scanner_on(const struct source *source, struct diagnostics *diagnostics)
{
    return (struct scanner){.source = source, .diagnostics = diagnostics};
}

static void scanner_pass_comment(struct scanner *scanner, size_t end)
{
    struct span comment = {scanner->offset, end - scanner->offset};
    scanner->offset = end;
    if (scanner->comment != NULL)
        scanner->comment(scanner->comment_context, comment);
}

/* Where the block comment at the cursor ends, or 0 if it is never closed. */
static size_t scanner_block_end(const struct scanner *scanner)
{
    const struct source *source = scanner->source;
    for (size_t i = scanner->offset + 2; i + 1 < source->length; i++)
        if (source->text[i] == '*' && source->text[i + 1] == '/')
            return i + 2;
    return 0;
}

static bool scanner_skip_block_comment(struct scanner *scanner)
{
    if (scanner_peek(scanner, 0) != '/' || scanner_peek(scanner, 1) != '*')
        return false;
    size_t end = scanner_block_end(scanner);
    if (end == 0) {
        (void)diagnostics_add(scanner->diagnostics, (struct span){scanner->offset, 2}, "this comment is never closed");
        end = scanner->source->length;
    }
    scanner_pass_comment(scanner, end);
    return true;
}

static bool scanner_at_line_comment(const struct scanner *scanner)
{
    char here = scanner_peek(scanner, 0);
    return here == '#' || (here == '/' && scanner_peek(scanner, 1) == '/');
}

void scanner_skip_blanks(struct scanner *scanner)
{
    do {
        while (character_is_blank(scanner_peek(scanner, 0)))
            scanner->offset++;
    } while (UNLIKELY(scanner_peek(scanner, 0) == '/') && scanner_skip_block_comment(scanner));
}

void scanner_skip_lines(struct scanner *scanner)
{
    for (;;) {
        scanner_skip_blanks(scanner);
        if (scanner_at_line_comment(scanner)) {
            struct span line = source_line(scanner->source, scanner->offset);
            scanner_pass_comment(scanner, line.offset + line.length);
        } else if (scanner_peek(scanner, 0) == '\n') {
            scanner->offset++;
        } else {
            return;
        }
    }
}

bool scanner_at_end(struct scanner *scanner)
{
    scanner_skip_blanks(scanner);
    return scanner->offset >= scanner->source->length;
}

bool scanner_at_line_end(struct scanner *scanner)
{
    return scanner_at_end(scanner) || scanner_peek(scanner, 0) == '\n' || scanner_at_line_comment(scanner);
}

bool scanner_accept(struct scanner *scanner, const char *literal)
{
    scanner_skip_blanks(scanner);
    size_t length = 0;
    while (literal[length] != '\0') {
        if (scanner_peek(scanner, length) != literal[length])
            return false;
        length++;
    }
    scanner->offset += length;
    return true;
}

bool scanner_accept_word(struct scanner *scanner, const char *word)
{
    /* The comments passed here have been told of: the cursor must not go back in front of them. */
    scanner_skip_blanks(scanner);
    size_t before = scanner->offset;
    if (!scanner_accept(scanner, word))
        return false;
    if (character_is_word(scanner_peek(scanner, 0))) {
        scanner->offset = before;
        return false;
    }
    return true;
}

bool scanner_expect(struct scanner *scanner, const char *literal, const char *what)
{
    return scanner_accept(scanner, literal) || scanner_fail_expected(scanner, what);
}

bool scanner_word(struct scanner *scanner, struct span *word)
{
    scanner_skip_blanks(scanner);
    char first = scanner_peek(scanner, 0);
    if (!character_is_word(first) || character_is_digit(first))
        return false;
    size_t length = 1;
    while (character_is_word(scanner_peek(scanner, length)))
        length++;
    *word = (struct span){scanner->offset, length};
    scanner->offset += length;
    return true;
}

bool scanner_unsigned(struct scanner *scanner, uint64_t most, uint64_t *value)
{
    scanner_skip_blanks(scanner);
    size_t start = scanner->offset;
    unsigned base = 10;
    size_t at = 0;
    if (scanner_peek(scanner, 0) == '0' && (scanner_peek(scanner, 1) | 0x20) == 'x' &&
        character_hex_value(scanner_peek(scanner, 2)) >= 0) {
        base = 16;
        at = 2;
    } else if (!character_is_digit(scanner_peek(scanner, 0))) {
        return false;
    }
    uint64_t sum = 0;
    bool fits = true;
    for (;; at++) {
        int digit = character_hex_value(scanner_peek(scanner, at));
        if (digit < 0 || (unsigned)digit >= base)
            break;
        fits = fits && !__builtin_mul_overflow(sum, base, &sum) && !__builtin_add_overflow(sum, (unsigned)digit, &sum);
    }
    scanner->offset += at;
    if (!fits || sum > most)
        return diagnostics_add(scanner->diagnostics, (struct span){start, at},
                               "this number is too large: at most %llu fits here", (unsigned long long)most);
    *value = sum;
    return true;
}

bool scanner_expect_unsigned(struct scanner *scanner, uint64_t most, uint64_t *value, const char *what)
{
    size_t errors = scanner->diagnostics->count;
    if (scanner_unsigned(scanner, most, value))
        return true;
    return errors == scanner->diagnostics->count ? scanner_fail_expected(scanner, what) : false;
}

bool scanner_hex(struct scanner *scanner, struct span *digits)
{
    scanner_skip_blanks(scanner);
    size_t length = 0;
    while (character_hex_value(scanner_peek(scanner, length)) >= 0)
        length++;
    if (length == 0 || length % 2 != 0)
        return false;
    *digits = (struct span){scanner->offset, length};
    scanner->offset += length;
    return true;
}

/* Reads one character of a string at the cursor, an escape counting as one. */
static bool scanner_string_character(struct scanner *scanner, char *value)
{
    static const char escapes[] = "n\nr\rt\t0\0\\\\\"\"";
    char here = scanner_peek(scanner, 0);
    if (here != '\\') {
        scanner->offset++;
        *value = here;
        return true;
    }
    char letter = scanner_peek(scanner, 1);
    for (size_t i = 0; i + 1 < sizeof(escapes) - 1; i += 2) {
        if (letter == escapes[i]) {
            scanner->offset += 2;
            *value = escapes[i + 1];
            return true;
        }
    }
    int high = character_hex_value(scanner_peek(scanner, 2));
    int low = high < 0 ? -1 : character_hex_value(scanner_peek(scanner, 3));
    if (letter == 'x' && low >= 0) {
        scanner->offset += 4;
        *value = (char)(high * 16 + low);
        return true;
    }
    return diagnostics_add(scanner->diagnostics, (struct span){scanner->offset, 2},
                           "unknown escape: expected \\n, \\r, \\t, \\0, \\\\, \\\" or \\xHH");
}

bool scanner_string(struct scanner *scanner, struct arena *arena, char **value, size_t *length)
{
    scanner_skip_blanks(scanner);
    if (scanner_peek(scanner, 0) != '"')
        return false;
    size_t start = scanner->offset++;
    /* Up to the closing quote, so that many strings on one line cost no more than the line. */
    size_t most = 0;
    while (scanner_peek(scanner, most) != '"' && scanner_peek(scanner, most) != '\n' &&
           scanner->offset + most < scanner->source->length)
        most += scanner_peek(scanner, most) == '\\' ? 2 : 1;
    char *collected = arena_take(arena, most + 1);
    size_t used = 0;
    if (collected == NULL)
        return diagnostics_add(scanner->diagnostics, (struct span){start, 1}, "memory ran out");
    while (scanner_peek(scanner, 0) != '"') {
        if (scanner->offset >= scanner->source->length || scanner_peek(scanner, 0) == '\n')
            return diagnostics_add(scanner->diagnostics, (struct span){start, 1}, "this string is never closed");
        if (!scanner_string_character(scanner, &collected[used]))
            return false;
        used++;
    }
    scanner->offset++;
    *value = collected;
    *length = used;
    return true;
}

bool scanner_fail_expected(struct scanner *scanner, const char *what)
{
    scanner_skip_blanks(scanner);
    size_t length = 0;
    char first = scanner_peek(scanner, 0);
    if (character_is_word(first)) {
        while (character_is_word(scanner_peek(scanner, length)))
            length++;
    } else if (first != '\n' && scanner->offset < scanner->source->length) {
        length = 1;
    }
    struct span at = {scanner->offset, length};
    if (length == 0)
        return diagnostics_add(scanner->diagnostics, at, "expected %s, found the end of the %s", what,
                               scanner->offset < scanner->source->length ? "line" : "text");
    /* Neither a control character nor a part of a UTF-8 sequence can be shown. */
    if (character_is_control(first) || (unsigned char)first > 0x7f)
        return diagnostics_add(scanner->diagnostics, at, "expected %s, found the byte 0x%02x", what,
                               (unsigned)(unsigned char)first);
    return diagnostics_add(scanner->diagnostics, at, "expected %s, found `%.*s`", what,
                           (int)(length > 60 ? 60 : length), scanner_text(scanner, at));
}

bool scanner_span_is(const struct scanner *scanner, struct span span, const char *word)
{
    return strlen(word) == span.length && memcmp(scanner_text(scanner, span), word, span.length) == 0;
}
