/* SPDX-License-Identifier: MIT */
#include "base/compiler.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/verdict.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static sigjmp_buf after_abort;

static void on_abort(int number)
{
    (void)number;
    siglongjmp(after_abort, 1);
}

static int setup(void **state)
{
    (void)state;
    return signal(SIGABRT, on_abort) == SIG_ERR ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    return signal(SIGABRT, SIG_DFL) == SIG_ERR ? -1 : 0;
}

/* What BROKEN says on standard error before it aborts; "" if it returns. */
static const char *last_words(void (*broken)(void))
{
    static char said[1024];
    int ends[2];
    int standard_error = dup(STDERR_FILENO);
    assert_true(standard_error >= 0);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    if (sigsetjmp(after_abort, 1) == 0)
        broken();
    (void)dup2(standard_error, STDERR_FILENO);
    (void)close(standard_error);
    (void)close(ends[1]);
    ssize_t length = read(ends[0], said, sizeof(said) - 1);
    (void)close(ends[0]);
    assert_true(length >= 0);
    said[length] = '\0';
    return said;
}

static void break_arithmetic(void)
{
    volatile int two = 2;
    INVARIANT(two + two == 5);
}

static void keep_arithmetic(void)
{
    volatile int two = 2;
    INVARIANT(two + two == 4);
}

static void name_no_verdict(void)
{
    (void)verdict_name(VERDICT_COUNT);
}

static void name_no_error(void)
{
    (void)error_name(ERROR_CODE_COUNT);
}

static void categorise_no_error(void)
{
    (void)error_category(ERROR_CODE_COUNT);
}

static void explain_no_error(void)
{
    (void)error_meaning(ERROR_CODE_COUNT);
}

static void fill_an_unknown_error(void)
{
    struct error error;
    (void)error_set(&error, ERROR_CODE_COUNT, "something is wrong");
}

static void fill_no_error(void)
{
    struct error error;
    (void)error_set(&error, ERROR_NONE, "nothing is wrong");
}

static void write_into_nothing(void)
{
    char buffer[1];
    (void)text_in(buffer, 0);
}

static void hold_items_of_no_size(void)
{
    struct arena arena = {0};
    void *items = NULL;
    size_t capacity = 0;
    (void)!arena_array_room(&arena, &items, 0, 0, &capacity);
}

static void hold_more_than_there_is_room_for(void)
{
    struct arena arena = {0};
    void *items = NULL;
    size_t capacity = 1;
    (void)!arena_array_room(&arena, &items, 1, 2, &capacity);
}

static void a_broken_invariant_says_where_and_aborts(void **state)
{
    (void)state;
    const char *said = last_words(break_arithmetic);
    assert_non_null(strstr(said, "test_compiler.c:"));
    assert_non_null(strstr(said, ": invariant broken: two + two == 5\n"));
}

static void a_kept_invariant_says_nothing(void **state)
{
    (void)state;
    assert_string_equal(last_words(keep_arithmetic), "");
}

static void what_only_our_own_fault_can_bring_about_aborts(void **state)
{
    (void)state;
    const struct {
        void (*fault)(void);
        const char *file;
    } rows[] = {
        {name_no_verdict, "verdict.c"},
        {name_no_error, "error.c"},
        {categorise_no_error, "error.c"},
        {explain_no_error, "error.c"},
        {fill_an_unknown_error, "error.c"},
        {fill_no_error, "error.c"},
        {write_into_nothing, "text.c"},
        {hold_items_of_no_size, "arena.c"},
        {hold_more_than_there_is_room_for, "arena.c"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_non_null(strstr(last_words(rows[i].fault), rows[i].file));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_broken_invariant_says_where_and_aborts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_kept_invariant_says_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_only_our_own_fault_can_bring_about_aborts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
