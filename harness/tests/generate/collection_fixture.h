/* SPDX-License-Identifier: MIT */
/* What the project's own specification gives rise to. */
#ifndef TESTS_COLLECTION_FIXTURE_H
#define TESTS_COLLECTION_FIXTURE_H

#include "generate/collection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct collected {
    struct spec spec;
    struct arena arena;
    struct collection collection;
};

static inline int collected_setup(void **state)
{
    struct collected *collected = calloc(1, sizeof(*collected));
    struct error error;
    assert_non_null(collected);
    struct diagnostics diagnostics = {.arena = &collected->arena};
    assert_true(spec_load(&collected->spec, SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", &diagnostics, &error));
    assert_int_equal(diagnostics.count, 0);
    assert_true(collection_make(&collected->collection, &collected->spec));
    *state = collected;
    return 0;
}

static inline int collected_teardown(void **state)
{
    struct collected *collected = *state;
    collection_free(&collected->collection);
    spec_free(&collected->spec);
    arena_free(&collected->arena);
    free(collected);
    return 0;
}

/* The nearest place in STATE, with the plain numbering and without timestamps. */
static inline const struct place *collected_place(const struct collected *collected, enum spec_state state)
{
    for (size_t i = 0; i < collected->collection.place_count; i++) {
        const struct place *place = &collected->collection.places[i];
        if (place->state == state && place->numbering == NUMBERING_PLAIN && !place->stamped && !place->passive)
            return place;
    }
    fail_msg("%s is not reached", spec_state_name(state));
    return NULL;
}

#endif
