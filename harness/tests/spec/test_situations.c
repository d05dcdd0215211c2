/* SPDX-License-Identifier: MIT */
/* How much of what can happen the specification speaks of. */
#include "spec/situations.h"
#include "spec_fixture.h"

enum { STATES = 11, PLACES = 4, LENGTHS = 2, WITHOUT_ACK = 8, WITH_ACK = 8 * 5 };

static int load(void **state)
{
    static struct exchange exchange;
    exchange_load(&exchange);
    *state = &exchange;
    return 0;
}

static int unload(void **state)
{
    exchange_free(*state);
    return 0;
}

static void no_situation_is_without_a_row(void **state)
{
    struct exchange *exchange = *state;
    struct spec_situations situations;
    struct error error;
    assert_true(spec_situations_count(&exchange->spec, &situations, &error));
    assert_int_equal(situations.count, STATES * PLACES * LENGTHS * (WITHOUT_ACK + WITH_ACK));
    assert_int_equal(situations.without_row, 0);
}

static void most_situations_have_rows_of_their_own_or_share_one_that_is_cited(void **state)
{
    struct exchange *exchange = *state;
    struct spec_situations situations;
    struct error error;
    struct text text = text_growing();
    assert_true(spec_situations_count(&exchange->spec, &situations, &error));
    spec_situations_print(&text, &situations);
    print_message("%s\n", text_string(&text));
    assert_true(situations.by_wildcards * 2 < situations.count);
    text_free(&text);
}

static void a_state_without_rows_is_noticed(void **state)
{
    struct exchange *exchange = *state;
    struct spec fewer = exchange->spec;
    struct spec_situations situations;
    struct error error;
    struct text text = text_growing();
    fewer.states[SPEC_LISTEN].count = 0;
    assert_true(spec_situations_count(&fewer, &situations, &error));
    assert_int_equal(situations.without_row, situations.count / STATES);
    spec_situations_print(&text, &situations);
    assert_non_null(strstr(text_string(&text), "384 are without a row"));
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_situation_is_without_a_row),
        cmocka_unit_test(most_situations_have_rows_of_their_own_or_share_one_that_is_cited),
        cmocka_unit_test(a_state_without_rows_is_noticed),
    };
    return cmocka_run_group_tests_name("situations", tests, load, unload);
}
