/* SPDX-License-Identifier: MIT */
/* A whole specification: its sections, and which rows each state has. */
#include "base/nearest_name.h"
#include "spec/parse.h"

enum section_word {
    WORD_PARAMETER,
    WORD_PREDICATE,
    WORD_CHOICE,
    WORD_STATE,
    WORD_ROWS,
    WORD_USE,
    WORD_OPTION,
    WORD_ECN
};

const char *const spec_parse_section_words[SPEC_PARSE_SECTION_WORDS] = {
    [WORD_PARAMETER] = "parameter",
    [WORD_PREDICATE] = "predicate",
    [WORD_CHOICE] = "choice",
    [WORD_STATE] = "state",
    [WORD_ROWS] = "rows",
    [WORD_USE] = "use",
    [WORD_OPTION] = "option",
    [WORD_ECN] = "ecn",
    [SPEC_PARSE_ROW_WORDS + SPEC_ROW_ARRIVES] = "arrives",
    [SPEC_PARSE_ROW_WORDS + SPEC_ROW_SENDS] = "sends",
    [SPEC_PARSE_ROW_WORDS + SPEC_ROW_AGAIN] = "again",
    [SPEC_PARSE_ROW_WORDS + SPEC_ROW_LAPSES] = "lapses",
    [SPEC_PARSE_ROW_WORDS + SPEC_ROW_CALLS] = "calls",
};

size_t spec_parse_section_word(const struct parser *parser, struct span word)
{
    size_t i = 0;
    while (i < SPEC_PARSE_SECTION_WORDS && !spec_parse_is(parser, word, spec_parse_section_words[i]))
        i++;
    return i;
}

bool spec_parse_at_clause(struct parser *parser)
{
    struct span word = spec_parse_peek(parser);
    return word.length > 3 && strncmp(scanner_text(&parser->scanner, word), "RFC", 3) == 0;
}

/* A document, a blank, and what is in it. */
static bool is_clause(const char *text, size_t length)
{
    const char *blank = memchr(text, ' ', length);
    if (blank == NULL || blank + 1 == text + length)
        return false;
    return memchr(blank + 1, ' ', (size_t)(text + length - blank - 1)) == NULL;
}

/* One clause: all up to a comma or the line's end. */
static bool parse_clause(struct parser *parser, uint16_t *clause)
{
    const char *text = parser->scanner.source->text;
    size_t end = parser->scanner.offset;
    while (end < parser->scanner.source->length && strchr(",\n#", text[end]) == NULL)
        end++;
    struct span span = {parser->scanner.offset, end - parser->scanner.offset};
    while (span.length > 0 &&
           (text[span.offset + span.length - 1] == ' ' || text[span.offset + span.length - 1] == '\r'))
        span.length--;
    parser->scanner.offset = end;
    if (!is_clause(text + span.offset, span.length))
        return diagnostics_add(parser->scanner.diagnostics, span,
                               "expected one clause such as `RFC9293 §3.10.7.2`, and a comma before the next");
    for (size_t i = 0; i < parser->clauses.count; i++) {
        *clause = (uint16_t)i;
        if (spec_parse_is(parser, span, parser->clauses.items[i]))
            return true;
    }
    if (!PARSE_ROOM(parser, &parser->clauses, PARSE_ROWS_MOST))
        return false;
    *clause = (uint16_t)parser->clauses.count;
    const char *copy = arena_copy(parser->arena, text + span.offset, span.length);
    parser->clauses.items[parser->clauses.count++] = copy;
    return copy != NULL;
}

bool spec_parse_clauses(struct parser *parser, const uint16_t **clauses, uint16_t *count)
{
    uint16_t read[PARSE_CLAUSES_MOST];
    uint16_t *all;
    size_t before = *count;
    size_t total = before;
    for (size_t i = 0; i < before; i++)
        read[i] = (*clauses)[i];
    do {
        if (!spec_parse_at_clause(parser))
            return scanner_fail_expected(&parser->scanner, "a clause such as `RFC9293 §3.10.7.2`");
        if (total == COUNT_OF(read))
            return scanner_fail_expected(&parser->scanner, "no more clauses");
        if (!parse_clause(parser, &read[total++]))
            return false;
    } while (scanner_accept(&parser->scanner, ","));
    all = spec_parse_take(parser, total * sizeof(*all));
    if (all == NULL)
        return false;
    memcpy(all, read, total * sizeof(*all));
    *clauses = all;
    *count = (uint16_t)total;
    return spec_parse_line_end(parser);
}

bool spec_parse_has_clauses(struct parser *parser, struct span at, uint16_t count)
{
    return count > 0 || diagnostics_add(parser->scanner.diagnostics, at,
                                        "no clause says so: expected a line such as `RFC9293 §3.10.7.2`");
}

const char *spec_parse_name(struct parser *parser, const char *what)
{
    struct span word;
    if (!spec_parse_word(parser, &word)) {
        parser->lost_names = true;
        (void)scanner_fail_expected(&parser->scanner, what);
        return NULL;
    }
    const char *name = arena_copy(parser->arena, scanner_text(&parser->scanner, word), word.length);
    if (name == NULL)
        (void)diagnostics_add(parser->scanner.diagnostics, word, "memory ran out");
    return name;
}

/* `parameter NAME 500 ms`. One whose value is wrong is known all the same. */
static bool parse_parameter_line(struct parser *parser)
{
    uint64_t value = 0;
    const struct span at = spec_parse_peek(parser);
    const char *name = spec_parse_name(parser, "the parameter's name");
    if (name == NULL)
        return false;
    bool sound = spec_parse_declare(parser, at, name);
    if (!scanner_expect_unsigned(&parser->scanner, UINT32_MAX / 1000, &value, "its value"))
        sound = false;
    else if (spec_parse_accept_word(parser, "s"))
        value *= 1000;
    else if (!spec_parse_accept_word(parser, "ms") && !scanner_at_line_end(&parser->scanner))
        sound = scanner_fail_expected(&parser->scanner, "`s`, `ms` or the end of the line");
    if (!PARSE_ROOM(parser, &parser->parameters, PARSE_NAMES_MOST))
        return false;
    parser->parameters.items[parser->parameters.count++] = (struct spec_parameter){name, (uint32_t)value};
    return sound && spec_parse_line_end(parser);
}

/* As parse_parameter_line(), with the condition below it. */
static bool parse_predicate(struct parser *parser)
{
    uint16_t node = SPEC_NO_NODE;
    const struct span at = spec_parse_peek(parser);
    const char *name = spec_parse_name(parser, "the predicate's name");
    if (name != NULL) {
        (void)spec_parse_declare(parser, at, name);
        (void)spec_parse_line_end(parser);
    }
    spec_parse_skip_line(parser);
    scanner_skip_lines(&parser->scanner);
    if (spec_parse_section_word(parser, spec_parse_peek(parser)) < SPEC_PARSE_SECTION_WORDS ||
        scanner_at_end(&parser->scanner))
        (void)(name == NULL || diagnostics_add(parser->scanner.diagnostics, at, "no line says when this is true"));
    else if (!spec_parse_condition_lines(parser, &node))
        node = SPEC_NO_NODE;
    if (name == NULL || !PARSE_ROOM(parser, &parser->predicates, PARSE_NAMES_MOST))
        return true;
    parser->predicates.items[parser->predicates.count++] = (struct spec_named_node){name, node};
    return true;
}

static bool parse_choice_line(struct parser *parser)
{
    const struct span at = spec_parse_peek(parser);
    const char *name = spec_parse_name(parser, "the choice's name");
    if (name == NULL || !PARSE_ROOM(parser, &parser->choices, 32))
        return false;
    bool sound = spec_parse_declare(parser, at, name);
    parser->choices.items[parser->choices.count++] = name;
    return sound && spec_parse_line_end(parser);
}

/* What can only stand under a head; where there is none, it is told once. */
static bool is_in_group(struct parser *parser, struct span word)
{
    if (parser->groups.count == 0) {
        (void)diagnostics_add(parser->scanner.diagnostics, word, "no `state` or `rows` stands before this");
        (void)spec_parse_group_lost(parser, word);
    }
    return parser->groups.count > 0;
}

/* A row or its like, up to where it ends. */
static bool parse_row(struct parser *parser, unsigned kind, struct span word)
{
    if (!is_in_group(parser, word))
        return false;
    const struct spec_row *row = spec_parse_row(parser, kind, word);
    if (row != NULL)
        (void)spec_parse_group_add(parser, row, word);
    return true;
}

static bool is_line_word(const struct parser *parser, struct span word)
{
    for (size_t i = 0; i < SPEC_PARSE_LINE_WORDS; i++)
        if (spec_parse_is(parser, word, spec_parse_line_words[i]))
            return true;
    return false;
}

/* Up to a line of a row, or one that begins a section. */
static void skip_unknown_lines(struct parser *parser)
{
    struct span word;
    bool known;
    do {
        spec_parse_skip_line(parser);
        scanner_skip_lines(&parser->scanner);
        word = spec_parse_peek(parser);
        const char *text = scanner_text(&parser->scanner, word);
        known = scanner_at_end(&parser->scanner) || spec_parse_at_clause(parser) ||
                nearest_name_of(text, word.length, spec_parse_section_words, SPEC_PARSE_SECTION_WORDS) != NULL ||
                is_line_word(parser, word);
    } while (!known);
}

/* A line that begins with what no section begins with. What it is, is told; then its row is read to the end. */
static bool parse_stray(struct parser *parser, struct span word)
{
    if (is_line_word(parser, word)) {
        (void)diagnostics_add(parser->scanner.diagnostics, word,
                              "no row is here that this line could belong to: one begins with `arrives`, `sends`, "
                              "`again`, `lapses` or `calls`, and ends with its clauses");
        return parse_row(parser, SPEC_PARSE_HEADLESS, word);
    }
    (void)diagnostics_add(parser->scanner.diagnostics, word, "what this line begins with is not known");
    parser->lost_names = true;
    if (parser->groups.count == 0)
        spec_parse_skip_section(parser); /* a predicate's lines begin with `or`, too */
    else
        skip_unknown_lines(parser);
    /* It may have been a head, of a row or of a group. */
    if (!spec_parse_group_lost(parser, word))
        return true;
    return parse_row(parser, SPEC_PARSE_HEADLESS, spec_parse_peek(parser));
}

/* False where the rest of the line is to be skipped. */
static bool parse_section(struct parser *parser)
{
    struct span word;
    if (!spec_parse_word(parser, &word))
        return scanner_fail_expected(&parser->scanner, "a word that begins a line, such as `state` or `arrives`");
    if (is_line_word(parser, word))
        return parse_stray(parser, word);
    const size_t meant = spec_parse_meant(parser, word, spec_parse_section_words, SPEC_PARSE_SECTION_WORDS);
    switch (meant) {
    case WORD_PARAMETER:
        return parse_parameter_line(parser);
    case WORD_PREDICATE:
        return parse_predicate(parser);
    case WORD_CHOICE:
        return parse_choice_line(parser);
    case WORD_STATE:
    case WORD_ROWS:
        return spec_parse_group_head(parser, meant == WORD_STATE);
    case WORD_USE:
        return is_in_group(parser, word) && spec_parse_use(parser, word);
    case WORD_OPTION:
        return spec_parse_option(parser, word);
    case WORD_ECN:
        return spec_parse_ecn(parser, word);
    case SPEC_PARSE_SECTION_WORDS:
        return parse_stray(parser, word);
    default:
        return parse_row(parser, (unsigned)(meant - SPEC_PARSE_ROW_WORDS), word);
    }
}

/* Each row once, side by side, and the states' lists of them. */
static bool collect_rows(struct parser *parser)
{
    struct spec *spec = parser->spec;
    struct spec_row *rows = spec_parse_take(parser, (parser->rows.count + 1) * sizeof(*rows));
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < parser->rows.count; i++)
        rows[i] = *parser->rows.items[i];
    spec->rows = rows;
    spec->row_count = (uint16_t)parser->rows.count;
    for (size_t i = 0; i < parser->groups.count; i++) {
        const struct parse_group *group = &parser->groups.items[i];
        struct spec_state_rows *state = strcmp(group->name, "everywhere") == 0 ? &spec->everywhere : NULL;
        for (unsigned j = 0; j < SPEC_STATE_COUNT; j++)
            if (strcmp(group->name, spec_state_name(j)) == 0)
                state = &spec->states[j];
        const struct spec_row **list = spec_parse_take(parser, (group->members.count + 1) * sizeof(*list));
        if (list == NULL)
            return false;
        for (size_t j = 0; j < group->members.count; j++)
            list[j] = &rows[group->members.items[j].row->number];
        if (state != NULL)
            *state = (struct spec_state_rows){list, (uint16_t)group->members.count, true};
    }
    return true;
}

static bool is_described(const struct parser *parser, const char *name)
{
    for (size_t i = 0; i < parser->groups.count; i++)
        if (strcmp(parser->groups.items[i].name, name) == 0)
            return true;
    return false;
}

/* All states that nothing is said of, at once. A head that could not be read may have been that of any. */
static bool check_states(struct parser *parser)
{
    char buffer[256];
    struct text names = text_in(buffer, sizeof(buffer));
    size_t missing = 0;
    if (is_described(parser, ""))
        return false;
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        if (!is_described(parser, spec_state_name(i)))
            text_append_format(&names, "%s%s", missing++ == 0 ? "" : ", ", spec_state_name(i));
    if (missing == 0)
        return true;
    return diagnostics_add(parser->scanner.diagnostics, (struct span){parser->scanner.offset, 0},
                           missing == 1 ? "the state %s is not described" : "the states %s are not described",
                           text_string(&names));
}

static nanoseconds answer_time(const struct spec *spec)
{
    for (uint16_t i = 0; i < spec->parameter_count; i++)
        if (strcmp(spec->parameters[i].name, "ANSWER") == 0)
            return (nanoseconds)spec->parameters[i].value * NANOSECONDS_PER_MILLISECOND;
    return 500 * NANOSECONDS_PER_MILLISECOND;
}

static void collect(struct parser *parser)
{
    struct spec *spec = parser->spec;
    spec->nodes = parser->nodes.items;
    spec->node_count = (uint16_t)parser->nodes.count;
    spec->tests = parser->tests.items;
    spec->test_count = (uint16_t)parser->tests.count;
    spec->parameters = parser->parameters.items;
    spec->parameter_count = (uint16_t)parser->parameters.count;
    spec->answer_time = answer_time(spec);
    spec->predicates = parser->predicates.items;
    spec->predicate_count = (uint16_t)parser->predicates.count;
    spec->choices = parser->choices.items;
    spec->choice_count = (uint16_t)parser->choices.count;
    spec->clauses = parser->clauses.items;
    spec->clause_count = (uint16_t)parser->clauses.count;
    spec->options = parser->options.items;
    spec->option_count = (uint16_t)parser->options.count;
}

bool spec_parse(struct spec *spec, const struct source *source, struct diagnostics *diagnostics)
{
    *spec = (struct spec){.source = *source};
    struct parser parser = {.spec = spec, .arena = &spec->arena};
    spec->source.text = arena_copy(&spec->arena, source->text, source->length);
    spec->source.name = arena_copy(&spec->arena, source->name, strlen(source->name));
    parser.scanner = scanner_on(&spec->source, diagnostics);
    if (spec->source.text == NULL || spec->source.name == NULL)
        return diagnostics_add(diagnostics, (struct span){0, 0}, "memory ran out");
    size_t before = diagnostics->count;
    for (;;) {
        scanner_skip_lines(&parser.scanner);
        if (scanner_at_end(&parser.scanner))
            break;
        size_t at = parser.scanner.offset;
        if (!parse_section(&parser) || parser.scanner.offset == at)
            spec_parse_skip_line(&parser);
    }
    bool described = check_states(&parser);
    spec_parse_tell_unknown(&parser);
    diagnostics_sort(diagnostics);
    if (diagnostics->count > before || !described || !collect_rows(&parser))
        return false;
    collect(&parser);
    return true;
}
