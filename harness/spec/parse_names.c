/* SPDX-License-Identifier: MIT */
/* Names that a specification makes known itself: parameters, predicates, choices, rows. */
#include "base/nearest_name.h"
#include "spec/parse.h"

enum { NAMES_MOST = SPEC_VARIABLE_COUNT + SPEC_FACT_COUNT + 4 * PARSE_NAMES_MOST, LINES_TOLD = 8 };

bool spec_parse_declare(struct parser *parser, struct span at, const char *name)
{
    bool sound = true;
    for (unsigned i = 0; sound && i < SPEC_VARIABLE_COUNT; i++)
        if (strcmp(name, spec_variable_name(i)) == 0)
            sound = diagnostics_add(parser->scanner.diagnostics, at, "this is a variable's name");
    for (unsigned i = 0; sound && i < SPEC_FACT_COUNT; i++)
        if (strcmp(name, spec_fact_name(i)) == 0)
            sound = diagnostics_add(parser->scanner.diagnostics, at, "this is a fact's name");
    for (size_t i = 0; sound && i < parser->declared.count; i++)
        if (strcmp(name, parser->declared.items[i].name) == 0)
            sound = diagnostics_add(parser->scanner.diagnostics, at, "this name was already given, in line %u",
                                    spec_parse_line_of(parser, parser->declared.items[i].at));
    parser->lost_names = parser->lost_names || !sound; /* another one is meant */
    if (!PARSE_ROOM(parser, &parser->declared, (size_t)3 * PARSE_NAMES_MOST))
        return false;
    parser->declared.items[parser->declared.count++] = (struct parse_declared){name, at};
    return sound;
}

bool spec_parse_choice(struct parser *parser, uint16_t *choice)
{
    struct span name;
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "the name of a choice");
    for (size_t i = 0; i < parser->choices.count; i++) {
        *choice = (uint16_t)i;
        if (spec_parse_is(parser, name, parser->choices.items[i]))
            return true;
    }
    return spec_parse_note_unknown(parser, name, UNKNOWN_CHOICE);
}

bool spec_parse_parameter(struct parser *parser, uint16_t *parameter)
{
    static const char *const connectives[] = {"doubling", "to", "until", "of", "when", "throttled"};
    struct span name = spec_parse_peek(parser);
    bool named = name.length > 0;
    for (size_t i = 0; i < COUNT_OF(connectives); i++)
        named = named && !spec_parse_is(parser, name, connectives[i]);
    if (!named)
        return scanner_fail_expected(&parser->scanner, "a parameter's name");
    parser->scanner.offset += name.length;
    for (size_t i = 0; i < parser->parameters.count; i++) {
        *parameter = (uint16_t)i;
        if (spec_parse_is(parser, name, parser->parameters.items[i].name))
            return true;
    }
    return spec_parse_note_unknown(parser, name, UNKNOWN_PARAMETER);
}

bool spec_parse_note_unknown(struct parser *parser, struct span at, enum parse_unknown_kind kind)
{
    if (!PARSE_ROOM(parser, &parser->unknown, PARSE_NODES_MOST))
        return false;
    parser->unknown.items[parser->unknown.count++] = (struct parse_unknown){.at = at, .kind = kind};
    return true;
}

/* Names that could have been meant, in NAMES. */
static size_t known_names(const struct parser *parser, enum parse_unknown_kind kind, const char *names[NAMES_MOST])
{
    size_t count = 0;
    for (unsigned i = 0; kind == UNKNOWN_IN_CONDITION && i < SPEC_VARIABLE_COUNT; i++)
        names[count++] = spec_variable_name(i);
    for (unsigned i = 0; kind == UNKNOWN_IN_CONDITION && i < SPEC_FACT_COUNT; i++)
        names[count++] = spec_fact_name(i);
    for (size_t i = 0; kind == UNKNOWN_IN_CONDITION && i < parser->predicates.count; i++)
        names[count++] = parser->predicates.items[i].name;
    for (size_t i = 0; kind <= UNKNOWN_PARAMETER && i < parser->parameters.count; i++)
        names[count++] = parser->parameters.items[i].name;
    for (size_t i = 0; (kind == UNKNOWN_IN_CONDITION || kind == UNKNOWN_CHOICE) && i < parser->choices.count; i++)
        names[count++] = parser->choices.items[i];
    for (size_t i = 0; kind == UNKNOWN_ROWS && i < parser->groups.count; i++)
        names[count++] = parser->groups.items[i].name;
    return count;
}

/* Where a name that was not known is made known all the same, which is too late; length 0 if it is nowhere. */
static struct span made_known_at(const struct parser *parser, const struct parse_unknown *unknown)
{
    for (size_t i = 0; unknown->kind == UNKNOWN_ROWS && i < parser->groups.count; i++)
        if (spec_parse_is(parser, unknown->at, parser->groups.items[i].name))
            return parser->groups.items[i].at;
    for (size_t i = 0; unknown->kind != UNKNOWN_ROWS && i < parser->declared.count; i++)
        if (spec_parse_is(parser, unknown->at, parser->declared.items[i].name))
            return parser->declared.items[i].at;
    return (struct span){0, 0};
}

/* False if it may have been known by a line that could not be read. */
static bool say_what(const struct parser *parser, const struct parse_unknown *unknown, struct text *message)
{
    static const char *const kinds[] = {
        [UNKNOWN_IN_CONDITION] = "this name is not known",
        [UNKNOWN_PARAMETER] = "this parameter is not known",
        [UNKNOWN_CHOICE] = "no `choice` line makes this choice known",
        [UNKNOWN_ROWS] = "the name of these rows is not known",
    };
    const char *names[NAMES_MOST];
    const struct span later = made_known_at(parser, unknown);
    const char *nearest = nearest_name_of(scanner_text(&parser->scanner, unknown->at), unknown->at.length, names,
                                          known_names(parser, unknown->kind, names));
    if (later.length == 0 && nearest == NULL && parser->lost_names)
        return false;
    if (later.length == 0) {
        text_append_string(message, kinds[unknown->kind]);
        if (nearest != NULL)
            text_append_format(message, "; is `%s` meant?", nearest);
    } else if (later.offset > unknown->at.offset) {
        text_append_format(message, "this is made known only below, in line %u", spec_parse_line_of(parser, later));
    } else if (unknown->kind == UNKNOWN_IN_CONDITION) {
        text_append_format(message, "the predicate in line %u speaks of itself", spec_parse_line_of(parser, later));
    } else {
        text_append_format(message, "the name in line %u is that of something else", spec_parse_line_of(parser, later));
    }
    return true;
}

/* The further lines that the name of the INDEX-th stands in. */
static void say_where(struct parser *parser, size_t index, struct text *message)
{
    const struct parse_unknown *first = &parser->unknown.items[index];
    const char *name = scanner_text(&parser->scanner, first->at);
    size_t count = 0;
    for (size_t i = index + 1; i < parser->unknown.count; i++) {
        struct parse_unknown *other = &parser->unknown.items[i];
        if ((other->kind == UNKNOWN_ROWS) != (first->kind == UNKNOWN_ROWS) || other->at.length != first->at.length ||
            memcmp(scanner_text(&parser->scanner, other->at), name, first->at.length) != 0)
            continue;
        other->told = true;
        if (count < LINES_TOLD)
            text_append_format(message, "%s %u", count == 0 ? " (so in line" : ",",
                               spec_parse_line_of(parser, other->at));
        count++;
    }
    if (count > LINES_TOLD)
        text_append_format(message, " and %zu more", count - LINES_TOLD);
    text_append_string(message, count > 0 ? ")" : "");
}

void spec_parse_tell_unknown(struct parser *parser)
{
    for (size_t i = 0; i < parser->unknown.count; i++) {
        char buffer[512];
        struct text message = text_in(buffer, sizeof(buffer));
        const struct parse_unknown *unknown = &parser->unknown.items[i];
        if (unknown->told)
            continue;
        bool said = say_what(parser, unknown, &message);
        say_where(parser, i, &message);
        if (said)
            (void)diagnostics_add(parser->scanner.diagnostics, unknown->at, "%s", text_string(&message));
    }
}
