/* SPDX-License-Identifier: MIT */
#include "script/parser.h"

#include "base/character.h"

enum {
    /* What a script may take, so that one which is out of all proportion costs only itself. */
    PROGRAM_MEMORY_MOST = 128 * 1024 * 1024,
};

bool parser_fail_exhausted(struct parser *parser)
{
    if (parser->exhausted)
        return false;
    parser->exhausted = true;
    return diagnostics_add(parser->scanner.diagnostics, (struct span){parser->scanner.offset, 0},
                           "memory ran out: the script is too large from here on");
}

void *parser_take(struct parser *parser, size_t size)
{
    struct arena *arena = &parser->program->arena;
    void *taken = size > PROGRAM_MEMORY_MOST - arena->taken ? NULL : arena_take(arena, size);
    if (taken == NULL)
        (void)parser_fail_exhausted(parser);
    return taken;
}

char *parser_copy(struct parser *parser, struct span span)
{
    char *copy = parser_take(parser, span.length + 1);
    if (copy != NULL)
        memcpy(copy, scanner_text(&parser->scanner, span), span.length);
    return copy;
}

bool parser_array_room(struct parser *parser, void **items, size_t item_size, size_t count, size_t *capacity)
{
    struct arena *arena = &parser->program->arena;
    if (count < *capacity)
        return true;
    if (*capacity * 2 * item_size > PROGRAM_MEMORY_MOST - arena->taken ||
        !arena_array_room(arena, items, item_size, count, capacity))
        return parser_fail_exhausted(parser);
    return true;
}

size_t parser_find(const struct parser *parser, size_t offset, const char *needle)
{
    const struct source *source = parser->scanner.source;
    const char *found = memmem(source->text + offset, source->length - offset, needle, strlen(needle));
    return found == NULL ? source->length : (size_t)(found - source->text);
}

size_t parser_find_code_end(struct parser *parser, size_t offset)
{
    size_t end = parser->scanner.source->length;
    if (!parser->code_never_ends)
        end = parser_find(parser, offset, "}%");
    parser->code_never_ends = end == parser->scanner.source->length;
    return end;
}

void parser_skip(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    if (!scanner_at_line_end(scanner))
        return;
    size_t line_end = scanner->offset;
    scanner_skip_lines(scanner);
    if (parser_event_begins(parser, scanner->offset))
        scanner->offset = line_end;
}

/* A glance at the text, which neither moves the cursor nor tells of anything. */
struct glance {
    const struct source *source;
    size_t offset;
};

static char glance_at(const struct glance *glance, size_t ahead)
{
    size_t offset = glance->offset + ahead;
    return offset < glance->source->length ? glance->source->text[offset] : '\0';
}

static void glance_over_blanks(struct glance *glance)
{
    while (character_is_blank(glance_at(glance, 0)))
        glance->offset++;
}

/* Moves past TEXT if it comes next. */
static bool glance_over(struct glance *glance, const char *text)
{
    size_t length = strlen(text);
    if (glance->source->length - glance->offset < length ||
        memcmp(glance->source->text + glance->offset, text, length) != 0)
        return false;
    glance->offset += length;
    return true;
}

/* Moves to behind END, or to the end of the text. */
static void glance_behind(struct glance *glance, const char *end)
{
    while (glance->offset < glance->source->length && !glance_over(glance, end))
        glance->offset++;
}

/* Blanks, line ends and comments: what may stand between a time and what happens then. */
static void glance_over_space(struct glance *glance)
{
    for (;;) {
        glance_over_blanks(glance);
        if (glance_over(glance, "/*"))
            glance_behind(glance, "*/");
        else if (glance_over(glance, "//") || glance_over(glance, "#"))
            glance_behind(glance, "\n");
        else if (!glance_over(glance, "\n"))
            return;
    }
}

static bool glance_over_number(struct glance *glance)
{
    size_t digits = 0;
    /* A negative time is wrong, but meant as one. */
    if (glance_at(glance, 0) == '+' || glance_at(glance, 0) == '-') {
        glance->offset++;
        glance_over_blanks(glance);
    }
    for (bool fraction = false;; glance->offset++) {
        char here = glance_at(glance, 0);
        if (character_is_digit(here))
            digits++;
        else if (here != '.' || fraction || !character_is_digit(glance_at(glance, 1)))
            return digits > 0;
        else
            fraction = true;
    }
}

static bool glance_over_time(struct glance *glance)
{
    if (glance_at(glance, 0) == '*') {
        glance->offset++;
        return true;
    }
    if (!glance_over_number(glance))
        return false;
    struct glance further = *glance;
    glance_over_blanks(&further);
    bool range = glance_at(&further, 0) == '~';
    bool blocking = glance_at(&further, 0) == '.' && glance_at(&further, 1) == '.' && glance_at(&further, 2) == '.';
    further.offset += range ? 1 : 3;
    glance_over_blanks(&further);
    if ((range || blocking) && glance_over_number(&further))
        *glance = further;
    return true;
}

/* A segment, a command or code. */
static bool glance_is_marked_action(const struct glance *glance)
{
    char first = glance_at(glance, 0);
    char second = glance_at(glance, 1);
    if (first == '<' || first == '>')
        return second != first;
    return first == '`' || (first == '%' && second == '{');
}

static bool glance_is_call(const struct glance *glance)
{
    size_t length = 0;
    while (character_is_word(glance_at(glance, length)))
        length++;
    return length > 0 && !character_is_digit(glance_at(glance, 0)) && glance_at(glance, length) == '(';
}

bool parser_time_begins(const struct parser *parser, size_t offset)
{
    struct glance glance = {parser->scanner.source, offset};
    char first = glance_at(&glance, 0);
    if (!glance_over_time(&glance))
        return false;
    char next = glance_at(&glance, 0);
    bool ends = character_is_blank(next) || next == '\n' || next == '\0';
    if (first == '+' && ends)
        return true;
    /* A bare number may as well begin a line of a list: it is no time before an operator or a comma. */
    glance_over_space(&glance);
    return glance_is_marked_action(&glance) || (ends && character_is_letter(glance_at(&glance, 0))) ||
           glance_is_call(&glance);
}

bool parser_event_begins(const struct parser *parser, size_t offset)
{
    struct glance glance = {parser->scanner.source, offset};
    bool any_time = glance_at(&glance, 0) == '*';
    if (!glance_over_time(&glance))
        return false;
    glance_over_space(&glance);
    /* `* htons(1)` is a product. No other call gives a number, and none happens at any time: that is told then. */
    bool product = any_time && glance_at(&glance, 0) == 'h' && glance_at(&glance, 1) == 't';
    return glance_is_marked_action(&glance) || (!product && glance_is_call(&glance));
}
