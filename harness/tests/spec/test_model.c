/* SPDX-License-Identifier: MIT */
/* Two peers that both follow the specification: what is proven of them, whatever the width of sequence numbers is. */
#include "spec/model.h"
#include "spec_fixture.h"

static struct exchange loaded;

static int load(void **state)
{
    exchange_load(&loaded);
    *state = &loaded;
    return 0;
}

static int unload(void **state)
{
    exchange_free(*state);
    return 0;
}

static struct model_result search(const struct model_scenario *scenario, unsigned width, size_t states_most)
{
    const struct model_bounds bounds = {.width = width, .states_most = states_most};
    struct model_result result;
    struct error error;
    assert_true(model_search(&loaded.spec, scenario, &bounds, &result, &error));
    return result;
}

static enum model_finding finding_of(const struct model_scenario *scenario)
{
    struct model_result result = search(scenario, MODEL_WIDTH, MODEL_STATES_MOST);
    enum model_finding finding = result.finding;
    assert_false(result.cut);
    assert_int_equal(finding == MODEL_NOTHING, result.story.length == 0);
    model_result_free(&result);
    return finding;
}

static void two_that_follow_it_keep_the_contract(void **state)
{
    (void)state;
    assert_int_equal(finding_of(&(struct model_scenario){.opens = 1}), MODEL_NOTHING);
    assert_int_equal(finding_of(&(struct model_scenario){.opens = 2, .crashes = 1}), MODEL_NOTHING);
}

static const struct model_scenario closing = {.opens = 1, .crashes = 1, .closes = true, .talks = true};

static void two_that_talk_and_close_keep_the_contract(void **state)
{
    (void)state;
    struct model_result result = search(&closing, MODEL_WIDTH, MODEL_STATES_MOST);
    assert_int_equal(result.finding, MODEL_NOTHING);
    assert_false(result.cut);
    assert_true(result.states > 100000);
    assert_true(result.rows >= 50);
    model_result_free(&result);
}

/* Who waits for its user to close is closed by any ACK. */
static void an_end_that_neither_side_meant_is_found(void **state)
{
    (void)state;
    struct exchange changed;
    const struct model_bounds bounds = {.width = MODEL_WIDTH, .states_most = MODEL_STATES_MOST};
    struct model_result result;
    struct error error;
    exchange_load(&changed);
    const struct spec_state_rows *rows = &changed.spec.states[SPEC_CLOSE_WAIT];
    for (uint16_t i = 0; i < rows->count; i++)
        if (rows->rows[i]->kind == SPEC_ROW_ARRIVES && rows->rows[i]->when == SPEC_NO_NODE)
            ((struct spec_outcome *)(uintptr_t)&rows->rows[i]->outcomes[0])->next = SPEC_CLOSED;
    assert_true(model_search(&changed.spec, &closing, &bounds, &result, &error));
    assert_int_equal(result.finding, MODEL_BROKEN);
    assert_non_null(strstr(text_string(&result.story), "closes"));
    assert_non_null(strstr(text_string(&result.story), "CLOSE-WAIT"));
    model_result_free(&result);
    exchange_free(&changed);
}

static void all_widths_give_the_same_states(void **state)
{
    (void)state;
    static const struct model_scenario scenario = {.opens = 2, .crashes = 1};
    static const unsigned widths[] = {6, 10, 31, 32};
    size_t states = 0;
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        struct model_result result = search(&scenario, widths[i], MODEL_STATES_MOST);
        assert_int_equal(result.finding, MODEL_NOTHING);
        assert_true(i == 0 || result.states == states);
        states = result.states;
        model_result_free(&result);
    }
    assert_true(states > 10000);
}

static void who_sees_nothing_breaks_nothing_where_challenges_are_sent(void **state)
{
    (void)state;
    struct model_scenario scenario = {.opens = 1, .outsider = true, .choice = "follows-5961"};
    assert_int_equal(finding_of(&scenario), MODEL_NOTHING);
    scenario.choice = NULL;
    assert_int_equal(finding_of(&scenario), MODEL_BROKEN);
    scenario.foreseen = true;
    assert_int_equal(finding_of(&scenario), MODEL_ALONE);
}

static void the_known_exceptions_are_exceptions(void **state)
{
    (void)state;
    assert_int_equal(finding_of(&(struct model_scenario){.opens = 2, .crashes = 1, .cookies = true}), MODEL_ALONE);
    assert_int_equal(finding_of(&(struct model_scenario){.opens = 1, .crashes = 1, .crowded = true}), MODEL_STUCK);
}

static void a_search_that_is_cut_short_says_so(void **state)
{
    (void)state;
    static const struct model_scenario scenario = {.opens = 2, .crashes = 1};
    struct model_result result = search(&scenario, MODEL_WIDTH, 1000);
    assert_true(result.cut);
    model_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_that_follow_it_keep_the_contract),
        cmocka_unit_test(two_that_talk_and_close_keep_the_contract),
        cmocka_unit_test(an_end_that_neither_side_meant_is_found),
        cmocka_unit_test(all_widths_give_the_same_states),
        cmocka_unit_test(who_sees_nothing_breaks_nothing_where_challenges_are_sent),
        cmocka_unit_test(the_known_exceptions_are_exceptions),
        cmocka_unit_test(a_search_that_is_cut_short_says_so),
    };
    return cmocka_run_group_tests_name("model", tests, load, unload);
}
