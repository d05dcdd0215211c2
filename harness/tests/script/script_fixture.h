/* SPDX-License-Identifier: MIT */
/* A script parsed for a test, with its diagnostics in a form that is quickly compared. */
#ifndef SCRIPT_FIXTURE_H
#define SCRIPT_FIXTURE_H

#include "script/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct parsed {
    struct arena arena; /* of the diagnostics */
    struct diagnostics diagnostics;
    struct program program;
    struct text errors; /* "line:column+length message\n" for each */
    bool done;
};

static inline void parsed_list_errors(struct parsed *parsed, const struct source *source)
{
    parsed->errors = text_growing();
    for (size_t i = 0; i < parsed->diagnostics.kept; i++) {
        const struct diagnostic *diagnostic = &parsed->diagnostics.items[i];
        struct source_position at = source_position(source, diagnostic->at.offset);
        text_append_format(&parsed->errors, "%u:%u+%zu %s\n", at.line, at.column, diagnostic->at.length,
                           diagnostic->message);
    }
}

static inline void parse_bytes(struct parsed *parsed, const char *bytes, size_t length,
                               const struct program_settings *settings)
{
    *parsed = (struct parsed){0};
    parsed->diagnostics.arena = &parsed->arena;
    const struct source source = {"script.pkt", bytes, length};
    parsed->done = program_parse(&source, settings, &parsed->diagnostics, &parsed->program);
    parsed_list_errors(parsed, &source);
    assert_int_equal(parsed->done, parsed->diagnostics.count == 0);
}

static inline void parse_text(struct parsed *parsed, const char *text)
{
    parse_bytes(parsed, text, strlen(text), NULL);
}

/* Parses a script that must be sound. */
static inline void parse_sound(struct parsed *parsed, const char *text)
{
    parse_text(parsed, text);
    assert_string_equal(text_string(&parsed->errors), "");
    assert_true(parsed->done);
}

static inline void parsed_free(struct parsed *parsed)
{
    program_free(&parsed->program);
    text_free(&parsed->errors);
    arena_free(&parsed->arena);
}

/* Parses a script whose diagnostics must be ERRORS; nothing is left of it then. */
static inline void assert_errors(const char *text, const char *errors)
{
    struct parsed parsed;
    parse_text(&parsed, text);
    assert_string_equal(text_string(&parsed.errors), errors);
    assert_false(parsed.done);
    assert_int_equal(parsed.program.event_count, 0);
    assert_null(parsed.program.arena.newest);
    parsed_free(&parsed);
}

/* A script that is wrong in one way, and the one diagnostic that it gets. */
struct fault {
    const char *text;
    const char *error; /* without the line end */
};

static inline void assert_faults(const struct fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char expected[600];
        struct text text = text_in(expected, sizeof(expected));
        text_append_format(&text, "%s\n", faults[i].error);
        assert_errors(faults[i].text, expected);
    }
}

#endif
