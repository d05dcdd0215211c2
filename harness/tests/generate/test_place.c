/* SPDX-License-Identifier: MIT */
/* The ways to the states. */
#include "collection_fixture.h"

static void every_state_is_reached_by_the_fewest_moves(void **state)
{
    const struct collected *collected = *state;
    static const size_t moves[SPEC_STATE_COUNT] = {
        [SPEC_CLOSED] = 0,      [SPEC_LISTEN] = 1,     [SPEC_SYN_SENT] = 1,   [SPEC_SYN_RECEIVED] = 2,
        [SPEC_ESTABLISHED] = 2, [SPEC_FIN_WAIT_1] = 3, [SPEC_FIN_WAIT_2] = 4, [SPEC_CLOSE_WAIT] = 3,
        [SPEC_CLOSING] = 4,     [SPEC_LAST_ACK] = 4,   [SPEC_TIME_WAIT] = 4,
    };
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        assert_int_equal(collected_place(collected, i)->move_count, moves[i]);
}

static void a_place_is_one_hypothesis_that_owes_nothing(void **state)
{
    const struct collected *collected = *state;
    for (size_t i = 0; i < collected->collection.place_count; i++) {
        const struct place *place = &collected->collection.places[i];
        assert_int_equal(place->scene.set.count, 1);
        assert_int_equal(place->scene.set.items[0].state, place->state);
        assert_int_equal(place->scene.set.items[0].due_count, 0);
    }
}

static void numberings_put_zero_at_the_left_edge_and_inside(void **state)
{
    const struct collected *collected = *state;
    for (size_t i = 0; i < collected->collection.place_count; i++) {
        const struct place *place = &collected->collection.places[i];
        const uint32_t next = place->scene.set.items[0].variables[SPEC_RCV_NXT];
        if (place->state != SPEC_ESTABLISHED)
            continue;
        if (place->numbering == NUMBERING_ZERO_NEXT)
            assert_int_equal(next, 0);
        if (place->numbering == NUMBERING_ZERO_INSIDE)
            assert_true(next > INT32_MAX && next + SCENE_WINDOW < SCENE_WINDOW);
    }
}

static void where_the_way_makes_a_difference_both_are_gone(void **state)
{
    const struct collected *collected = *state;
    bool passive = false;
    bool stamped = false;
    for (size_t i = 0; i < collected->collection.place_count; i++) {
        passive = passive || (collected->collection.places[i].state == SPEC_SYN_RECEIVED &&
                              collected->collection.places[i].passive);
        stamped = stamped ||
                  (collected->collection.places[i].state == SPEC_TIME_WAIT && collected->collection.places[i].stamped);
    }
    assert_true(passive);
    assert_true(stamped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_is_reached_by_the_fewest_moves),
        cmocka_unit_test(a_place_is_one_hypothesis_that_owes_nothing),
        cmocka_unit_test(numberings_put_zero_at_the_left_edge_and_inside),
        cmocka_unit_test(where_the_way_makes_a_difference_both_are_gone),
    };
    return cmocka_run_group_tests(tests, collected_setup, collected_teardown);
}
