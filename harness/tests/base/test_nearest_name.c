/* SPDX-License-Identifier: MIT */
#include "base/nearest_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Copied to where its memory ends, so that a sanitizer sees a read past it. */
static const char *nearest(const char *name, const char *const *names, size_t count)
{
    size_t length = strlen(name);
    char *exact = malloc(length > 0 ? length : 1);
    assert_non_null(exact);
    memcpy(exact, name, length);
    const char *found = nearest_name_of(exact, length, names, count);
    free(exact);
    return found;
}

static const char *const options[] = {"TCP_NODELAY", "TCP_MAXSEG", "TCP_CORK", "SO_LINGER", "SO_REUSEADDR", "-v"};

static void a_mistyped_name_finds_the_one_that_was_meant(void **state)
{
    (void)state;
    const struct {
        const char *mistyped, *meant;
    } rows[] = {
        {"TCP_NODELAY", "TCP_NODELAY"},
        {"TCP_NODELAX", "TCP_NODELAY"},
        {"TCP_NODELAYS", "TCP_NODELAY"},
        {"TCP_NDELAY", "TCP_NODELAY"},
        {"TCP_NOEDLAY", "TCP_NODELAY"},
        {"CTP_MAXSEG", "TCP_MAXSEG"},
        {"tcp_maxseg", NULL},
        {"TCP_maxseg", "TCP_MAXSEG"},
        {"SO_LINGER ", "SO_LINGER"},
        {"SO_REUSEPORT", "SO_REUSEADDR"},
        {"SOREUSADR", "SO_REUSEADDR"},
        {"SO_KEEPALIVE", NULL},
        {"LINGER", "SO_LINGER"},
        {"INGER", NULL},
        {"-V", "-v"},
        {"-w", "-v"},
        {"v", "-v"},
        {"-vv", "-v"},
        {"-verbose", NULL},
        {"+w", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *found = nearest(rows[i].mistyped, options, COUNT_OF(options));
        if (rows[i].meant == NULL)
            assert_null(found);
        else
            assert_string_equal(found == NULL ? "none" : found, rows[i].meant);
    }
}

static void the_nearer_of_two_wins_and_of_equals_the_first(void **state)
{
    (void)state;
    const char *const names[] = {"shutdown", "shutdowns", "bind", "bins"};
    assert_string_equal(nearest("shutdowns", names, COUNT_OF(names)), "shutdowns");
    assert_string_equal(nearest("shutdow", names, COUNT_OF(names)), "shutdown");
    assert_string_equal(nearest("binx", names, COUNT_OF(names)), "bind");
    assert_string_equal(nearest("binS", names, COUNT_OF(names)), "bins");
}

static void a_swap_costs_as_much_as_a_change(void **state)
{
    (void)state;
    /* One change in three letters is allowed, two are not. */
    const char *const names[] = {"abc"};
    assert_string_equal(nearest("acb", names, 1), "abc");
    assert_string_equal(nearest("bac", names, 1), "abc");
    assert_null(nearest("cba", names, 1));
    assert_null(nearest("bca", names, 1));
}

static void only_letters_have_a_case(void **state)
{
    (void)state;
    /* Two changes of case are as much as one change; '[' and '{' differ as 'A' and 'a' do, and are no letters. */
    const char *const names[] = {"AB[]"};
    assert_string_equal(nearest("ab[]", names, 1), "AB[]");
    assert_null(nearest("AB{}", names, 1));
}

static void names_of_any_length_are_looked_at_safely(void **state)
{
    (void)state;
    char long_name[200];
    memset(long_name, 'x', sizeof(long_name));
    for (size_t length = 60; length < 70; length++) {
        long_name[length] = '\0';
        const char *const names[] = {long_name};
        assert_int_equal(nearest(long_name, names, 1) != NULL, length <= 63);
        assert_null(nearest("x", names, 1));
        long_name[length] = 'x';
    }
    assert_null(nearest_name_of(long_name, sizeof(long_name), options, COUNT_OF(options)));
}

static void among_no_names_none_is_near(void **state)
{
    (void)state;
    assert_null(nearest("x", NULL, 0));
}

static const char *number_name(const void *context, size_t index)
{
    static const char *const names[] = {"one", "two", "three"};
    return index < *(const size_t *)context ? names[index] : NULL;
}

static void a_list_is_asked_up_to_its_end(void **state)
{
    (void)state;
    size_t count = 3;
    assert_string_equal(nearest_name("threes", 5, number_name, &count), "three");
    count = 2;
    assert_null(nearest_name("threes", 5, number_name, &count));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistyped_name_finds_the_one_that_was_meant),
        cmocka_unit_test(the_nearer_of_two_wins_and_of_equals_the_first),
        cmocka_unit_test(a_swap_costs_as_much_as_a_change),
        cmocka_unit_test(only_letters_have_a_case),
        cmocka_unit_test(names_of_any_length_are_looked_at_safely),
        cmocka_unit_test(among_no_names_none_is_near),
        cmocka_unit_test(a_list_is_asked_up_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
