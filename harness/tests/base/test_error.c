/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void an_error_holds_its_code_and_sentence(void **state)
{
    (void)state;
    struct error error;
    memset(&error, 0xff, sizeof(error));
    assert_false(error_set(&error, ERROR_MALFORMED, "%s is %d", "x", 3));
    assert_int_equal(error.code, ERROR_MALFORMED);
    assert_int_equal(error.system_error, 0);
    assert_string_equal(error.text, "x is 3");
}

static void a_system_error_says_why(void **state)
{
    (void)state;
    struct error error;
    assert_false(error_set_system(&error, ERROR_SYSTEM_CALL, ENOENT, "can't open %s", "a.pkt"));
    assert_int_equal(error.code, ERROR_SYSTEM_CALL);
    assert_int_equal(error.system_error, ENOENT);
    assert_string_equal(error.text, "can't open a.pkt: No such file or directory");
}

static void an_unknown_system_error_is_told_by_number(void **state)
{
    (void)state;
    struct error error;
    assert_false(error_set_system(&error, ERROR_SYSTEM_CALL, 99999, "no"));
    assert_string_equal(error.text, "no: Unknown error 99999");
}

static void no_system_error_adds_nothing(void **state)
{
    (void)state;
    struct error error;
    assert_false(error_set_system(&error, ERROR_LINK, 0, "no link"));
    assert_string_equal(error.text, "no link");
}

static void the_sentence_may_quote_the_error_it_replaces(void **state)
{
    (void)state;
    struct error error;
    assert_false(error_set(&error, ERROR_NOT_FOUND, "no file"));
    assert_false(error_set(&error, ERROR_NAMESPACE, "no namespace: %s", error.text));
    assert_int_equal(error.code, ERROR_NAMESPACE);
    assert_string_equal(error.text, "no namespace: no file");
}

/* Of a sentence of LENGTH characters and a reason behind it, what fits. */
static void assert_cut(size_t length)
{
    char sentence[1024], expected[1200];
    memset(sentence, 'x', sizeof(sentence));
    sentence[length] = '\0';
    (void)snprintf(expected, sizeof(expected), "%s: %s", sentence, "Permission denied");
    struct error error;
    assert_false(error_set_system(&error, ERROR_SYSTEM_CALL, EACCES, "%s", sentence));
    assert_int_equal(strnlen(error.text, sizeof(error.text)), sizeof(error.text) - 1);
    assert_memory_equal(error.text, expected, sizeof(error.text) - 1);
}

static void a_sentence_too_long_is_cut(void **state)
{
    (void)state;
    const size_t lengths[] = {500, 509, 510, 511, 512, 1000};
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        assert_cut(lengths[i]);
}

static void every_code_has_a_name_a_meaning_and_a_category(void **state)
{
    (void)state;
    for (enum error_code code = ERROR_NONE; code < ERROR_CODE_COUNT; code++) {
        assert_true(strlen(error_name(code)) > 0);
        assert_true(strlen(error_meaning(code)) > 0);
        assert_int_equal(error_category(code) == ERROR_CATEGORY_NONE, code == ERROR_NONE);
        for (enum error_code other = ERROR_NONE; other < code; other++) {
            assert_string_not_equal(error_name(code), error_name(other));
            assert_string_not_equal(error_meaning(code), error_meaning(other));
        }
    }
}

static void a_code_is_named_as_it_is_spelled(void **state)
{
    (void)state;
    assert_string_equal(error_name(ERROR_NONE), "NONE");
    assert_string_equal(error_name(ERROR_OUT_OF_MEMORY), "OUT_OF_MEMORY");
    assert_string_equal(error_name(ERROR_TIMED_OUT), "TIMED_OUT");
    assert_string_equal(error_meaning(ERROR_OUT_OF_MEMORY), "memory ran out");
}

static void the_category_says_who_has_to_act(void **state)
{
    (void)state;
    const struct {
        enum error_code code;
        enum error_category category;
    } rows[] = {
        {ERROR_USAGE, ERROR_CATEGORY_USAGE},
        {ERROR_MALFORMED, ERROR_CATEGORY_INPUT},
        {ERROR_SYSTEM_CALL, ERROR_CATEGORY_SYSTEM},
        {ERROR_CAPABILITY_MISSING, ERROR_CATEGORY_CAPABILITY},
        {ERROR_NOT_APPLICABLE, ERROR_CATEGORY_NOT_APPLICABLE},
        {ERROR_TIMED_OUT, ERROR_CATEGORY_INTERRUPTED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(error_category(rows[i].code), rows[i].category);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_holds_its_code_and_sentence),
        cmocka_unit_test(a_system_error_says_why),
        cmocka_unit_test(an_unknown_system_error_is_told_by_number),
        cmocka_unit_test(no_system_error_adds_nothing),
        cmocka_unit_test(the_sentence_may_quote_the_error_it_replaces),
        cmocka_unit_test(a_sentence_too_long_is_cut),
        cmocka_unit_test(every_code_has_a_name_a_meaning_and_a_category),
        cmocka_unit_test(a_code_is_named_as_it_is_spelled),
        cmocka_unit_test(the_category_says_who_has_to_act),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
