/* SPDX-License-Identifier: MIT */
/* What stands between brackets, with commas between. */
#include "script/parser.h"

#include "base/character.h"

/* Lists that are open at once hold no more than this; far above any script. */
enum { PENDING_ITEMS_MOST = 1000000 };

/* The name of a member: a word, whatever a definition made of it as a value. */
static const char *item_member_name(struct parser *parser, const struct value *read)
{
    const char *text = scanner_text(&parser->scanner, read->at);
    size_t length = 0;
    while (length < read->at.length && character_is_word(text[length]))
        length++;
    bool word = length == read->at.length && !character_is_digit(text[0]);
    if (word)
        return parser_copy(parser, read->at);
    if (read->kind == VALUE_CALL && read->count == 1)
        return read->text;
    (void)diagnostics_add(parser->scanner.diagnostics, read->at,
                          "expected the name of a member before `=`, such as `fd` or `msg_iov(1)`");
    return NULL;
}

/* `name = value` and `name(extent) = value`: what was read as a value was the name. */
static bool item_member_value(struct parser *parser, struct pending_item *item)
{
    struct value before = item->value;
    item->name = item_member_name(parser, &before);
    if (item->name == NULL)
        return false;
    parser_skip(parser);
    if (!parse_value(parser, &item->value))
        return false;
    item->value.extent = before.kind == VALUE_CALL ? before.items : NULL;
    return true;
}

static bool parse_item(struct parser *parser, bool named, struct pending_item *item)
{
    *item = (struct pending_item){0};
    parser_skip(parser);
    if (!parse_value(parser, &item->value))
        return false;
    parser_skip(parser);
    return !named || !scanner_accept(&parser->scanner, "=") || item_member_value(parser, item);
}

static bool parse_item_onto_pending(struct parser *parser, bool named)
{
    struct pending_item item;
    if (!parse_item(parser, named, &item))
        return false;
    void *pending = parser->pending;
    if (parser->pending_count >= PENDING_ITEMS_MOST ||
        !arena_array_room(&parser->scratch, &pending, sizeof(item), parser->pending_count, &parser->pending_capacity))
        return parser_fail_exhausted(parser);
    parser->pending = pending;
    parser->pending[parser->pending_count++] = item;
    return true;
}

/* Moves the pending items from FIRST on to LIST, in an array of their own. */
static bool items_commit(struct parser *parser, size_t first, bool named, struct value *list)
{
    size_t count = parser->pending_count - first;
    struct value *items = NULL;
    const char **names = NULL;
    if (count > 0 && (items = parser_take(parser, count * sizeof(*items))) == NULL)
        return false;
    if (count > 0 && named && (names = parser_take(parser, count * sizeof(*names))) == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        items[i] = parser->pending[first + i].value;
        if (named)
            names[i] = parser->pending[first + i].name;
    }
    list->names = names;
    return parser_adopt(parser, list, items, count);
}

/* Items up to and with CLOSING, onto the pending ones. */
static bool parse_pending_items(struct parser *parser, const char *closing, bool named)
{
    char expected[16];
    struct text text = text_in(expected, sizeof(expected));
    text_append_format(&text, "`,` or `%s`", closing);
    parser_skip(parser);
    if (scanner_accept(&parser->scanner, closing))
        return true;
    do {
        if (!parse_item_onto_pending(parser, named))
            return false;
        parser_skip(parser);
    } while (scanner_accept(&parser->scanner, ","));
    return scanner_expect(&parser->scanner, closing, expected);
}

bool parse_items(struct parser *parser, const char *closing, bool named, struct value *list)
{
    size_t first = parser->pending_count;
    if (!parser_descend(parser))
        return false;
    parser->brackets++;
    bool done = parse_pending_items(parser, closing, named);
    parser->brackets--;
    parser->depth--;
    list->at = parser_since(parser, list->at.offset);
    done = done && items_commit(parser, first, named, list);
    parser->pending_count = first;
    return done;
}
