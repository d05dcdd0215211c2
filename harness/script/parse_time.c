/* SPDX-License-Identifier: MIT */
/* When an event happens. Decimals are read in fixed point: a time means what it says, to the nanosecond. */
#include "script/parser.h"

#include "base/character.h"

enum {
    TIME_SECONDS_MOST = 1000000000, /* some 31 years */
    TIME_DIGITS_MOST = 9,           /* behind the point */
};

static bool time_fraction(struct scanner *scanner, nanoseconds *fraction)
{
    nanoseconds unit = NANOSECONDS_PER_SECOND;
    size_t digits = 0;
    *fraction = 0;
    for (char here; character_is_digit(here = scanner_peek(scanner, digits)); digits++) {
        unit /= 10;
        *fraction += unit * (here - '0');
    }
    struct span at = {scanner->offset, digits};
    scanner->offset += digits;
    if (digits == 0)
        return scanner_fail_expected(scanner, "digits behind the decimal point");
    if (digits > TIME_DIGITS_MOST)
        return diagnostics_add(scanner->diagnostics, at, "a time has at most nine digits behind the decimal point");
    return true;
}

/* True if a point comes that is not the first of three. */
static bool time_has_fraction(const struct scanner *scanner)
{
    return scanner_peek(scanner, 0) == '.' && scanner_peek(scanner, 1) != '.';
}

/* Seconds, such as `1`, `0.25` and `.1`. */
static bool time_number(struct parser *parser, nanoseconds *time)
{
    struct scanner *scanner = &parser->scanner;
    nanoseconds whole = 0;
    nanoseconds fraction = 0;
    scanner_skip_blanks(scanner);
    size_t start = scanner->offset;
    if (scanner_peek(scanner, 0) == '-')
        return diagnostics_add(scanner->diagnostics, (struct span){start, 1}, "a time can't be negative");
    for (char here; character_is_digit(here = scanner_peek(scanner, 0)); scanner->offset++)
        if (whole <= TIME_SECONDS_MOST)
            whole = whole * 10 + (here - '0');
    bool has_fraction = time_has_fraction(scanner);
    if (scanner->offset == start && !has_fraction)
        return scanner_fail_expected(scanner, "a number of seconds");
    if (has_fraction) {
        scanner->offset++;
        if (!time_fraction(scanner, &fraction))
            return false;
    }
    if (whole >= TIME_SECONDS_MOST)
        return diagnostics_add(scanner->diagnostics, parser_since(parser, start), "a time is less than %d seconds",
                               TIME_SECONDS_MOST);
    *time = whole * NANOSECONDS_PER_SECOND + fraction;
    return true;
}

/* The second number of a range: on the same scale as the first, and written so. */
static bool time_range_end(struct parser *parser, bool relative, struct event_time *time)
{
    struct scanner *scanner = &parser->scanner;
    if (relative && !scanner_accept(scanner, "+"))
        return scanner_fail_expected(scanner, "`+`, as the range begins with one");
    if (!time_number(parser, &time->end))
        return false;
    time->kind = relative ? TIME_RELATIVE_RANGE : TIME_ABSOLUTE_RANGE;
    return true;
}

static bool time_numbers(struct parser *parser, struct event_time *time)
{
    struct scanner *scanner = &parser->scanner;
    bool relative = scanner_accept(scanner, "+");
    time->kind = relative ? TIME_RELATIVE : TIME_ABSOLUTE;
    if (!time_number(parser, &time->start))
        return false;
    time->end = time->start;
    if (scanner_accept(scanner, "~"))
        return time_range_end(parser, relative, time);
    if (!scanner_accept(scanner, "..."))
        return true;
    /* packetdrill has no `+` here, and means the same. */
    if (relative)
        (void)scanner_accept(scanner, "+");
    time->blocking = true;
    return time_number(parser, &time->returns);
}

bool parse_time(struct parser *parser, struct event_time *time)
{
    struct scanner *scanner = &parser->scanner;
    struct event_time read = {.kind = TIME_ANY};
    scanner_skip_blanks(scanner);
    size_t start = scanner->offset;
    if (!scanner_accept(scanner, "*") && !time_numbers(parser, &read))
        return false;
    read.at = parser_since(parser, start);
    if (read.end < read.start)
        return diagnostics_add(scanner->diagnostics, read.at, "this range ends before it begins");
    if (read.blocking && read.returns < read.start)
        return diagnostics_add(scanner->diagnostics, read.at, "this call returns before it is made");
    *time = read;
    return true;
}
