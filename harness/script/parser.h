/* SPDX-License-Identifier: MIT */
/*
 * The parser of scripts: what its parts share. Private to this room.
 *
 * Theory of operation. The language is not made of lines: a line end is a blank. What ends an event is the time of the
 * next one. Read strictly so, one forgotten bracket would swallow the rest of a file, and its message would stand far
 * from the mistake. So there is one rule more, which no sound script feels: a line that begins with a time and
 * something that can follow one begins an event, whatever is still open before it. parser_skip() is where that rule
 * lives: it passes over line ends, but not into such a line.
 *
 * Every parse_...() function returns false once it has told what is wrong; the event is given up then, and
 * parse_script() goes on at the next line that begins one.
 */
#ifndef SCRIPT_PARSER_H
#define SCRIPT_PARSER_H

#include "base/scanner.h"
#include "script/program.h"

/* One item of a list or struct while its end is not yet known. */
struct pending_item {
    const char *name; /* NULL without */
    struct value value;
};

struct parser {
    struct scanner scanner;
    struct program *program; /* being filled; owns the arena */
    const struct program_settings *settings;
    struct arena scratch; /* for what is needed only while parsing */
    struct pending_item *pending;
    size_t pending_count;
    size_t pending_capacity;
    struct program_definition *definitions; /* the script's own, from its option --define */
    size_t definition_count;
    size_t definition_capacity;
    size_t option_capacity;
    size_t note_capacity;
    size_t event_capacity;
    size_t comments_end;  /* comments up to here were looked at: a second look at one finds nothing new */
    size_t event_end;     /* of the event that was read last; the cursor may be further, in search of more of it */
    unsigned depth;       /* of brackets and operators that are open at the cursor */
    unsigned brackets;    /* of those, the brackets */
    bool code_never_ends; /* no code end comes any more: not looked for again, so that parsing stays linear */
    bool exhausted;       /* memory, or what a script may take of it, ran out: no use in going on */
};

/* Memory that lives as long as the program; NULL with a diagnostic if there is none. */
MUST_USE void *parser_take(struct parser *parser, size_t size);

/* A copy of the characters of SPAN, as parser_take(). */
MUST_USE char *parser_copy(struct parser *parser, struct span span);

/* As arena_array_room(), as parser_take(). */
MUST_USE bool parser_array_room(struct parser *parser, void **items, size_t item_size, size_t count, size_t *capacity);

/* Tells that memory ran out. Always returns false. */
bool parser_fail_exhausted(struct parser *parser);

/* Skips blanks, comments and line ends, but stays before the end of the line if the next event begins behind it. */
void parser_skip(struct parser *parser);

/* From OFFSET to the cursor. */
ALWAYS_INLINE struct span parser_since(const struct parser *parser, size_t offset)
{
    return (struct span){offset, parser->scanner.offset - offset};
}

/* Where the first NEEDLE at or behind OFFSET starts, or the length of the source if there is none. */
size_t parser_find(const struct parser *parser, size_t offset, const char *needle);

/* Where the code that opens at OFFSET is closed, as parser_find(); linear over a whole script. */
size_t parser_find_code_end(struct parser *parser, size_t offset);

/* True if what stands at OFFSET looks like the time of an event, be it a wrong one. Moves nothing. */
bool parser_time_begins(const struct parser *parser, size_t offset);

/* True if a time and something that can happen then stand at OFFSET. Moves nothing. */
bool parser_event_begins(const struct parser *parser, size_t offset);

/* The whole script, up to its end; all that is wrong with it is in the diagnostics. */
void parse_script(struct parser *parser);

/* Called by the scanner for each comment, with the parser: keeps notes. */
void parse_comment(void *context, struct span comment);

/* An option at the cursor. */
MUST_USE bool parse_option(struct parser *parser);

/* The options of the settings, behind the script's own. */
void parse_given_options(struct parser *parser);

/* The time at the cursor. */
MUST_USE bool parse_time(struct parser *parser, struct event_time *time);

/* An event: its time and what happens. */
MUST_USE bool parse_event(struct parser *parser, struct event *event);

/* A command between backquotes, or code: the text between is copied as it stands. */
MUST_USE bool parse_command(struct parser *parser, const char **text, size_t *length);
MUST_USE bool parse_code(struct parser *parser, const char **text, size_t *length);

/* A system call whose name is at the cursor. */
MUST_USE bool parse_call(struct parser *parser, struct call_event *call);

/* A value with operators. */
MUST_USE bool parse_value(struct parser *parser, struct value *value);

/* A value without operators: what they are applied to. */
MUST_USE bool parse_operand(struct parser *parser, struct value *value);

/* A list of values, comma between, behind its opening bracket and up to and with CLOSING; with member names if NAMED.
 */
MUST_USE bool parse_items(struct parser *parser, const char *closing, bool named, struct value *list);

/* Goes one level deeper, or tells that the value at the cursor is nested too deeply. */
MUST_USE bool parser_descend(struct parser *parser);

/* Puts ITEMS beneath VALUE and reckons its height. */
MUST_USE bool parser_adopt(struct parser *parser, struct value *value, struct value *items, size_t count);

/* Keeps the definition TEXT, NAME=VALUE, which the program's arena holds; false if it is none. AT is where it stands.
 */
MUST_USE bool definition_keep(struct parser *parser, const char *text, struct span at);

/* The definition of the LENGTH characters at NAME, or NULL. */
const struct program_definition *definition_find(const struct parser *parser, const char *name, size_t length);

/* Makes VALUE, a name, what its definition says. */
MUST_USE bool definition_apply(struct parser *parser, struct value *value);

/* What pattern_parse() asks for names; the context is the parser. */
bool definition_number(void *context, const char *name, size_t length, uint64_t *number);
bool definition_bytes(void *context, const char *name, size_t length, const char **text);

/* Tells which names of values are used before a segment gives them one, or for another kind of value. */
void check_names(struct parser *parser);

#endif
