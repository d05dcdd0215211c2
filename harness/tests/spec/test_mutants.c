/* SPDX-License-Identifier: MIT */
/* Each rule dropped, weakened or swapped: what laws and contract notice of it, without a stack. */
#include "mutant.h"
#include "spec/laws.h"
#include "spec/model.h"
#include "spec_fixture.h"

enum { ROWS_MOST = 256 };

static struct exchange loaded;
static uint32_t performed[ROWS_MOST]; /* by the model, of each row */

static const struct model_scenario scenarios[] = {
    {.opens = 1, .crashes = 1},
    {.opens = 1, .outsider = true, .choice = "follows-5961"},
    {.opens = 2},
};

static enum model_finding search(const struct spec *spec, const struct model_scenario *scenario, bool counted)
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

static int load(void **state)
{
    exchange_load(&loaded);
    assert_true(loaded.spec.row_count < ROWS_MOST);
    for (size_t i = 0; i < COUNT_OF(scenarios); i++)
        assert_int_equal(search(&loaded.spec, &scenarios[i], true), MODEL_NOTHING);
    *state = &loaded;
    return 0;
}

static int unload(void **state)
{
    exchange_free(*state);
    return 0;
}

static bool breaks_a_law(const struct spec *spec)
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
static bool can_matter(const struct spec_row *row)
{
    return performed[row->number] > 0 || (row->kind != SPEC_ROW_ARRIVES && row->kind != SPEC_ROW_SENDS);
}

static bool breaks_the_contract(const struct spec *spec, const struct spec_row *row)
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

static void note_decider(void *context, const struct situation *situation)
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

static uint64_t deciders_of(const struct spec *spec)
{
    struct deciders deciders = {.hash = 1};
    assert_true(row_index_make(&deciders.index, spec));
    situations_walk_all(spec, note_decider, &deciders);
    row_index_free(&deciders.index);
    return deciders.hash;
}

struct tally {
    size_t mutants, same, by_laws, by_contract, by_none;
};

static void try_mutant(const struct spec_row *row, enum mutation mutation, uint64_t deciders, struct tally *tally)
{
    struct mutant mutant;
    if (mutant_make(&mutant, &loaded.spec, row->number, mutation)) {
        tally->mutants++;
        unsigned line = source_position(&loaded.spec.source, row->at.offset).line;
        if (mutation == SWAPPED && deciders_of(&mutant.spec) == deciders)
            tally->same++;
        else if (breaks_a_law(&mutant.spec))
            tally->by_laws++;
        else if (breaks_the_contract(&mutant.spec, row))
            tally->by_contract++;
        else {
            tally->by_none++;
            print_message("line %u, %s: left to scripts\n", line, mutation_name(mutation));
        }
    }
    mutant_free(&mutant);
}

/* What is not noticed here is left to scripts. These bounds may sink; each that rises hides a mutant more. */
static const size_t left_most[MUTATION_COUNT] = {[DROPPED] = 14, [WEAKENED] = 6, [SWAPPED] = 8};

static void laws_and_contract_notice_what_they_are_about(void **state)
{
    (void)state;
    const uint64_t deciders = deciders_of(&loaded.spec);
    size_t by_contract = 0;
    for (unsigned mutation = 0; mutation < MUTATION_COUNT; mutation++) {
        struct tally tally = {0};
        for (uint16_t i = 0; i < loaded.spec.row_count; i++)
            try_mutant(&loaded.spec.rows[i], mutation, deciders, &tally);
        print_message("%s: %zu mutants, %zu of them the same by another order; laws notice %zu, the contract %zu, "
                      "scripts have to notice %zu\n",
                      mutation_name(mutation), tally.mutants, tally.same, tally.by_laws, tally.by_contract,
                      tally.by_none);
        assert_true(tally.mutants > 50);
        assert_true(tally.by_none <= left_most[mutation]);
        by_contract += tally.by_contract;
    }
    assert_true(by_contract > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_and_contract_notice_what_they_are_about),
    };
    return cmocka_run_group_tests_name("mutants", tests, load, unload);
}
