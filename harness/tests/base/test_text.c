/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "memory_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <wchar.h>

#include <cmocka.h>

static int setup(void **state)
{
    static struct text text;
    text = text_growing();
    *state = &text;
    return 0;
}

static int teardown(void **state)
{
    text_free(*state);
    return 0;
}

/* LENGTH and NUL are as they are documented to be. */
static void assert_text(const struct text *text, const char *expected)
{
    assert_string_equal(text_string(text), expected);
    assert_int_equal(text->length, strlen(expected));
}

static void pieces_come_one_after_another(void **state)
{
    struct text *text = *state;
    text_append_string(text, "ab");
    text_append_character(text, 'c');
    text_append_bytes(text, "defg", 2);
    text_append_repeated(text, '~', 3);
    text_append_repeated(text, '!', 0);
    text_append_format(text, "%d%s", 12, "x");
    assert_text(text, "abcde~~~12x");
    assert_false(text->truncated);
}

static void bytes_may_hold_a_nul(void **state)
{
    struct text *text = *state;
    text_append_bytes(text, "a\0b", 3);
    assert_int_equal(text->length, 3);
    assert_memory_equal(text_string(text), "a\0b", 4);
}

static void an_unused_text_is_empty(void **state)
{
    assert_text(*state, "");
}

static void a_text_to_which_nothing_was_appended_is_empty(void **state)
{
    struct text *text = *state;
    text_append_string(text, "");
    assert_text(text, "");
    text_append_hex(text, "", 0);
    assert_text(text, "");
    text_append_format(text, "%s", "");
    assert_text(text, "");
}

static void numbers_have_as_many_digits_as_they_need(void **state)
{
    struct text *text = *state;
    const uint64_t values[] = {0, 9, 10, 255, 256, UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        text_append_unsigned(text, values[i]);
        text_append_character(text, ' ');
        text_append_hex_number(text, values[i]);
        text_append_character(text, ';');
    }
    assert_text(text, "0 0x0;9 0x9;10 0xa;255 0xff;256 0x100;18446744073709551615 0xffffffffffffffff;");
}

static void signed_numbers_reach_both_ends(void **state)
{
    struct text *text = *state;
    const int64_t values[] = {0, 1, -1, -10, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        text_append_signed(text, values[i]);
        text_append_character(text, ' ');
    }
    assert_text(text, "0 1 -1 -10 9223372036854775807 -9223372036854775808 ");
}

static void hexadecimal_is_two_digits_a_byte(void **state)
{
    const unsigned char bytes[] = {0x00, 0x01, 0x9a, 0xbc, 0xde, 0xff};
    text_append_hex(*state, bytes, sizeof(bytes));
    assert_text(*state, "00019abcdeff");
}

static void a_growing_text_takes_what_comes(void **state)
{
    struct text *text = *state;
    for (int i = 0; i < 10000; i++)
        text_append_string(text, "0123456789");
    assert_int_equal(text->length, 100000);
    assert_int_equal(strlen(text_string(text)), 100000);
    for (size_t i = 0; i < text->length; i++)
        assert_int_equal(text->data[i], '0' + (int)(i % 10));
    assert_false(text->truncated);
}

static void a_formatted_piece_may_be_of_any_length(void **state)
{
    struct text *text = *state;
    const int widths[] = {254, 255, 256, 257, 5000};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        text_clear(text);
        text_append_format(text, "%*d|", widths[i] - 1, 7);
        assert_int_equal(text->length, widths[i]);
        assert_string_equal(text_string(text) + widths[i] - 2, "7|");
    }
}

static void what_cannot_be_formatted_counts_as_dropped(void **state)
{
    struct text *text = *state;
    text_append_string(text, "a");
    /* No character set of the "C" locale has it. */
    text_append_format(text, "%lc", (wint_t)0x20ac);
    assert_text(text, "a");
    assert_true(text->truncated);
}

static void what_is_reserved_fits(void **state)
{
    struct text *text = *state;
    assert_true(text_reserve(text, 1000));
    assert_text(text, "");
    const char *before = text->data;
    text_append_repeated(text, 'x', 1000);
    assert_ptr_equal(text->data, before);
}

static void where_memory_ran_out_the_rest_is_dropped(void **state)
{
    struct text *text = *state;
    assert_false(text_reserve(text, MEMORY_THAT_NOBODY_HAS));
    text_append_string(text, "kept");
    assert_false(text_reserve(text, MEMORY_THAT_NOBODY_HAS));
    assert_false(text_reserve(text, SIZE_MAX / 2 + 1));
    assert_false(text_reserve(text, SIZE_MAX - 5));
    assert_false(text_reserve(text, SIZE_MAX));
    assert_text(text, "kept");
    assert_false(text->truncated);
}

static void a_full_buffer_drops_the_rest_and_says_so(void **state)
{
    (void)state;
    char buffer[6];
    struct text text = text_in(buffer, sizeof(buffer));
    text_append_string(&text, "abc");
    text_append_string(&text, "de");
    assert_text(&text, "abcde");
    assert_false(text.truncated);
    text_append_string(&text, "");
    assert_false(text.truncated);
    text_append_character(&text, 'f');
    assert_text(&text, "abcde");
    assert_true(text.truncated);
}

static void a_piece_too_long_is_cut_where_the_buffer_ends(void **state)
{
    (void)state;
    for (size_t capacity = 1; capacity < 12; capacity++) {
        char buffer[12];
        memset(buffer, '#', sizeof(buffer));
        struct text text = text_in(buffer, capacity);
        text_append_hex(&text, "\x12\x34", 2);
        text_append_string(&text, "56789abcdef");
        assert_int_equal(text.length, capacity - 1);
        assert_memory_equal(buffer, "123456789abcdef", capacity - 1);
        assert_int_equal(buffer[capacity - 1], '\0');
        assert_true(text.truncated);
        if (capacity < sizeof(buffer))
            assert_int_equal(buffer[capacity], '#');
    }
}

static void a_fixed_buffer_starts_empty(void **state)
{
    (void)state;
    char buffer[] = "old";
    struct text text = text_in(buffer, sizeof(buffer));
    assert_text(&text, "");
    text_append_string(&text, "new");
    text_free(&text);
    assert_text(&text, "");
    assert_ptr_equal(text.data, buffer);
}

static void a_cleared_text_starts_again(void **state)
{
    (void)state;
    char buffer[3];
    struct text text = text_in(buffer, sizeof(buffer));
    text_append_string(&text, "abc");
    assert_true(text.truncated);
    text_clear(&text);
    assert_text(&text, "");
    assert_false(text.truncated);
    text_append_string(&text, "d");
    assert_text(&text, "d");
}

static void a_freed_text_can_grow_again(void **state)
{
    struct text *text = *state;
    text_append_string(text, "before");
    text_free(text);
    assert_null(text->data);
    assert_text(text, "");
    text_clear(text);
    text_append_string(text, "after");
    assert_text(text, "after");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pieces_come_one_after_another, setup, teardown),
        cmocka_unit_test_setup_teardown(bytes_may_hold_a_nul, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unused_text_is_empty, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_to_which_nothing_was_appended_is_empty, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_have_as_many_digits_as_they_need, setup, teardown),
        cmocka_unit_test_setup_teardown(signed_numbers_reach_both_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(hexadecimal_is_two_digits_a_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(a_growing_text_takes_what_comes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_formatted_piece_may_be_of_any_length, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_formatted_counts_as_dropped, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_reserved_fits, setup, teardown),
        cmocka_unit_test_setup_teardown(where_memory_ran_out_the_rest_is_dropped, setup, teardown),
        cmocka_unit_test(a_full_buffer_drops_the_rest_and_says_so),
        cmocka_unit_test(a_piece_too_long_is_cut_where_the_buffer_ends),
        cmocka_unit_test(a_fixed_buffer_starts_empty),
        cmocka_unit_test(a_cleared_text_starts_again),
        cmocka_unit_test_setup_teardown(a_freed_text_can_grow_again, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
