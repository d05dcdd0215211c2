/* SPDX-License-Identifier: MIT */
/* A whole specification: its sections, and which rows each state has. */
#include "spec/parse.h"

static const char *const section_words[] = {"parameter", "predicate", "choice", "state", "rows",   "use", "arrives",
                                            "sends",     "again",     "lapses", "calls", "option", "ecn"};

bool spec_parse_choice(struct parser *parser, struct span name, uint16_t *choice)
{
    for (size_t i = 0; i < parser->choices.count; i++) {
        *choice = (uint16_t)i;
        if (spec_parse_is(parser, name, parser->choices.items[i]))
            return true;
    }
    return diagnostics_add(parser->scanner.diagnostics, name, "no `choice` line makes this choice known");
}

bool spec_parse_at_clause(struct parser *parser)
{
    struct span word = spec_parse_peek(parser);
    return word.length > 3 && strncmp(scanner_text(&parser->scanner, word), "RFC", 3) == 0;
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

const char *spec_parse_name(struct parser *parser, const char *what)
{
    struct span word;
    if (!spec_parse_word(parser, &word)) {
        (void)scanner_fail_expected(&parser->scanner, what);
        return NULL;
    }
    const char *name = arena_copy(parser->arena, scanner_text(&parser->scanner, word), word.length);
    if (name == NULL)
        (void)diagnostics_add(parser->scanner.diagnostics, word, "memory ran out");
    return name;
}

/* `parameter NAME 500 ms` */
static bool parse_parameter_line(struct parser *parser)
{
    uint64_t value;
    const char *name = spec_parse_name(parser, "the parameter's name");
    if (name == NULL || !scanner_expect_unsigned(&parser->scanner, UINT32_MAX / 1000, &value, "its value"))
        return false;
    if (spec_parse_accept_word(parser, "s"))
        value *= 1000;
    else
        (void)spec_parse_accept_word(parser, "ms");
    if (!spec_parse_line_end(parser) || !PARSE_ROOM(parser, &parser->parameters, PARSE_NAMES_MOST))
        return false;
    parser->parameters.items[parser->parameters.count++] = (struct spec_parameter){name, (uint32_t)value};
    return true;
}

static bool parse_predicate(struct parser *parser)
{
    uint16_t node;
    const char *name = spec_parse_name(parser, "the predicate's name");
    if (name == NULL)
        return false;
    scanner_skip_lines(&parser->scanner);
    if (!spec_parse_condition_lines(parser, &node) || !spec_parse_line_end(parser) ||
        !PARSE_ROOM(parser, &parser->predicates, PARSE_NAMES_MOST))
        return false;
    parser->predicates.items[parser->predicates.count++] = (struct spec_named_node){name, node};
    return true;
}

static bool parse_choice_line(struct parser *parser)
{
    const char *name = spec_parse_name(parser, "the choice's name");
    if (name == NULL || !spec_parse_line_end(parser) || !PARSE_ROOM(parser, &parser->choices, 32))
        return false;
    parser->choices.items[parser->choices.count++] = name;
    return true;
}

static struct parse_group *group_named(struct parser *parser, struct span name)
{
    for (size_t i = 0; i < parser->groups.count; i++)
        if (spec_parse_is(parser, name, parser->groups.items[i].name))
            return &parser->groups.items[i];
    return NULL;
}

/* `state NAME` and `rows NAME`: a group of rows begins. */
static bool parse_group_head(struct parser *parser, bool state)
{
    const char *names[SPEC_STATE_COUNT + 1] = {"everywhere"};
    bool known = !state;
    struct span at = spec_parse_peek(parser);
    const char *name = spec_parse_name(parser, state ? "a state" : "a name");
    if (name == NULL)
        return false;
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        names[i + 1] = spec_state_name(i);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        known = known || strcmp(name, names[i]) == 0;
    if (!known)
        return spec_parse_fail_unknown(parser, at, "this state", names, COUNT_OF(names));
    if (group_named(parser, at) != NULL)
        return diagnostics_add(parser->scanner.diagnostics, at, "this was already described");
    if (!spec_parse_line_end(parser) || !PARSE_ROOM(parser, &parser->groups, PARSE_NAMES_MOST))
        return false;
    parser->groups.items[parser->groups.count++] = (struct parse_group){.name = name, .at = at};
    return true;
}

static bool group_add(struct parser *parser, struct parse_group *group, const struct spec_row *row)
{
    if (!PARSE_ROOM(parser, &group->rows, PARSE_GROUP_MOST))
        return false;
    group->rows.items[group->rows.count++] = row;
    return true;
}

static bool parse_use(struct parser *parser, struct parse_group *group)
{
    const char *names[PARSE_NAMES_MOST];
    struct span name;
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "the name of rows");
    const struct parse_group *used = group_named(parser, name);
    for (size_t i = 0; i < parser->groups.count; i++)
        names[i] = parser->groups.items[i].name;
    if (used == NULL)
        return spec_parse_fail_unknown(parser, name, "the name of these rows", names, parser->groups.count);
    for (size_t i = 0; used != group && i < used->rows.count; i++)
        if (!group_add(parser, group, used->rows.items[i]))
            return false;
    return spec_parse_line_end(parser);
}

/* What can only stand under a head. */
static bool parse_in_group(struct parser *parser, struct span word)
{
    static const char *const kinds[] = {"arrives", "sends", "again", "lapses", "calls"};
    struct spec_row *row;
    if (parser->groups.count == 0)
        return diagnostics_add(parser->scanner.diagnostics, word, "no `state` or `rows` stands before this");
    struct parse_group *group = &parser->groups.items[parser->groups.count - 1];
    if (spec_parse_is(parser, word, "use"))
        return parse_use(parser, group);
    for (unsigned i = 0; i < COUNT_OF(kinds); i++)
        if (spec_parse_is(parser, word, kinds[i]))
            return spec_parse_row(parser, i, word, &row) && group_add(parser, group, row);
    return spec_parse_fail_unknown(parser, word, "what this line begins with", section_words, COUNT_OF(section_words));
}

static bool parse_section(struct parser *parser)
{
    struct span word;
    if (!spec_parse_word(parser, &word))
        return scanner_fail_expected(&parser->scanner, "a word that begins a line, such as `state` or `arrives`");
    if (spec_parse_is(parser, word, "parameter"))
        return parse_parameter_line(parser);
    if (spec_parse_is(parser, word, "predicate"))
        return parse_predicate(parser);
    if (spec_parse_is(parser, word, "choice"))
        return parse_choice_line(parser);
    if (spec_parse_is(parser, word, "state") || spec_parse_is(parser, word, "rows"))
        return parse_group_head(parser, spec_parse_is(parser, word, "state"));
    if (spec_parse_is(parser, word, "option"))
        return spec_parse_option(parser, word);
    if (spec_parse_is(parser, word, "ecn"))
        return spec_parse_ecn(parser, word);
    return parse_in_group(parser, word);
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
        const struct spec_row **list = spec_parse_take(parser, (group->rows.count + 1) * sizeof(*list));
        if (list == NULL)
            return false;
        for (size_t j = 0; j < group->rows.count; j++)
            list[j] = &rows[group->rows.items[j]->number];
        if (state != NULL)
            *state = (struct spec_state_rows){list, (uint16_t)group->rows.count, true};
    }
    return true;
}

static bool check_states(struct parser *parser)
{
    bool sound = true;
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        if (!parser->spec->states[i].described)
            sound = diagnostics_add(parser->scanner.diagnostics, (struct span){parser->scanner.offset, 0},
                                    "the state %s is not described", spec_state_name(i));
    return sound;
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

static void skip_line(struct parser *parser)
{
    struct span line = source_line(parser->scanner.source, parser->scanner.offset);
    parser->scanner.offset = line.offset + line.length;
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
            skip_line(&parser);
    }
    if (diagnostics->count > before || !collect_rows(&parser) || !check_states(&parser))
        return false;
    collect(&parser);
    return true;
}
