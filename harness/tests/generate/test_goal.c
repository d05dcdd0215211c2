/* SPDX-License-Identifier: MIT */
/* What a segment reaches. */
#include "collection_fixture.h"

static struct reached reach(const struct place *place, uint16_t flags, uint32_t text, uint32_t more)
{
    struct reached reached;
    struct move move = {.kind = MOVE_SEGMENT, .segment = scene_segment(&place->scene.set.items[0], flags, text, 1000)};
    move.segment.sequence += more;
    goals_reached(place, &place->scene, &move, &reached);
    return reached;
}

static size_t count_of(const struct reached *reached, enum goal_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < reached->count; i++)
        count += reached->goals[i].kind == kind;
    return count;
}

static bool is_on(const struct reached *reached, enum goal_side side)
{
    for (size_t i = 0; i < reached->count; i++)
        if (reached->goals[i].kind == GOAL_BOUNDARY && reached->goals[i].side == side)
            return true;
    return false;
}

static void each_number_next_to_an_edge_of_the_window_is_on_a_side(void **state)
{
    const struct place *place = collected_place(*state, SPEC_ESTABLISHED);
    static const struct {
        uint32_t more;
        enum goal_side side;
    } numbers[] = {
        {UINT32_MAX, SIDE_LEFT_OUT},
        {0, SIDE_LEFT_IN},
        {SCENE_WINDOW - 1, SIDE_RIGHT_IN},
        {SCENE_WINDOW, SIDE_RIGHT_OUT},
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        const struct reached reached = reach(place, TCP_ACK, 0, numbers[i].more);
        assert_true(is_on(&reached, numbers[i].side));
    }
}

static void a_number_in_the_middle_of_the_window_is_on_no_side(void **state)
{
    const struct place *place = collected_place(*state, SPEC_ESTABLISHED);
    const struct reached reached = reach(place, TCP_RST, 0, SCENE_WINDOW / 2);
    assert_int_equal(count_of(&reached, GOAL_BOUNDARY), 0);
    assert_int_equal(count_of(&reached, GOAL_TRANSITION), 2);
}

static void a_comparison_that_decides_nothing_draws_no_boundary(void **state)
{
    /* With text the last number counts, not the first: it is RCV.NXT - 1 that is outside. */
    const struct place *place = collected_place(*state, SPEC_ESTABLISHED);
    struct reached reached = reach(place, TCP_RST, SCENE_TEXT, UINT32_MAX);
    assert_false(is_on(&reached, SIDE_LEFT_OUT));
    reached = reach(place, TCP_RST, SCENE_TEXT, 0 - (uint32_t)SCENE_TEXT);
    assert_true(is_on(&reached, SIDE_LEFT_OUT));
}

static void boundaries_that_wrap_are_goals_of_their_own(void **state)
{
    const struct collected *collected = *state;
    bool wrapped[2] = {false, false};
    for (size_t i = 0; i < collected->collection.candidates.goal_count; i++) {
        const struct goal *goal = &collected->collection.candidates.goals[i];
        if (goal->kind == GOAL_BOUNDARY && goal->wrapped && goal->state == SPEC_ESTABLISHED)
            wrapped[goal->side == SIDE_RIGHT_IN || goal->side == SIDE_RIGHT_OUT] = true;
    }
    assert_true(wrapped[0]);
    assert_true(wrapped[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_next_to_an_edge_of_the_window_is_on_a_side),
        cmocka_unit_test(a_number_in_the_middle_of_the_window_is_on_no_side),
        cmocka_unit_test(a_comparison_that_decides_nothing_draws_no_boundary),
        cmocka_unit_test(boundaries_that_wrap_are_goals_of_their_own),
    };
    return cmocka_run_group_tests(tests, collected_setup, collected_teardown);
}
