/* SPDX-License-Identifier: MIT */
/* Notes: comments that begin with two slashes and a colon, and are meant for the report or the runner. */
#include "script/parser.h"

#include "base/character.h"
#include "base/nearest_name.h"

/* True if the value is one that the key can have. */
typedef bool note_check(const char *value);

static bool note_is_anything(const char *value)
{
    return value[0] != '\0';
}

/* A document, a blank, and the place in it: `RFC9293 MUST-10`, `RFC5961 §4`. */
static bool note_is_requirement(const char *value)
{
    if (strncmp(value, "RFC", 3) != 0)
        return false;
    size_t digits = strspn(value + 3, "0123456789");
    return digits > 0 && value[3 + digits] == ' ' && value[3 + digits + 1] != '\0';
}

/* Seconds: a decimal above zero. */
static bool note_is_seconds(const char *value)
{
    size_t whole = strspn(value, "0123456789");
    const char *rest = value + whole;
    size_t fraction = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    bool shaped = whole > 0 && whole < 10 && *(rest + (*rest == '.' ? fraction + 1 : 0)) == '\0';
    return shaped && (*rest != '.' || fraction > 0) && strpbrk(value, "123456789") != NULL;
}

static bool note_is_link(const char *value)
{
    return strcmp(value, "raw") == 0 || strcmp(value, "tun") == 0;
}

static bool note_is_ip_versions(const char *value)
{
    static const char *const sets[] = {"4", "6", "4,6", "4, 6", "6,4", "6, 4"};
    for (size_t i = 0; i < COUNT_OF(sets); i++)
        if (strcmp(value, sets[i]) == 0)
            return true;
    return false;
}

static const struct note_row {
    const char *key;
    bool may_repeat;
    note_check *check;
    const char *expected; /* the value, for a message */
} note_rows[] = {
    {"title", false, note_is_anything, "a title"},
    {"requirement", true, note_is_requirement, "a document and a place in it, such as `RFC9293 MUST-10`"},
    {"timeout", false, note_is_seconds, "a number of seconds"},
    {"slow", false, note_is_anything, "what takes so long"},
    {"link", false, note_is_link, "`raw` or `tun`"},
    {"ip", false, note_is_ip_versions, "`4`, `6` or `4,6`"},
    {"note", true, note_is_anything, "a text"},
};

static const char *note_key_at(const void *context, size_t index)
{
    (void)context;
    return index < COUNT_OF(note_rows) ? note_rows[index].key : NULL;
}

static const struct note_row *note_row_of(struct parser *parser, struct span key)
{
    for (size_t i = 0; i < COUNT_OF(note_rows); i++)
        if (scanner_span_is(&parser->scanner, key, note_rows[i].key))
            return &note_rows[i];
    const char *name = scanner_text(&parser->scanner, key);
    int shown = (int)(key.length < 60 ? key.length : 60);
    const char *nearest = nearest_name(name, key.length, note_key_at, NULL);
    if (nearest != NULL)
        (void)diagnostics_add(parser->scanner.diagnostics, key, "unknown note `%.*s`; did you mean `%s`?", shown, name,
                              nearest);
    else
        (void)diagnostics_add(parser->scanner.diagnostics, key,
                              "unknown note `%.*s`: expected title, requirement, timeout, slow, link, ip or note",
                              shown, name);
    return NULL;
}

/* Cuts SPAN down to its characters from OFFSET on, without the blanks at both ends. */
static struct span span_trimmed(const struct parser *parser, struct span span, size_t offset)
{
    const char *text = parser->scanner.source->text;
    size_t end = span.offset + span.length;
    while (offset < end && character_is_blank(text[offset]))
        offset++;
    while (end > offset && character_is_blank(text[end - 1]))
        end--;
    return (struct span){offset, end - offset};
}

static void note_keep(struct parser *parser, struct span comment, const struct note_row *row, struct span value)
{
    struct program *program = parser->program;
    struct diagnostics *diagnostics = parser->scanner.diagnostics;
    const char *copy = parser_copy(parser, value);
    void *notes = program->notes;
    if (copy == NULL ||
        !parser_array_room(parser, &notes, sizeof(*program->notes), program->note_count, &parser->note_capacity))
        return;
    program->notes = notes;
    if (!row->check(copy))
        (void)diagnostics_add(diagnostics, value, "the note `%s` needs %s", row->key, row->expected);
    else if (!row->may_repeat && program_note(program, row->key) != NULL)
        (void)diagnostics_add(diagnostics, comment, "the note `%s` is given twice", row->key);
    else
        program->notes[program->note_count++] = (struct program_note){row->key, copy, comment};
}

/* A line of hyphens or a smiley behind `//:` is no note; a word is meant as one. */
static bool note_begins(const struct parser *parser, struct span comment, struct span rest)
{
    const char *text = scanner_text(&parser->scanner, comment);
    return comment.length > 3 && memcmp(text, "//:", 3) == 0 && rest.length > 0 &&
           character_is_letter(*scanner_text(&parser->scanner, rest));
}

static bool note_stands_alone(const struct parser *parser, struct span comment)
{
    const char *text = parser->scanner.source->text;
    size_t at = comment.offset;
    while (at > 0 && character_is_blank(text[at - 1]))
        at--;
    return at == 0 || text[at - 1] == '\n';
}

void parse_comment(void *context, struct span comment)
{
    struct parser *parser = context;
    if (comment.offset < parser->comments_end)
        return;
    parser->comments_end = comment.offset + comment.length;
    struct span rest = span_trimmed(parser, comment, comment.offset + 3);
    if (!note_begins(parser, comment, rest))
        return;
    if (!note_stands_alone(parser, comment)) {
        (void)diagnostics_add(parser->scanner.diagnostics, comment, "a note stands on a line of its own");
        return;
    }
    struct span key = {rest.offset, 0};
    const char *text = scanner_text(&parser->scanner, rest);
    while (key.length < rest.length && !character_is_blank(text[key.length]))
        key.length++;
    const struct note_row *row = note_row_of(parser, key);
    if (row != NULL)
        note_keep(parser, comment, row, span_trimmed(parser, rest, key.offset + key.length));
}
