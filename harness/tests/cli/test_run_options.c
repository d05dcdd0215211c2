/* SPDX-License-Identifier: MIT */
#include "cli/run_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct run_options options;

static bool parse(const char *const *words, size_t count, struct error *error)
{
    char *pointers[16];
    struct option_words left = {pointers, count};
    assert_true(count <= COUNT_OF(pointers));
    for (size_t i = 0; i < count; i++)
        pointers[i] = (char *)(uintptr_t)words[i];
    bool parsed = run_options_parse(&options, &left, error);
    if (parsed)
        assert_int_equal(left.count, 0);
    return parsed;
}

#define PARSE(error, ...) \
    parse((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), error)

static int teardown(void **state)
{
    (void)state;
    run_options_free(&options);
    return 0;
}

static void test_without_options_scripts_decide(void **state)
{
    (void)state;
    struct error error;
    assert_true(parse(NULL, 0, &error));
    assert_string_equal(options.stack.word, "linux");
    assert_int_equal(options.suite.versions, 0);
    assert_int_equal(options.suite.link, SUITE_LINK_BY_SCRIPT);
    assert_int_equal(options.suite.jobs, 0);
    assert_int_equal(options.suite.repeat, 1);
    assert_int_equal(options.suite.recorder_count, 0);
}

static void test_each_option_has_its_effect(void **state)
{
    (void)state;
    struct error error;
    assert_true(PARSE(&error, "-j7", "-DA=1", "-D", "B=x y", "--link=tun", "--ip=4,6", "--filter=a*", "--requirement=M",
                      "--repeat=3", "--strict", "--list", "--dry-run", "--no-deviations", "-v"));
    assert_int_equal(options.suite.jobs, 7);
    assert_int_equal(options.suite.program.definition_count, 2);
    assert_string_equal(options.suite.program.definitions[0].name, "A");
    assert_string_equal(options.suite.program.definitions[1].value, "x y");
    assert_int_equal(options.suite.link, SUITE_LINK_TUN);
    assert_int_equal(options.suite.versions, 1 << IP_VERSION_IPV4 | 1 << IP_VERSION_IPV6);
    assert_string_equal(options.suite.filter, "a*");
    assert_string_equal(options.suite.requirement, "M");
    assert_int_equal(options.suite.repeat, 3);
    assert_true(options.suite.strict && options.list && options.dry_run && options.without_deviations &&
                options.verbose);
}

static void test_what_matters_again_is_kept_as_a_shell_takes_it(void **state)
{
    (void)state;
    struct error error;
    assert_true(PARSE(&error, "-j7", "-DA=1", "-DB=x y", "--link=raw", "--strict", "--no-deviations"));
    assert_string_equal(text_string(&options.again), " -D A=1 -D 'B=x y' --link raw --strict --no-deviations");
}

static void test_recorders_are_added_once_each(void **state)
{
    (void)state;
    struct error error;
    assert_true(PARSE(&error, "--trace", "a", "--pcap", "b", "--trace", "c"));
    assert_int_equal(options.suite.recorder_count, 2);
    assert_string_equal(options.suite.recorders[0].folder, "c");
    assert_string_equal(options.suite.recorders[0].suffix, ".trace");
    assert_string_equal(options.suite.recorders[1].folder, "b");
    assert_string_equal(options.suite.recorders[1].suffix, ".pcapng");
}

static void test_too_many_definitions_are_refused(void **state)
{
    (void)state;
    struct error error;
    char *words[DEFINITIONS_MOST + 1];
    for (size_t i = 0; i < COUNT_OF(words); i++)
        words[i] = (char *)(uintptr_t) "-DA=1";
    struct option_words left = {words, COUNT_OF(words)};
    assert_false(run_options_parse(&options, &left, &error));
    assert_int_equal(error.code, ERROR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_without_options_scripts_decide, teardown),
        cmocka_unit_test_teardown(test_each_option_has_its_effect, teardown),
        cmocka_unit_test_teardown(test_what_matters_again_is_kept_as_a_shell_takes_it, teardown),
        cmocka_unit_test_teardown(test_recorders_are_added_once_each, teardown),
        cmocka_unit_test_teardown(test_too_many_definitions_are_refused, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
