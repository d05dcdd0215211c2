/* SPDX-License-Identifier: MIT */
/* A scanner on a text of a test's own, with what it said in a form that is quickly compared. */
#ifndef SCANNER_FIXTURE_H
#define SCANNER_FIXTURE_H

#include "base/scanner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct scanned {
    struct arena arena;
    struct diagnostics diagnostics;
    struct source source;
    struct scanner scanner;
    char *exact;          /* the text, in memory that ends where it ends */
    struct text comments; /* "[...]" for each */
    struct text errors;   /* "offset+length message\n" for each */
};

static inline void scanned_comment(void *context, struct span comment)
{
    struct scanned *scanned = context;
    text_append_character(&scanned->comments, '[');
    text_append_bytes(&scanned->comments, scanner_text(&scanned->scanner, comment), comment.length);
    text_append_character(&scanned->comments, ']');
}

/* What an earlier text left is given back. */
static inline void scanned_release(struct scanned *scanned)
{
    free(scanned->exact);
    arena_free(&scanned->arena);
    text_free(&scanned->comments);
    text_free(&scanned->errors);
}

static inline struct scanner *scan_bytes(struct scanned *scanned, const char *bytes, size_t length)
{
    scanned_release(scanned);
    *scanned = (struct scanned){.comments = text_growing(), .errors = text_growing()};
    scanned->exact = malloc(length > 0 ? length : 1);
    assert_non_null(scanned->exact);
    memcpy(scanned->exact, bytes, length);
    scanned->source = (struct source){"test", scanned->exact, length};
    scanned->diagnostics.arena = &scanned->arena;
    scanned->scanner = scanner_on(&scanned->source, &scanned->diagnostics);
    scanned->scanner.comment = scanned_comment;
    scanned->scanner.comment_context = scanned;
    return &scanned->scanner;
}

static inline struct scanner *scan(struct scanned *scanned, const char *text)
{
    return scan_bytes(scanned, text, strlen(text));
}

/* What was found wrong so far. */
static inline const char *scanned_errors(struct scanned *scanned)
{
    text_clear(&scanned->errors);
    for (size_t i = 0; i < scanned->diagnostics.kept; i++) {
        const struct diagnostic *diagnostic = &scanned->diagnostics.items[i];
        text_append_format(&scanned->errors, "%zu+%zu %s\n", diagnostic->at.offset, diagnostic->at.length,
                           diagnostic->message);
    }
    return text_string(&scanned->errors);
}

static inline int scanned_setup(void **state)
{
    static struct scanned scanned;
    scanned = (struct scanned){.comments = text_growing(), .errors = text_growing()};
    *state = &scanned;
    return 0;
}

static inline int scanned_teardown(void **state)
{
    scanned_release(*state);
    return 0;
}

#endif
