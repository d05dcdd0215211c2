/* SPDX-License-Identifier: MIT */
#include "base/compiler.h"

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
    assert_non_null(strstr(last_words(name_no_verdict), "verdict.c"));
    assert_non_null(strstr(last_words(name_no_error), "error.c"));
    assert_non_null(strstr(last_words(fill_no_error), "error.c"));
    assert_non_null(strstr(last_words(write_into_nothing), "text.c"));
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
