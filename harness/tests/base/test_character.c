/* SPDX-License-Identifier: MIT */
#include "base/character.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static bool listed(char character, const char *list)
{
    return character != '\0' && strchr(list, character) != NULL;
}

/* Of all characters, NUL and those beyond ASCII among them. */
static void each_class_is_its_characters_and_no_others(void **state)
{
    (void)state;
    for (int value = CHAR_MIN; value <= CHAR_MAX; value++) {
        char character = (char)value;
        assert_int_equal(character_is_blank(character), listed(character, " \t\r"));
        assert_int_equal(character_is_digit(character), listed(character, DIGITS));
        assert_int_equal(character_is_letter(character), listed(character, LETTERS));
        assert_int_equal(character_is_word(character), listed(character, DIGITS LETTERS "_"));
        assert_int_equal(character_is_control(character), (value >= 0 && value < ' ') || value == 127);
    }
}

static void a_hexadecimal_digit_of_either_case_has_its_value(void **state)
{
    (void)state;
    static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
    for (int i = 0; i < 16; i++) {
        assert_int_equal(character_hex_value(lower[i]), i);
        assert_int_equal(character_hex_value(upper[i]), i);
    }
}

static void what_is_no_hexadecimal_digit_has_none(void **state)
{
    (void)state;
    for (int value = CHAR_MIN; value <= CHAR_MAX; value++)
        if (!listed((char)value, DIGITS "abcdefABCDEF"))
            assert_int_equal(character_hex_value((char)value), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_is_its_characters_and_no_others),
        cmocka_unit_test(a_hexadecimal_digit_of_either_case_has_its_value),
        cmocka_unit_test(what_is_no_hexadecimal_digit_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
