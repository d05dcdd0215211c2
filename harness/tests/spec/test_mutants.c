/* SPDX-License-Identifier: MIT */
/* Each rule dropped, weakened or swapped: what laws and contract notice of it, without a stack. */
#include "mutant_check.h"

static struct exchange loaded;

static int load(void **state)
{
    exchange_load(&loaded);
    mutant_check_begin(&loaded.spec);
    *state = &loaded;
    return 0;
}

static int unload(void **state)
{
    exchange_free(*state);
    return 0;
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
