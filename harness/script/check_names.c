/* SPDX-License-Identifier: MIT */
/*
 * Names of values. The first segment of the stack's that has a name gives it its value; from then on it may stand in
 * any segment, for the same kind of value.
 */
#include "script/parser.h"

/* A name that has been given a value, and where. */
struct known_name {
    const char *name;
    enum name_kind kind;
    unsigned line;
};

enum { NAMES_MOST = 256 };

struct known_names {
    struct known_name *items;
    size_t count;
    size_t capacity;
    bool incomplete; /* some segments could not be read: any name may have got its value there */
};

static const struct known_name *known_find(const struct known_names *known, const char *name)
{
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->items[i].name, name) == 0)
            return &known->items[i];
    return NULL;
}

static bool known_add(struct parser *parser, struct known_names *known, const struct pattern_slot *slot)
{
    void *items = known->items;
    if (known->count == NAMES_MOST)
        return diagnostics_add(parser->scanner.diagnostics, slot->at, "one name too many: a script has room for %d",
                               NAMES_MOST);
    if (!arena_array_room(&parser->scratch, &items, sizeof(*known->items), known->count, &known->capacity))
        return parser_fail_exhausted(parser);
    known->items = items;
    unsigned line = source_position(parser->scanner.source, slot->at.offset).line;
    known->items[known->count++] = (struct known_name){slot->name, slot->kind, line};
    return true;
}

/* A name in a segment of the stack's: it gets its value there, or is held against it. */
static bool check_first(struct parser *parser, struct known_names *known, const struct pattern_slot *slot)
{
    if (slot->addend == 0 || known->incomplete)
        return known_add(parser, known, slot);
    return diagnostics_add(parser->scanner.diagnostics, slot->at,
                           "`$%s` gets its value here: nothing can be added to it yet", slot->name);
}

/* True if SLOT may have a name of KIND: the right edge of a window is the window's size and the number that it counts
 * from. */
static bool kind_suits(const struct event *event, const struct pattern_slot *slot, enum name_kind kind)
{
    bool edge = event->kind == EVENT_INJECT && slot->field == FIELD_SEQUENCE && kind == NAME_WINDOW;
    return kind == slot->kind || edge;
}

static void check_slot(struct parser *parser, struct known_names *known, const struct event *event,
                       const struct pattern_slot *slot)
{
    const struct known_name *name = known_find(known, slot->name);
    /* Names of MPTCP get a value by their first use, whoever sends it; but a token is that of a known key. */
    bool gives =
        event->kind == EVENT_EXPECT || known->incomplete || slot->rule == SLOT_KEY || slot->rule == SLOT_ADDRESS;
    if (slot->rule == SLOT_TOKEN)
        gives = known->incomplete;
    if (name == NULL && gives)
        (void)check_first(parser, known, slot);
    else if (name == NULL && slot->rule == SLOT_TOKEN)
        (void)diagnostics_add(parser->scanner.diagnostics, slot->at, "the key `%s` has no value yet", slot->name);
    else if (name == NULL)
        (void)diagnostics_add(parser->scanner.diagnostics, slot->at,
                              "`$%s` has no value yet: the first segment with it must be an expected one (`>`)",
                              slot->name);
    else if (!kind_suits(event, slot, name->kind))
        (void)diagnostics_add(parser->scanner.diagnostics, slot->at, "`%s%s` is %s since line %u, not %s",
                              slot->rule == SLOT_NAME ? "$" : "", slot->name, name_kind_text(name->kind), name->line,
                              name_kind_text(slot->kind));
}

static void check_pattern(struct parser *parser, struct known_names *known, const struct event *event,
                          const struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->slot_count; i++)
        if (pattern->slots[i].name != NULL)
            check_slot(parser, known, event, &pattern->slots[i]);
        else if (pattern->slots[i].rule == SLOT_ANY && event->kind == EVENT_INJECT)
            (void)diagnostics_add(parser->scanner.diagnostics, pattern->slots[i].at,
                                  "what is injected needs a number here: `...` stands for whatever the stack sends");
}

void check_names(struct parser *parser)
{
    bool earlier = parser->settings != NULL && parser->settings->earlier_names;
    struct known_names known = {.incomplete = earlier || parser->scanner.diagnostics->count > 0};
    for (size_t i = 0; i < parser->program->event_count; i++) {
        const struct event *event = &parser->program->events[i];
        if (event->kind != EVENT_INJECT && event->kind != EVENT_EXPECT)
            continue;
        check_pattern(parser, &known, event, &event->pattern);
        for (size_t j = 0; j < event->other_count; j++)
            check_pattern(parser, &known, event, &event->others[j]);
    }
}
