/* SPDX-License-Identifier: MIT */
/* Patterns whose slots are given values, from a segment that came or for one that is to be sent. */
#ifndef TESTS_ENGINE_RESOLVE_FIXTURE_H
#define TESTS_ENGINE_RESOLVE_FIXTURE_H

#include "engine/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What a run has for it. */
struct resolution {
    struct arena arena;
    struct names names;
    struct multipath multipath;
    struct connection connection;
    struct resolved_options options;
    struct pattern pattern; /* the one that was resolved last */
    struct error error;
    bool done;
};

static inline struct pattern parsed_pattern(struct arena *arena, const char *string)
{
    struct diagnostics diagnostics = {.arena = arena};
    const struct source source = {"text", string, strlen(string)};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    struct pattern pattern;
    if (!pattern_parse(&scanner, arena, NULL, &pattern))
        fail_msg("%s: %s", string, diagnostics.items[0].message);
    return pattern;
}

/* Resolves STRING for a segment that came as CAME says; NULL: for one that is to be sent. */
static inline void resolve(struct resolution *resolution, const char *string, const char *came)
{
    struct packet packet = {0};
    if (came != NULL)
        packet = parsed_pattern(&resolution->arena, came).packet;
    const struct multipath_filling multipath = {.state = &resolution->multipath,
                                                .connection = &resolution->connection,
                                                .names = &resolution->names,
                                                .arena = &resolution->arena,
                                                .injected = came == NULL,
                                                .remote = {ADDRESS_IPV4, {198, 51, 100, 2}}};
    const struct resolving resolving = {.names = &resolution->names,
                                        .arena = &resolution->arena,
                                        .came = came == NULL ? NULL : &packet,
                                        .live = came == NULL ? NULL : &packet,
                                        .options = &resolution->options,
                                        .code_length = 12,
                                        .multipath = &multipath};
    resolution->pattern = parsed_pattern(&resolution->arena, string);
    resolution->done = resolve_pattern(&resolving, &resolution->pattern, &resolution->error);
}

/* The option bytes that came of STRING, in hexadecimal. */
static inline void assert_resolved(struct resolution *resolution, const char *string, const char *came,
                                   const char *options)
{
    struct text text = text_growing();
    resolve(resolution, string, came);
    assert_true(resolution->done);
    struct bytes bytes = resolution->pattern.packet.tcp.options;
    text_append_hex(&text, bytes.data, bytes.length);
    assert_string_equal(text_string(&text), options);
    text_free(&text);
}

static inline void resolution_free(struct resolution *resolution)
{
    arena_free(&resolution->arena);
}

#endif
