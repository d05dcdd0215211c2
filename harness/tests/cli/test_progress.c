/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct suite suite = {.planned = 200, .finished = 50};

static const char *drawn(struct text *text, const struct progress *progress, size_t columns)
{
    text_clear(text);
    progress_draw(text, progress, &suite, columns);
    return text_string(text);
}

static void test_the_bar_shows_how_far_it_is(void **state)
{
    char bytes[256];
    struct text text = text_in(bytes, sizeof(bytes));
    struct progress progress = {.bar = true};
    (void)state;
    assert_string_equal(drawn(&text, &progress, 80), "[##########..............................] 50/200");
    progress.counts[VERDICT_FAIL] = 2;
    progress.counts[VERDICT_PASS] = 48;
    assert_string_equal(drawn(&text, &progress, 80), "[##########..............................] 50/200, 2 fail");
}

/* A line that wraps can't be drawn over. */
static void test_the_bar_fits_into_any_terminal(void **state)
{
    char bytes[256];
    struct text text = text_in(bytes, sizeof(bytes));
    struct progress progress = {.bar = true};
    (void)state;
    progress.counts[VERDICT_INCONCLUSIVE] = 1;
    for (size_t columns = 0; columns < 120; columns++) {
        (void)drawn(&text, &progress, columns);
        assert_true(text.length < columns || text.length == 0);
    }
    assert_string_equal(drawn(&text, &progress, 40), "[###...........] 50/200, 1 inconclusive");
    assert_string_equal(drawn(&text, &progress, 30), "50/200, 1 inconclusive");
    assert_string_equal(drawn(&text, &progress, 7), "50/200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_bar_shows_how_far_it_is),
        cmocka_unit_test(test_the_bar_fits_into_any_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
