/* SPDX-License-Identifier: MIT */
/*
 * The parser of specifications: what its parts share. Private to this room.
 *
 * Theory of operation. The language is made of lines. What a line says follows from its first word; a row goes on until
 * a line that begins something else. After a mistake parsing goes on with the next line, so that all of a file's
 * mistakes are told at once. Every parse_...() function returns false once it has told what is wrong.
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

/* Rows under one head: those of a state, or of a name that states `use`. */
struct parse_group {
    const char *name;
    struct span at;
    PARSE_LIST(const struct spec_row *) rows;
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
    unsigned depth;
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

/* Finds out what NODE comes to; its operands are nodes already. */
bool spec_parse_reckon(struct parser *parser, struct spec_node *node);

/* An expression that is true or false, and one that is a number, or an interval where INTERVAL is true; its node. */
bool spec_parse_condition(struct parser *parser, uint16_t *node);
/* As spec_parse_condition(), over all further lines that begin with `or`. */
bool spec_parse_condition_lines(struct parser *parser, uint16_t *node);
bool spec_parse_number(struct parser *parser, bool interval, uint16_t *node);

/* The index of the choice of that name, which is made known if it is new. */
bool spec_parse_choice(struct parser *parser, struct span name, uint16_t *choice);

/* The index of the clauses at the cursor, up to the end of the line. */
bool spec_parse_clauses(struct parser *parser, const uint16_t **clauses, uint16_t *count);
bool spec_parse_at_clause(struct parser *parser);

/* A row whose first WORD was read, with all lines that belong to it. */
bool spec_parse_row(struct parser *parser, enum spec_row_kind kind, struct span word, struct spec_row **row);

/* An option, behind the word. */
bool spec_parse_option(struct parser *parser, struct span word);

/* The negotiation of ECN, behind the word. */
bool spec_parse_ecn(struct parser *parser, struct span word);

#endif
