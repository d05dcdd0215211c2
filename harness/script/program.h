/* SPDX-License-Identifier: MIT */
/*
 * A program: the syntax tree of a script in packetdrill's language, with our extensions (specs/README.md).
 *
 * Nothing in it is resolved against a stack: symbols stay names, file descriptors stay the script's, sequence numbers
 * and times stay the script's. Everything lives in the program's arena and keeps its place in the source.
 */
#ifndef SCRIPT_PROGRAM_H
#define SCRIPT_PROGRAM_H

#include "base/clock.h"
#include "base/error.h"
#include "base/source.h"
#include "packet/pattern.h"

/* `--name=value` or `--name` at the head of a script. */
struct program_option {
    const char *name;  /* without the dashes, '-' and '_' as written */
    const char *value; /* NULL without `=` */
    struct span at;
};

/* `//: key rest of the line`: what a report or the runner is told about the script. */
struct program_note {
    const char *key; /* "title", "requirement", "timeout", ... */
    const char *value;
    struct span at;
};

enum event_time_kind {
    TIME_ABSOLUTE,       /* 0.1: from the start of the script */
    TIME_RELATIVE,       /* +0.1: from the event before */
    TIME_ANY,            /* *: whenever it comes */
    TIME_ABSOLUTE_RANGE, /* 0.1~0.2 */
    TIME_RELATIVE_RANGE, /* +0.1~+0.2 */
};

struct event_time {
    enum event_time_kind kind;
    nanoseconds start;
    nanoseconds end; /* of a range; else equal to start */
    /* `0.1...0.2`: a call that blocks, and when it returns, on the same scale as start. */
    bool blocking;
    nanoseconds returns;
    struct span at;
};

enum value_kind {
    VALUE_ELLIPSIS, /* `...`: left to the harness */
    VALUE_INTEGER,
    VALUE_NAME,   /* a symbol: SOL_SOCKET */
    VALUE_STRING, /* "..." */
    VALUE_UNARY,  /* ~ or - or & (the place of what is named) and one operand */
    VALUE_BINARY, /* | & + - * << >> and two operands */
    VALUE_LIST,   /* [a, b] */
    VALUE_STRUCT, /* {name = value, ...} or {value, ...} */
    VALUE_CALL,   /* htons(8080), inet_addr("192.0.2.1") */
};

/* No value is nested deeper than this, so that a walk over one may recurse. */
enum { VALUE_HEIGHT_MOST = 100 };

struct value {
    enum value_kind kind;
    unsigned height; /* 1 without items, else one more than that of the highest item; at most VALUE_HEIGHT_MOST */
    struct span at;
    int64_t integer; /* VALUE_INTEGER: its 64 bits, so that 0xffffffffffffffff is -1 */
    const char
        *text; /* VALUE_NAME, VALUE_STRING; VALUE_CALL: the function; VALUE_UNARY and VALUE_BINARY: the operator */
    size_t text_length;   /* a string may hold NULs */
    size_t count;         /* operands, items, members or arguments */
    struct value *items;  /* `count` of them */
    const char **names;   /* VALUE_STRUCT: `count` member names, each NULL where none was written */
    struct value *extent; /* what a member's name has in parentheses, `msg_iov(2) = ...`; NULL without */
};

/* `name(arguments) = result ERRNO (note)`. */
struct call_event {
    const char *name;
    struct span name_at;
    size_t count;
    struct value *arguments;
    bool has_result;
    struct value result;
    const char *error_name; /* "EINPROGRESS", or NULL */
    struct span error_at;
    const char *note; /* between parentheses, or NULL */
};

enum event_kind {
    EVENT_INJECT,  /* `<`: a segment for the stack */
    EVENT_EXPECT,  /* `>`: a segment of the stack's */
    EVENT_NOTHING, /* `> nothing`: no segment comes in the time range; without a range, since the event before */
    EVENT_CALL,
    EVENT_COMMAND, /* `shell command` */
    EVENT_CODE,    /* %{ python }% */
};

struct event {
    enum event_kind kind;
    struct event_time time;
    struct span at; /* all of it */
    union {
        struct {
            struct pattern pattern; /* what is injected or expected */
            /* `> PATTERN or ANOTHER or nothing`: the answers that are allowed besides, in their order */
            const struct pattern *others;
            size_t other_count;
            bool or_nothing; /* and silence until the end of the time range */
        };
        struct call_event call;
        struct {
            const char *text;
            size_t length;
        } body; /* of a command or of code */
    };
};

struct program {
    struct arena arena;
    struct source source; /* a copy in the arena */
    struct program_option *options;
    size_t option_count;
    struct program_note *notes;
    size_t note_count;
    const char *init_command;    /* NULL without */
    const char *cleanup_command; /* NULL without */
    bool continues;              /* other texts were performed before it */
    struct event *events;
    size_t event_count;
};

/*
 * `-D NAME=VALUE`: where NAME stands as a value or as a number of a segment, VALUE is read in its place. It is a
 * number, a name or a string in quotes; a segment takes numbers only.
 */
struct program_definition {
    const char *name;
    const char *value;
};

/* An option of the command line, as `--name=value` in a script; VALUE is NULL without one. */
struct program_given_option {
    const char *name;
    const char *value;
};

struct program_settings {
    const struct program_definition *definitions;
    size_t definition_count;
    const struct program_given_option *options; /* count as if they stood behind the script's own: the last rules */
    size_t option_count;
    /* A name that stands for a number of a segment and has no definition is 0: for a script that is only looked at. */
    bool undefined_names;
    /* The text goes on from others: a name may have got its value there. */
    bool earlier_names;
};

/*
 * Parses SOURCE into PROGRAM. False with at least one diagnostic per thing wrong, all of the file's; PROGRAM is empty
 * then and needs no free. The arena of DIAGNOSTICS outlives PROGRAM or not, as the caller likes.
 */
MUST_USE bool program_parse(const struct source *source, const struct program_settings *settings,
                            struct diagnostics *diagnostics, struct program *program);

/*
 * Reads a file and parses it. False with ERROR for what keeps the file from being read: NOT_FOUND if it is not there, a
 * folder or may not be read, MALFORMED if it is not text, TOO_LARGE over 16 MiB; PROGRAM is untouched then. True with
 * diagnostics->count > 0 if it was read but is no script: PROGRAM holds what is sound of it then, to look for more that
 * is wrong, and is not to be performed.
 * Whenever true is returned PROGRAM is ended with program_free().
 */
MUST_USE bool program_load(const char *path, const struct program_settings *settings, struct diagnostics *diagnostics,
                           struct program *program, struct error *error);

/* Frees what a program holds. */
void program_free(struct program *program);

/* Value of the option NAME ('-' and '_' are the same), or NULL; an option without a value is "". The last one counts.
 */
const char *program_option(const struct program *program, const char *name);

/* True if both programs mean the same. Where things stand in their sources, and comments, do not count. */
bool program_equal(const struct program *left, const struct program *right);

/* Value of the first note KEY, or NULL; a key may come several times ("requirement"): walk `notes` for all. */
const char *program_note(const struct program *program, const char *key);

#endif
