/* SPDX-License-Identifier: MIT */
#include "cli/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* What the options below were given, as text: "j=3 v v name=x ". */
static char taken[128];

static bool take_jobs(void *context, const char *value, struct error *error)
{
    (void)error;
    text_append_format(context, "jobs=%s ", value);
    return true;
}

static bool take_verbose(void *context, const char *value, struct error *error)
{
    (void)error;
    assert_null(value);
    text_append_string(context, "verbose ");
    return true;
}

static bool take_refused(void *context, const char *value, struct error *error)
{
    (void)context;
    return error_set(error, ERROR_USAGE, "%s is refused", value);
}

static const struct option_row rows[] = {
    {'j', "jobs", "N", "how many", take_jobs},
    {'v', "verbose", NULL, "more", take_verbose},
    {0, "refused", "X", "nothing will do", take_refused},
};
static const struct option_table table = {rows, COUNT_OF(rows)};

/* Parses the COUNT words at WORDS; what is left of them goes behind what was taken, with a `|` before each. */
static bool parse(const char *const *words, size_t count, struct error *error)
{
    char *pointers[8];
    struct text text = text_in(taken, sizeof(taken));
    struct option_words left = {pointers, count};
    assert_true(count <= COUNT_OF(pointers));
    for (size_t i = 0; i < count; i++)
        pointers[i] = (char *)(uintptr_t)words[i];
    if (!options_parse(&table, &left, &text, error))
        return false;
    for (size_t i = 0; i < left.count; i++)
        text_append_format(&text, "|%s", left.words[i]);
    return true;
}

static void test_options_are_taken_wherever_they_stand(void **state)
{
    (void)state;
    const struct {
        const char *words[8];
        const char *taken;
    } rows_of_words[] = {
        {{"a", "b"}, "|a|b"},
        {{"--jobs", "3", "a"}, "jobs=3 |a"},
        {{"--jobs=3", "a"}, "jobs=3 |a"},
        {{"--jobs=", "a"}, "jobs= |a"},
        {{"a", "-j", "3", "b"}, "jobs=3 |a|b"},
        {{"-j3"}, "jobs=3 "},
        {{"-vj3"}, "verbose jobs=3 "},
        {{"-vv", "--verbose"}, "verbose verbose verbose "},
        {{"-v", "--", "-v", "--jobs"}, "verbose |-v|--jobs"},
        {{"-", "-v"}, "verbose |-"},
        {{"--jobs", "--verbose"}, "jobs=--verbose "},
        {{"", "-v"}, "verbose |"},
    };
    for (size_t i = 0; i < COUNT_OF(rows_of_words); i++) {
        size_t count = 0;
        while (count < 8 && rows_of_words[i].words[count] != NULL)
            count++;
        struct error error = {.text = ""};
        assert_true(parse(rows_of_words[i].words, count, &error));
        assert_string_equal(taken, rows_of_words[i].taken);
    }
}

static void test_what_is_wrong_is_named(void **state)
{
    (void)state;
    const struct {
        const char *word;
        const char *message;
    } rows_of_words[] = {
        {"--jos", "unknown option --jos; did you mean --jobs?"},
        {"--jos=3", "unknown option --jos; did you mean --jobs?"},
        {"--quiet", "unknown option --quiet"},
        {"-x", "unknown option -x"},
        {"-vx", "unknown option -x"},
        {"--verbose=1", "the option --verbose takes no value"},
        {"--jobs", "the option --jobs needs a value: N"},
        {"-j", "the option --jobs needs a value: N"},
        {"--refused=it", "it is refused"},
    };
    for (size_t i = 0; i < COUNT_OF(rows_of_words); i++) {
        struct error error = {.text = ""};
        assert_false(parse(&rows_of_words[i].word, 1, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_string_equal(error.text, rows_of_words[i].message);
    }
}

static void test_help_has_a_line_for_each_option(void **state)
{
    (void)state;
    char buffer[512];
    struct text text = text_in(buffer, sizeof(buffer));
    options_print(&text, &table);
    assert_string_equal(buffer, "  -j, --jobs N              how many\n"
                                "  -v, --verbose             more\n"
                                "      --refused X           nothing will do\n");
}

static void test_numbers_are_whole_and_in_range(void **state)
{
    (void)state;
    const struct option_range range = {"--repeat", 1, 20};
    unsigned long number = 0;
    struct error error;
    assert_true(option_number(&range, "20", &number, &error));
    assert_int_equal(number, 20);
    static const char *const wrong[] = {"", "0", "21", "-1", "+3", " 3", "3x", "0x3", "99999999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_false(option_number(&range, wrong[i], &number, &error));
        assert_int_equal(number, 20);
        assert_non_null(strstr(error.text, "the option --repeat takes a number from 1 to 20, not `"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_are_taken_wherever_they_stand),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_help_has_a_line_for_each_option),
        cmocka_unit_test(test_numbers_are_whole_and_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
