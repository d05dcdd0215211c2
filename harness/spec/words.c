/* SPDX-License-Identifier: MIT */
/* Names of the specification language, and how words are read. */
#include "base/nearest_name.h"
#include "spec/parse.h"

static const char *const state_names[] = {
#define X(name, text) [SPEC_##name] = (text),
    SPEC_STATES(X)
#undef X
};

static const char *const variable_names[] = {
#define X(name, text) [SPEC_##name] = (text),
    SPEC_VARIABLES(X)
#undef X
};

static const char *const fact_names[] = {
#define X(name, text) [SPEC_FACT_##name] = (text),
    SPEC_FACTS(X)
#undef X
};

static const char *const call_names[] = {
#define X(name, text) [SPEC_CALL_##name] = (text),
    SPEC_CALLS(X)
#undef X
};

const char *spec_call_name(enum spec_call call)
{
    INVARIANT(call < COUNT_OF(call_names));
    return call_names[call];
}

const char *spec_state_name(enum spec_state state)
{
    INVARIANT(state < COUNT_OF(state_names));
    return state_names[state];
}

const char *spec_variable_name(enum spec_variable variable)
{
    INVARIANT(variable < COUNT_OF(variable_names));
    return variable_names[variable];
}

const char *spec_fact_name(enum spec_fact fact)
{
    INVARIANT(fact < COUNT_OF(fact_names));
    return fact_names[fact];
}

bool spec_parse_fail_most(struct parser *parser, size_t most)
{
    if (parser->told_most)
        return false;
    parser->told_most = true;
    return diagnostics_add(parser->scanner.diagnostics, (struct span){parser->scanner.offset, 0},
                           "more than %zu of these can't be taken", most);
}

bool spec_parse_room(struct parser *parser, void **items, size_t item_size, size_t count, size_t *capacity)
{
    return arena_array_room(parser->arena, items, item_size, count, capacity) ||
           diagnostics_add(parser->scanner.diagnostics, (struct span){parser->scanner.offset, 0}, "memory ran out");
}

void *spec_parse_take(struct parser *parser, size_t size)
{
    void *taken = arena_take(parser->arena, size);
    if (taken == NULL)
        (void)diagnostics_add(parser->scanner.diagnostics, (struct span){parser->scanner.offset, 0}, "memory ran out");
    return taken;
}

static bool is_letter(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

static bool is_word_character(char character)
{
    return is_letter(character) || (character >= '0' && character <= '9') || character == '_';
}

struct span spec_parse_peek(struct parser *parser)
{
    scanner_skip_blanks(&parser->scanner);
    struct span word = {parser->scanner.offset, 0};
    if (!is_letter(scanner_peek(&parser->scanner, 0)))
        return word;
    size_t length = 1;
    for (;; length++) {
        char next = scanner_peek(&parser->scanner, length);
        bool joint = (next == '.' || next == '-') && is_word_character(scanner_peek(&parser->scanner, length + 1));
        if (!is_word_character(next) && !joint)
            break;
    }
    word.length = length;
    return word;
}

bool spec_parse_word(struct parser *parser, struct span *word)
{
    *word = spec_parse_peek(parser);
    parser->scanner.offset += word->length;
    return word->length > 0;
}

bool spec_parse_is(const struct parser *parser, struct span span, const char *name)
{
    return scanner_span_is(&parser->scanner, span, name);
}

bool spec_parse_accept_word(struct parser *parser, const char *word)
{
    struct span next = spec_parse_peek(parser);
    if (!spec_parse_is(parser, next, word))
        return false;
    parser->scanner.offset += next.length;
    return true;
}

bool spec_parse_fail_unknown(struct parser *parser, struct span at, const char *what, const char *const *names,
                             size_t count)
{
    const char *text = scanner_text(&parser->scanner, at);
    const char *nearest = nearest_name_of(text, at.length, names, count);
    if (nearest != NULL)
        return diagnostics_add(parser->scanner.diagnostics, at, "%s is not known; is `%s` meant?", what, nearest);
    return diagnostics_add(parser->scanner.diagnostics, at, "%s is not known", what);
}

bool spec_parse_line_end(struct parser *parser)
{
    if (scanner_at_line_end(&parser->scanner))
        return true;
    /* A name that isn't known may be a word that would have led on. */
    if (parser->unknown.count > 0) {
        const struct span last = parser->unknown.items[parser->unknown.count - 1].at;
        const struct span line = source_line(parser->scanner.source, parser->scanner.offset);
        if (last.offset >= line.offset)
            return false;
    }
    return scanner_fail_expected(&parser->scanner, "the end of the line");
}

void spec_parse_skip_line(struct parser *parser)
{
    struct span line = source_line(parser->scanner.source, parser->scanner.offset);
    parser->scanner.offset = line.offset + line.length;
}

unsigned spec_parse_line_of(const struct parser *parser, struct span span)
{
    return source_position(parser->scanner.source, span.offset).line;
}

size_t spec_parse_meant(struct parser *parser, struct span word, const char *const *names, size_t count)
{
    const char *nearest = nearest_name_of(scanner_text(&parser->scanner, word), word.length, names, count);
    for (size_t i = 0; i < count; i++)
        if (spec_parse_is(parser, word, names[i]))
            return i;
    for (size_t i = 0; nearest != NULL && i < count; i++)
        if (names[i] == nearest) {
            (void)diagnostics_add(parser->scanner.diagnostics, word,
                                  "what this line begins with is not known; is `%s` meant?", nearest);
            return i;
        }
    return count;
}

struct parse_told spec_parse_told(const struct parser *parser)
{
    const struct diagnostics *diagnostics = parser->scanner.diagnostics;
    return (struct parse_told){diagnostics->count, diagnostics->kept, parser->unknown.count};
}

bool spec_parse_take_back(struct parser *parser, const struct parse_told *told)
{
    struct diagnostics *diagnostics = parser->scanner.diagnostics;
    if (diagnostics->count == told->diagnostics && parser->unknown.count == told->unknown)
        return true;
    diagnostics->count = told->diagnostics;
    diagnostics->kept = told->kept;
    parser->unknown.count = told->unknown;
    return false;
}

size_t spec_parse_line_meant(struct parser *parser, struct span word, const char *const *names, size_t count)
{
    if (word.length == 0) {
        (void)scanner_fail_expected(&parser->scanner, "a word that begins a line");
        return count;
    }
    if (spec_parse_section_word(parser, word) < SPEC_PARSE_SECTION_WORDS)
        return count + 1;
    const size_t meant = spec_parse_meant(parser, word, names, count);
    if (meant < count)
        return meant;
    if (nearest_name_of(scanner_text(&parser->scanner, word), word.length, spec_parse_section_words,
                        SPEC_PARSE_SECTION_WORDS) != NULL)
        return count + 1;
    (void)diagnostics_add(parser->scanner.diagnostics, word, "what this line begins with is not known");
    return count;
}

bool spec_parse_first(struct parser *parser, struct span word, struct span *before)
{
    bool first = before->length == 0;
    if (!first)
        first = diagnostics_add(parser->scanner.diagnostics, word, "this was already said, in line %u",
                                spec_parse_line_of(parser, *before));
    *before = word;
    return first;
}

void spec_parse_skip_section(struct parser *parser)
{
    for (scanner_skip_lines(&parser->scanner); !scanner_at_end(&parser->scanner);
         scanner_skip_lines(&parser->scanner)) {
        if (spec_parse_section_word(parser, spec_parse_peek(parser)) < SPEC_PARSE_SECTION_WORDS)
            return;
        spec_parse_skip_line(parser);
    }
}
