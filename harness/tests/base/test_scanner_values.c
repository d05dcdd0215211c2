/* SPDX-License-Identifier: MIT */
/* Numbers, hexadecimal and strings, as the scanner reads them. */
#include "scanner_fixture.h"

#include "base/character.h"

static void a_number_is_decimal_or_hexadecimal(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text;
        uint64_t value;
        size_t offset; /* of what follows */
    } rows[] = {
        {"0", 0, 1},
        {" 42,", 42, 3},
        {"007", 7, 3},
        {"0x1F", 31, 4},
        {"0Xab.", 171, 4},
        {"12ab", 12, 2},
        {"0x", 0, 1},
        {"0xg", 0, 1},
        {"1x2", 1, 1},
        {"9.5", 9, 1},
        {"0x0x1", 0, 3},
        {"0xabg", 171, 4},
        {"00x1", 0, 2},
        {"/* 1 */2", 2, 8},
        {"\t3 4", 3, 2},
        {"18446744073709551615", UINT64_MAX, 20},
        {"000000000000000000000000000001", 1, 30},
        {"0xffffffffffffffff", UINT64_MAX, 18},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t value = 77;
        struct scanner *scanner = scan(scanned, rows[i].text);
        assert_true(scanner_unsigned(scanner, UINT64_MAX, &value));
        assert_int_equal(value, rows[i].value);
        assert_int_equal(scanner->offset, rows[i].offset);
        assert_int_equal(scanned->diagnostics.count, 0);
    }
}

static void what_is_no_number_is_left_without_a_diagnostic(void **state)
{
    struct scanned *scanned = *state;
    const char *const texts[] = {"", "x1", "-1", "+1", "\n1", ".5", "# 1", "ab"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        uint64_t value = 77;
        struct scanner *scanner = scan(scanned, texts[i]);
        assert_false(scanner_unsigned(scanner, UINT64_MAX, &value));
        assert_int_equal(value, 77);
        assert_int_equal(scanner->offset, 0);
        assert_int_equal(scanned->diagnostics.count, 0);
    }
}

static void a_number_beyond_its_limit_is_a_diagnostic(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text;
        uint64_t most;
        const char *error;
    } rows[] = {
        {" 256;", 255, "1+3 this number is too large: at most 255 fits here\n"},
        {"0x10000", 65535, "0+7 this number is too large: at most 65535 fits here\n"},
        {"1", 0, "0+1 this number is too large: at most 0 fits here\n"},
        {"18446744073709551616", UINT64_MAX, "0+20 this number is too large: at most 18446744073709551615 fits here\n"},
        {"18446744073709551620", UINT64_MAX, "0+20 this number is too large: at most 18446744073709551615 fits here\n"},
        {"0x10000000000000000", 5, "0+19 this number is too large: at most 5 fits here\n"},
        {"184467440737095516160000", 5, "0+24 this number is too large: at most 5 fits here\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t value = 77;
        struct scanner *scanner = scan(scanned, rows[i].text);
        assert_false(scanner_unsigned(scanner, rows[i].most, &value));
        assert_int_equal(value, 77);
        assert_string_equal(scanned_errors(scanned), rows[i].error);
        assert_false(character_is_digit(scanner_peek(scanner, 0)));
    }
}

static void the_limit_itself_fits(void **state)
{
    uint64_t value = 0;
    assert_true(scanner_unsigned(scan(*state, "255"), 255, &value));
    assert_int_equal(value, 255);
    assert_true(scanner_unsigned(scan(*state, "0"), 0, &value));
    assert_int_equal(value, 0);
}

static void an_expected_number_gives_one_diagnostic_at_most(void **state)
{
    struct scanned *scanned = *state;
    uint64_t value = 77;
    assert_true(scanner_expect_unsigned(scan(scanned, "5"), 5, &value, "a port"));
    assert_int_equal(value, 5);
    assert_int_equal(scanned->diagnostics.count, 0);
    assert_false(scanner_expect_unsigned(scan(scanned, "6"), 5, &value, "a port"));
    assert_string_equal(scanned_errors(scanned), "0+1 this number is too large: at most 5 fits here\n");
    assert_false(scanner_expect_unsigned(scan(scanned, " x"), 5, &value, "a port"));
    assert_string_equal(scanned_errors(scanned), "1+1 expected a port, found `x`\n");
    assert_int_equal(value, 5);
}

static void hexadecimal_comes_in_pairs(void **state)
{
    struct scanned *scanned = *state;
    struct span digits = {77, 88};
    const char *const others[] = {"", "a", "abc", "g", "0x12", "\nab", " /* ab */", "ab0"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_false(scanner_hex(scan(scanned, others[i]), &digits));
        assert_int_equal(digits.offset, 77);
        assert_int_equal(digits.length, 88);
    }
    struct scanner *scanner = scan(scanned, " deadBEEF01 23g");
    assert_true(scanner_hex(scanner, &digits));
    assert_int_equal(digits.offset, 1);
    assert_int_equal(digits.length, 10);
    assert_true(scanner_hex(scanner, &digits));
    assert_int_equal(digits.length, 2);
    assert_int_equal(scanner_peek(scanner, 0), 'g');
    assert_int_equal(scanned->diagnostics.count, 0);
}

static void a_string_is_what_its_escapes_stand_for(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text, *value;
        size_t length;
    } rows[] = {
        {"\"\"", "", 0},
        {" \"a b\" c", "a b", 3},
        {"\"\\n\\r\\t\\0\\\\\\\"\"", "\n\r\t\0\\\"", 6},
        {"\"\\x00\\x4a\\xFf\\xAb1\"", "\0J\xff\xab\x31", 5},
        {"\"# // /* */\"", "# // /* */", 10},
        {"\"\\\\\"\"", "\\", 1},
        {"\"\xc3\xa9\t\"", "\xc3\xa9\t", 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *value = NULL;
        size_t length = 77;
        struct scanner *scanner = scan(scanned, rows[i].text);
        assert_true(scanner_string(scanner, &scanned->arena, &value, &length));
        assert_int_equal(length, rows[i].length);
        assert_memory_equal(value, rows[i].value, length + 1);
        assert_int_equal(scanner_peek(scanner, 0), rows[i].text[scanner->offset]);
        assert_int_equal(scanner->source->text[scanner->offset - 1], '"');
        assert_int_equal(scanned->diagnostics.count, 0);
    }
}

static void a_string_may_hold_a_nul_of_the_text(void **state)
{
    struct scanned *scanned = *state;
    char *value = NULL;
    size_t length = 0;
    assert_true(scanner_string(scan_bytes(scanned, "\"a\0b\"", 5), &scanned->arena, &value, &length));
    assert_int_equal(length, 3);
    assert_memory_equal(value, "a\0b", 4);
}

static void strings_follow_one_another_on_a_line(void **state)
{
    struct scanned *scanned = *state;
    struct scanner *scanner = scan(scanned, "\"a\\\"\" \"b\"\"c\"");
    char *values[3] = {NULL};
    size_t length = 0;
    for (size_t i = 0; i < COUNT_OF(values); i++)
        assert_true(scanner_string(scanner, &scanned->arena, &values[i], &length));
    assert_string_equal(values[0], "a\"");
    assert_string_equal(values[1], "b");
    assert_string_equal(values[2], "c");
    assert_true(scanner_at_end(scanner));
}

static void without_a_quote_there_is_no_string_and_no_diagnostic(void **state)
{
    struct scanned *scanned = *state;
    const char *const texts[] = {"", "a\"b\"", "'a'", "\n\"a\""};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        char *value = NULL;
        size_t length = 77;
        struct scanner *scanner = scan(scanned, texts[i]);
        assert_false(scanner_string(scanner, &scanned->arena, &value, &length));
        assert_int_equal(scanner->offset, 0);
        assert_null(value);
        assert_int_equal(length, 77);
        assert_int_equal(scanned->diagnostics.count, 0);
    }
}

#define NEVER_CLOSED   "1+1 this string is never closed\n"
#define UNKNOWN_ESCAPE " unknown escape: expected \\n, \\r, \\t, \\0, \\\\, \\\" or \\xHH\n"

static void a_string_that_cannot_be_read_is_a_diagnostic(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text, *error;
    } rows[] = {
        {" \"", NEVER_CLOSED},
        {" \"abc", NEVER_CLOSED},
        {" \"abc\n\"", NEVER_CLOSED},
        {" \"a\\\"", NEVER_CLOSED},
        {" \"a\\", "3+2" UNKNOWN_ESCAPE},
        {" \"a\\\n\"", "3+2" UNKNOWN_ESCAPE},
        {" \"\\q\"", "2+2" UNKNOWN_ESCAPE},
        {" \"\\N\"", "2+2" UNKNOWN_ESCAPE},
        {" \"\\x\"", "2+2" UNKNOWN_ESCAPE},
        {" \"\\x1\"", "2+2" UNKNOWN_ESCAPE},
        {" \"\\xg1\"", "2+2" UNKNOWN_ESCAPE},
        {" \"\\x1g\"", "2+2" UNKNOWN_ESCAPE},
        {" \"\\y11\"", "2+2" UNKNOWN_ESCAPE},
        {" \"\\x1", "2+2" UNKNOWN_ESCAPE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *value = NULL;
        size_t length = 77;
        assert_false(scanner_string(scan(scanned, rows[i].text), &scanned->arena, &value, &length));
        assert_null(value);
        assert_int_equal(length, 77);
        assert_string_equal(scanned_errors(scanned), rows[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_number_is_decimal_or_hexadecimal, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_number_is_left_without_a_diagnostic, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(a_number_beyond_its_limit_is_a_diagnostic, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(the_limit_itself_fits, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(an_expected_number_gives_one_diagnostic_at_most, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(hexadecimal_comes_in_pairs, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_string_is_what_its_escapes_stand_for, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_string_may_hold_a_nul_of_the_text, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(strings_follow_one_another_on_a_line, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(without_a_quote_there_is_no_string_and_no_diagnostic, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(a_string_that_cannot_be_read_is_a_diagnostic, scanned_setup, scanned_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
