/* SPDX-License-Identifier: MIT */
/*
 * The tokens of a script that was parsed, comments among them: what program_format() lays out. The lexer knows from the
 * program where events begin and what they are; a text that is no script is not for it. Private to this room.
 */
#ifndef SCRIPT_LEXER_H
#define SCRIPT_LEXER_H

#include "script/program.h"

/* What a token is part of: each has ways of its own with blanks. */
enum token_part {
    PART_NONE, /* of comments */
    PART_OPTION,
    PART_TIME,
    PART_ARROW, /* `<` or `>` before a segment */
    PART_SEGMENT,
    PART_CALL,
    PART_BODY, /* a command or code, as a whole */
};

enum token_kind {
    TOKEN_LINE_COMMENT,
    TOKEN_BLOCK_COMMENT,
    TOKEN_STRING,
    TOKEN_WORD,  /* names, numbers, and whatever else runs on in a segment */
    TOKEN_MARK,  /* brackets, commas, operators */
    TOKEN_NOTE,  /* behind a call */
    TOKEN_WHOLE, /* an option's name or value, a command, code */
};

struct token {
    enum token_part part;
    enum token_kind kind;
    struct span at;
    size_t newlines; /* between the token before it and this one */
    bool glued;      /* nothing at all is between them */
    bool begins;     /* an option, a command or an event */
    bool inside;     /* an event that began before it */
};

enum option_progress {
    OPTION_NONE,   /* not in an option */
    OPTION_NAME,   /* behind its name */
    OPTION_EQUALS, /* behind the `=` */
    OPTION_STRING, /* behind a string of its value: more may follow */
};

struct lexer {
    const struct program *program;
    size_t offset;
    size_t event;    /* the next one, or the one that the offset is in */
    bool arrow_seen; /* of the event: what follows is its segment */
    enum option_progress option;
};

/* The next token of the script; false at its end. */
bool lexer_next(struct lexer *lexer, struct token *token);

/* The characters of a token. */
ALWAYS_INLINE const char *token_text(const struct program *program, const struct token *token)
{
    return program->source.text + token->at.offset;
}

ALWAYS_INLINE bool token_is_comment(const struct token *token)
{
    return token->kind == TOKEN_LINE_COMMENT || token->kind == TOKEN_BLOCK_COMMENT;
}

#endif
