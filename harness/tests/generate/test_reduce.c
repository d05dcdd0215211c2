/* SPDX-License-Identifier: MIT */
/* As few scripts as do. */
#include "collection_fixture.h"

static unsigned *count_goals(const struct candidates *candidates)
{
    unsigned *times = calloc(candidates->goal_count, sizeof(*times));
    assert_non_null(times);
    for (size_t i = 0; i < candidates->count; i++)
        for (size_t j = 0; candidates->items[i].chosen && j < candidates->items[i].goal_count; j++)
            times[candidates->items[i].goals[j]]++;
    return times;
}

static void every_goal_is_reached_by_a_script(void **state)
{
    const struct collected *collected = *state;
    const struct candidates *candidates = &collected->collection.candidates;
    unsigned *times = count_goals(candidates);
    for (size_t i = 0; i < candidates->goal_count; i++)
        assert_true(times[i] > 0);
    free(times);
}

static void no_script_can_be_left_out(void **state)
{
    const struct collected *collected = *state;
    const struct candidates *candidates = &collected->collection.candidates;
    unsigned *times = count_goals(candidates);
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *candidate = &candidates->items[i];
        bool alone = false;
        for (size_t j = 0; j < candidate->goal_count; j++)
            alone = alone || times[candidate->goals[j]] == 1;
        assert_true(!candidate->chosen || alone);
    }
    free(times);
}

static void there_are_far_fewer_than_candidates(void **state)
{
    const struct collected *collected = *state;
    const struct candidates *candidates = &collected->collection.candidates;
    print_message("%zu of %zu\n", candidates->chosen, candidates->count);
    assert_true(candidates->chosen * 2 < candidates->count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_goal_is_reached_by_a_script),
        cmocka_unit_test(no_script_can_be_left_out),
        cmocka_unit_test(there_are_far_fewer_than_candidates),
    };
    return cmocka_run_group_tests(tests, collected_setup, collected_teardown);
}
