/* SPDX-License-Identifier: MIT */
/*
 * The parser of specifications: what its parts share. Private to this room.
 *
 * Theory of operation. The language is made of lines. What a line says follows from its first word; a row goes on until
 * a line that begins something else. Every parse_...() function returns false once it has told what is wrong.
 *
 * One mistake is to be one message, and all mistakes of a file are to be told at once. So after a mistake parsing goes
 * on with the next line of the same row, predicate or option; a mistyped first word is taken for the one that is
 * nearest; a name whose line is wrong is known all the same; a name that nobody made known is told once, with all lines
 * that it stands in; what can't be told from a forgotten `or` is taken for one.
 */
#ifndef SPEC_PARSE_H
#define SPEC_PARSE_H

#include "base/scanner.h"
#include "spec/spec.h"

enum {
    PARSE_NODES_MOST = 4096,
    PARSE_TESTS_MOST = 16384,
    PARSE_ROWS_MOST = 1024,
    PARSE_NAMES_MOST = 256, /* of a kind: parameters, predicates, choices */
    PARSE_OUTCOMES_MOST = 16,
    PARSE_EFFECTS_MOST = 16,
    PARSE_CLAUSES_MOST = 16, /* of a row */
    PARSE_GROUP_MOST = 256,  /* rows of a state */
    PARSE_DEPTH_MOST = 64,
};

/* A growing array in the parser's arena. */
#define PARSE_LIST(type) \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }

/* A row of a group, and where it got into it: itself, or a `use`. */
struct parse_member {
    const struct spec_row *row;
    struct span at;
};

/* Rows under one head: those of a state, or of a name that states `use`. A head that is wrong leaves one without name.
 */
struct parse_group {
    const char *name;
    struct span at;
    PARSE_LIST(struct parse_member) members;
};

/* A name that a line of its own makes known. */
struct parse_declared {
    const char *name;
    struct span at;
};

/* Names that nobody made known so far. */
enum parse_unknown_kind { UNKNOWN_IN_CONDITION, UNKNOWN_PARAMETER, UNKNOWN_CHOICE, UNKNOWN_ROWS };
struct parse_unknown {
    struct span at;
    enum parse_unknown_kind kind;
    bool told;
};

struct parser {
    struct scanner scanner;
    struct spec *spec;
    struct arena *arena; /* the specification's */
    PARSE_LIST(struct spec_node) nodes;
    PARSE_LIST(struct spec_test) tests;
    PARSE_LIST(struct spec_parameter) parameters;
    PARSE_LIST(struct spec_named_node) predicates;
    PARSE_LIST(const char *) choices;
    PARSE_LIST(const char *) clauses;
    PARSE_LIST(struct spec_option) options;
    PARSE_LIST(struct spec_row *) rows;
    PARSE_LIST(struct parse_group) groups;
    PARSE_LIST(struct parse_declared) declared;
    PARSE_LIST(struct parse_unknown) unknown;
    unsigned depth;
    bool told_most;  /* that there are too many of something */
    bool lost_names; /* a line that could not be read may have made a name known */
};

/* Room for one more item at the end of LIST; false with a diagnostic if there is none, or if there are MOST already. */
#define PARSE_ROOM(parser, list, most)                                                                   \
    ((list)->count < (most) ? spec_parse_room(parser, (void **)&(list)->items, sizeof((list)->items[0]), \
                                              (list)->count, &(list)->capacity)                          \
                            : spec_parse_fail_most(parser, most))
bool spec_parse_room(struct parser *parser, void **items, size_t item_size, size_t count, size_t *capacity);
bool spec_parse_fail_most(struct parser *parser, size_t most);

/* Memory of the specification; NULL with a diagnostic. */
void *spec_parse_take(struct parser *parser, size_t size);

/* A word of letters, digits and `.`, `-`, `_` between them. False without a diagnostic if none comes. */
bool spec_parse_word(struct parser *parser, struct span *word);

/* The word that comes next, in memory of the specification's; NULL with a diagnostic if none comes: WHAT was expected.
 */
const char *spec_parse_name(struct parser *parser, const char *what);

/* The word that comes next, without moving past it; length 0 if none comes. */
struct span spec_parse_peek(struct parser *parser);

/* True, and past it, if WORD comes next. */
bool spec_parse_accept_word(struct parser *parser, const char *word);

/* True if SPAN is NAME. */
bool spec_parse_is(const struct parser *parser, struct span span, const char *name);

/* A diagnostic: WHAT is not known, with the nearest of COUNT names. Returns false. */
bool spec_parse_fail_unknown(struct parser *parser, struct span at, const char *what, const char *const *names,
                             size_t count);

/* The rest of the line has to be empty. */
bool spec_parse_line_end(struct parser *parser);
void spec_parse_skip_line(struct parser *parser);
/* Up to a line that begins a section, for certain. */
void spec_parse_skip_section(struct parser *parser);

/* The line that SPAN is in, from 1. */
unsigned spec_parse_line_of(const struct parser *parser, struct span span);

/* What the line that begins with WORD is meant to be: the index of one of COUNT names, or of the nearest, which is
 * told; COUNT if it is far from all, which is for the caller to tell. */
size_t spec_parse_meant(struct parser *parser, struct span word, const char *const *names, size_t count);

/* What was told so far, and how it is taken back: of a line whose first word was not understood for certain only that
 * is told. */
struct parse_told {
    size_t diagnostics;
    size_t kept;
    size_t unknown;
};
struct parse_told spec_parse_told(const struct parser *parser);
/* False if more was told since TOLD, which is taken back. */
bool spec_parse_take_back(struct parser *parser, const struct parse_told *told);

/* The words that begin a section or a row; from SPEC_PARSE_ROW_WORDS on, those of rows in the order of enum
 * spec_row_kind. The number of those that WORD is, or SPEC_PARSE_SECTION_WORDS. */
enum { SPEC_PARSE_ROW_WORDS = 8, SPEC_PARSE_SECTION_WORDS = 13 };
extern const char *const spec_parse_section_words[SPEC_PARSE_SECTION_WORDS];
size_t spec_parse_section_word(const struct parser *parser, struct span word);

/* As spec_parse_meant(), for the next line of something that is made of several: COUNT also where it is told that
 * nobody knows what the line is, and COUNT + 1 where it begins another section, or is meant to. */
size_t spec_parse_line_meant(struct parser *parser, struct span word, const char *const *names, size_t count);

/* False, once that is told, if what the line at WORD is about was said in the line at *BEFORE, whose length is 0 if it
 * was not; it is said there now. */
bool spec_parse_first(struct parser *parser, struct span word, struct span *before);

/* Makes NAME known, which stands at AT; false if it was known before, or has a meaning of its own. */
bool spec_parse_declare(struct parser *parser, struct span at, const char *name);

/* Notes that nobody made known the name at AT; false if memory ran out. What is noted is told once all was read. */
bool spec_parse_note_unknown(struct parser *parser, struct span at, enum parse_unknown_kind kind);
void spec_parse_tell_unknown(struct parser *parser);

/* Finds out what NODE comes to; its operands are nodes already. */
bool spec_parse_reckon(struct parser *parser, struct spec_node *node);

/* An expression that is true or false, and one that is a number, or an interval where INTERVAL is true; its node. */
bool spec_parse_condition(struct parser *parser, uint16_t *node);
/* As spec_parse_condition(), over all further lines that begin with `or`; behind the last one even where one is wrong.
 */
bool spec_parse_condition_lines(struct parser *parser, uint16_t *node);
bool spec_parse_number(struct parser *parser, bool interval, uint16_t *node);

/* The index of the choice, or of the parameter, whose name comes next. */
bool spec_parse_choice(struct parser *parser, uint16_t *choice);
bool spec_parse_parameter(struct parser *parser, uint16_t *parameter);

/* Adds a control bit that comes next to BITS, which must not have it yet, and TAKEN neither. */
bool spec_parse_bit(struct parser *parser, uint16_t *bits, uint16_t taken);
/* `SYN+ACK` of a segment that is sent: it is named in full, as far as the four bits go that make it what it is. */
bool spec_parse_sent(struct parser *parser, struct spec_bits *bits);

/* The index of the clauses at the cursor, up to the end of the line. */
bool spec_parse_clauses(struct parser *parser, const uint16_t **clauses, uint16_t *count);
/* False, once that is told, if there are none; the section begins AT. */
bool spec_parse_has_clauses(struct parser *parser, struct span at, uint16_t count);
bool spec_parse_at_clause(struct parser *parser);

/* A row whose first WORD was read, with all lines that belong to it; NULL if something in it is wrong. Where KIND is
 * SPEC_PARSE_HEADLESS that word belongs within a row already. */
enum { SPEC_PARSE_HEADLESS = SPEC_ROW_CALLS + 1 };
const struct spec_row *spec_parse_row(struct parser *parser, unsigned kind, struct span word);

/* What begins the row at hand; and all of its outcomes, whose lines spec_parse_row_line() reads. */
struct pending_outcome {
    struct spec_outcome outcome;
    struct spec_effect effects[PARSE_EFFECTS_MOST];
    struct span effect_at[PARSE_EFFECTS_MOST];
    struct span said_at; /* what is sent, or that nothing is; length 0: not said */
    struct span go_at;   /* length 0: the state stays */
    struct span at;
    bool unsure; /* a line of it could not be read */
};
struct pending_row {
    struct spec_row row;
    struct pending_outcome outcomes[PARSE_OUTCOMES_MOST];
    size_t count;
    bool clauses_unsure; /* a line that could not be read may have been that of the clauses */
    bool broken;
    bool empty; /* no line follows the head */
};

/* Words that begin a line within a row. */
enum { SPEC_PARSE_LINE_WORDS = 7 + SPEC_EFFECT_COUNT };
extern const char *const spec_parse_line_words[SPEC_PARSE_LINE_WORDS];

/* One more outcome, that of the line at AT. */
bool spec_parse_outcome_begin(struct parser *parser, struct pending_row *pending, struct span at);
/* The rest of the line that begins with LINE_WORD, one of those, which stands at WORD. */
bool spec_parse_row_line(struct parser *parser, struct pending_row *pending, size_t line_word, struct span word);

/* `state NAME` or `rows NAME` behind the first word; `use NAME`; a row of the group at hand. */
bool spec_parse_group_head(struct parser *parser, bool state);
bool spec_parse_use(struct parser *parser, struct span word);
bool spec_parse_group_add(struct parser *parser, const struct spec_row *row, struct span at);
/* A group without a name, so that rows have a place. */
bool spec_parse_group_lost(struct parser *parser, struct span at);

/* An option, behind the word. */
bool spec_parse_option(struct parser *parser, struct span word);

/* The negotiation of ECN, behind the word. */
bool spec_parse_ecn(struct parser *parser, struct span word);

#endif
