/* SPDX-License-Identifier: MIT */
/* What `spec check` notices of a mutant: laws, and the contract between two peers that follow it. */
#ifndef TESTS_SPEC_MUTANT_CHECK_H
#define TESTS_SPEC_MUTANT_CHECK_H

#include "mutant.h"
#include "spec/laws.h"
#include "spec/model.h"
#include "spec_fixture.h"

enum { ROWS_MOST = 256 };

static uint32_t performed[ROWS_MOST]; /* by the model, of each row */

static const struct model_scenario scenarios[] = {
    {.opens = 1, .crashes = 1},
    {.opens = 1, .outsider = true, .choice = "follows-5961"},
    {.opens = 2},
};

static inline enum model_finding search(const struct spec *spec, const struct model_scenario *scenario, bool counted)
{
    const struct model_bounds bounds = {
        .width = MODEL_WIDTH, .states_most = MODEL_STATES_MOST, .applied = counted ? performed : NULL};
    struct model_result result;
    struct error error;
    assert_true(model_search(spec, scenario, &bounds, &result, &error));
    enum model_finding finding = result.finding;
    model_result_free(&result);
    return finding;
}

/* Counts what the model performs of SPEC, which keeps the contract. */
static inline void mutant_check_begin(const struct spec *spec)
{
    assert_true(spec->row_count < ROWS_MOST);
    for (size_t i = 0; i < COUNT_OF(scenarios); i++)
        assert_int_equal(search(spec, &scenarios[i], true), MODEL_NOTHING);
}

static inline bool breaks_a_law(const struct spec *spec)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct laws laws = {.knows_clause = NULL};
    struct error error;
    assert_true(laws_check(spec, &laws, &diagnostics, &error));
    arena_free(&arena);
    return diagnostics.count > 0;
}

/* What no peer of the model ever does makes no difference to it. */
static inline bool can_matter(const struct spec_row *row)
{
    return performed[row->number] > 0 || (row->kind != SPEC_ROW_ARRIVES && row->kind != SPEC_ROW_SENDS);
}

static inline bool breaks_the_contract(const struct spec *spec, const struct spec_row *row)
{
    for (size_t i = 0; can_matter(row) && i < COUNT_OF(scenarios); i++)
        if (search(spec, &scenarios[i], false) != MODEL_NOTHING)
            return true;
    return false;
}

/* The deciders of all situations, in order. */
struct deciders {
    struct row_index index;
    uint64_t hash;
};

static inline void note_decider(void *context, const struct situation *situation)
{
    struct deciders *deciders = context;
    const struct row_list *rows = situation_rows(&deciders->index, situation);
    for (uint16_t i = 0; i < rows->count; i++)
        if (situation_fits(situation, rows->rows[i])) {
            deciders->hash = (deciders->hash ^ rows->rows[i]->number) * 0x9e3779b97f4a7c15U;
            if (!row_passes_on(rows->rows[i]))
                break;
        }
    deciders->hash = (deciders->hash ^ UINT32_MAX) * 0x9e3779b97f4a7c15U;
}

static inline uint64_t deciders_of(const struct spec *spec)
{
    struct deciders deciders = {.hash = 1};
    assert_true(row_index_make(&deciders.index, spec));
    situations_walk_all(spec, note_decider, &deciders);
    row_index_free(&deciders.index);
    return deciders.hash;
}

#endif
