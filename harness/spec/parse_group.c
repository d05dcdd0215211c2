/* SPDX-License-Identifier: MIT */
/* Groups of rows: those of a state, and those that states use. */
#include "spec/parse.h"

static struct parse_group *group_named(struct parser *parser, struct span name)
{
    for (size_t i = 0; i < parser->groups.count; i++)
        if (spec_parse_is(parser, name, parser->groups.items[i].name))
            return &parser->groups.items[i];
    return NULL;
}

bool spec_parse_group_lost(struct parser *parser, struct span at)
{
    if (!PARSE_ROOM(parser, &parser->groups, PARSE_NAMES_MOST))
        return false;
    parser->groups.items[parser->groups.count++] = (struct parse_group){.name = "", .at = at};
    return true;
}

/* The name behind `state` or `rows`; NULL once it is told what is wrong with it. */
static const char *parse_group_name(struct parser *parser, bool state)
{
    const char *names[SPEC_STATE_COUNT + 1] = {"everywhere"};
    bool known = !state;
    struct span at = spec_parse_peek(parser);
    const char *name = spec_parse_name(parser, state ? "a state" : "a name");
    if (name == NULL)
        return NULL;
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        names[i + 1] = spec_state_name(i);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        known = known || strcmp(name, names[i]) == 0;
    const struct parse_group *before = group_named(parser, at);
    if (!known)
        (void)spec_parse_fail_unknown(parser, at, "this state", names, COUNT_OF(names));
    else if (before != NULL)
        known = diagnostics_add(parser->scanner.diagnostics, at, "this was already described, in line %u",
                                spec_parse_line_of(parser, before->at));
    return known ? name : NULL;
}

bool spec_parse_group_head(struct parser *parser, bool state)
{
    struct span at = spec_parse_peek(parser);
    const char *name = parse_group_name(parser, state);
    if (!spec_parse_group_lost(parser, at))
        return false;
    if (name == NULL)
        return false;
    parser->groups.items[parser->groups.count - 1].name = name;
    return spec_parse_line_end(parser);
}

static struct parse_group *group_at_hand(struct parser *parser)
{
    return &parser->groups.items[parser->groups.count - 1];
}

bool spec_parse_group_add(struct parser *parser, const struct spec_row *row, struct span at)
{
    struct parse_group *group = group_at_hand(parser);
    if (!PARSE_ROOM(parser, &group->members, PARSE_GROUP_MOST))
        return false;
    group->members.items[group->members.count++] = (struct parse_member){row, at};
    return true;
}

/* The member of GROUP that is ROW; NULL if none is. */
static const struct parse_member *member_of(const struct parse_group *group, const struct spec_row *row)
{
    for (size_t i = 0; i < group->members.count; i++)
        if (group->members.items[i].row == row)
            return &group->members.items[i];
    return NULL;
}

static bool use_rows(struct parser *parser, struct span word, const struct parse_group *used)
{
    for (size_t i = 0; i < used->members.count; i++) {
        const struct spec_row *row = used->members.items[i].row;
        const struct parse_member *before = member_of(group_at_hand(parser), row);
        if (before != NULL)
            return diagnostics_add(parser->scanner.diagnostics, word, "the row of line %u is here already, by line %u",
                                   spec_parse_line_of(parser, row->at), spec_parse_line_of(parser, before->at));
        if (!spec_parse_group_add(parser, row, word))
            return false;
    }
    return true;
}

bool spec_parse_use(struct parser *parser, struct span word)
{
    struct span name;
    if (!spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "the name of rows");
    const struct parse_group *used = group_named(parser, name);
    if (used == NULL)
        return spec_parse_note_unknown(parser, name, UNKNOWN_ROWS) && spec_parse_line_end(parser);
    if (used == group_at_hand(parser))
        return diagnostics_add(parser->scanner.diagnostics, name, "these are the rows of line %u, which use themselves",
                               spec_parse_line_of(parser, used->at));
    return use_rows(parser, word, used) && spec_parse_line_end(parser);
}
