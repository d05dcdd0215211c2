/* SPDX-License-Identifier: MIT */
#include "base/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct diagnostics diagnostics;
    struct text printed;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.diagnostics = {.arena = &fixture.arena}, .printed = text_growing()};
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_free(&fixture->arena);
    text_free(&fixture->printed);
    return 0;
}

static struct source source_of(const char *text)
{
    return (struct source){"a.pkt", text, strlen(text)};
}

/* What a user sees of a diagnostic "x" about AT in TEXT. */
static const char *printed(struct fixture *fixture, const char *text, struct span at)
{
    struct source source = source_of(text);
    struct diagnostic diagnostic = {.at = at, .message = "x"};
    text_clear(&fixture->printed);
    diagnostic_print(&fixture->printed, &source, &diagnostic);
    return text_string(&fixture->printed);
}

static void a_position_is_counted_from_one(void **state)
{
    (void)state;
    struct source source = source_of("ab\n\n\tc\r\nd");
    const struct {
        size_t offset;
        unsigned line, column;
    } rows[] = {
        {0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {3, 2, 1}, {4, 3, 1},  {5, 3, 2},
        {6, 3, 3}, {7, 3, 4}, {8, 4, 1}, {9, 4, 2}, {10, 4, 2}, {SIZE_MAX, 4, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct source_position position = source_position(&source, rows[i].offset);
        assert_int_equal(position.line, rows[i].line);
        assert_int_equal(position.column, rows[i].column);
    }
}

static void a_line_is_without_its_end(void **state)
{
    (void)state;
    struct source source = source_of("ab\n\n\tc\r\nd\r");
    const struct {
        size_t offset;
        struct span line;
    } rows[] = {
        {0, {0, 2}}, {2, {0, 2}}, {3, {3, 0}}, {4, {4, 2}},  {6, {4, 2}},
        {7, {4, 2}}, {8, {8, 1}}, {9, {8, 1}}, {10, {8, 1}}, {SIZE_MAX, {8, 1}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span line = source_line(&source, rows[i].offset);
        assert_int_equal(line.offset, rows[i].line.offset);
        assert_int_equal(line.length, rows[i].line.length);
    }
}

static void a_carriage_return_within_a_line_belongs_to_it(void **state)
{
    (void)state;
    struct source source = source_of("a\rb\r\r\n");
    assert_int_equal(source_line(&source, 0).length, 4);
}

static void an_empty_text_has_one_empty_line(void **state)
{
    struct source source = {"a.pkt", NULL, 0};
    assert_int_equal(source_position(&source, 3).line, 1);
    assert_int_equal(source_position(&source, 3).column, 1);
    assert_int_equal(source_line(&source, 3).length, 0);
    assert_string_equal(printed(*state, "", (struct span){0, 0}), "a.pkt:1:1: error: x\n    \n    ^\n");
}

static void the_caret_and_its_tail_stand_under_the_span(void **state)
{
    assert_string_equal(printed(*state, "one\ntwo words\n", (struct span){8, 5}), "a.pkt:2:5: error: x\n"
                                                                                  "    two words\n"
                                                                                  "        ^~~~~\n");
    assert_string_equal(printed(*state, "one", (struct span){1, 1}), "a.pkt:1:2: error: x\n    one\n     ^\n");
    assert_string_equal(printed(*state, "one", (struct span){1, 0}), "a.pkt:1:2: error: x\n    one\n     ^\n");
}

static void a_tab_before_the_caret_stays_a_tab(void **state)
{
    assert_string_equal(printed(*state, "\ta\tbc", (struct span){3, 2}), "a.pkt:1:4: error: x\n"
                                                                         "    \ta\tbc\n"
                                                                         "    \t \t^~\n");
}

static void the_tail_ends_with_the_line(void **state)
{
    const size_t lengths[] = {3, 4, 5, 100, SIZE_MAX};
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        assert_string_equal(printed(*state, "abc\r\ndef", (struct span){0, lengths[i]}), "a.pkt:1:1: error: x\n"
                                                                                         "    abc\n"
                                                                                         "    ^~~\n");
}

static void the_caret_may_stand_behind_the_line(void **state)
{
    assert_string_equal(printed(*state, "ab\ncd", (struct span){2, 9}), "a.pkt:1:3: error: x\n    ab\n      ^\n");
    assert_string_equal(printed(*state, "ab\ncd", (struct span){5, 9}), "a.pkt:2:3: error: x\n    cd\n      ^\n");
    assert_string_equal(printed(*state, "ab", (struct span){SIZE_MAX, SIZE_MAX}),
                        "a.pkt:1:3: error: x\n    ab\n      ^\n");
}

static void control_characters_of_a_line_are_not_shown(void **state)
{
    assert_string_equal(printed(*state, "\x1b[2J\x7f\ra\xc3\xa9\x01", (struct span){6, 1}), "a.pkt:1:7: error: x\n"
                                                                                            "    ?[2J??a\xc3\xa9?\n"
                                                                                            "          ^\n");
}

static void a_nul_in_a_line_is_not_its_end(void **state)
{
    struct fixture *fixture = *state;
    struct source source = {"a.pkt", "a\0b", 3};
    struct diagnostic diagnostic = {.at = {2, 1}, .message = "x"};
    diagnostic_print(&fixture->printed, &source, &diagnostic);
    assert_string_equal(text_string(&fixture->printed), "a.pkt:1:3: error: x\n    a?b\n      ^\n");
}

static void a_text_need_not_end_in_a_nul(void **state)
{
    struct fixture *fixture = *state;
    char *exact = malloc(2);
    assert_non_null(exact);
    memcpy(exact, "ab", 2);
    struct source source = {"a.pkt", exact, 2};
    struct diagnostic diagnostic = {.at = {1, 5}, .message = "x"};
    diagnostic_print(&fixture->printed, &source, &diagnostic);
    free(exact);
    assert_string_equal(text_string(&fixture->printed), "a.pkt:1:2: error: x\n    ab\n     ^\n");
}

static void diagnostics_are_kept_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct source source = source_of("ab");
    assert_false(diagnostics_add(&fixture->diagnostics, (struct span){1, 1}, "second %d", 1));
    assert_false(diagnostics_add(&fixture->diagnostics, (struct span){0, 2}, "first %s", "letter"));
    assert_int_equal(fixture->diagnostics.count, 2);
    diagnostics_print(&fixture->printed, &source, &fixture->diagnostics);
    assert_string_equal(text_string(&fixture->printed), "a.pkt:1:2: error: second 1\n    ab\n     ^\n"
                                                        "a.pkt:1:1: error: first letter\n    ab\n    ^~\n");
}

static void diagnostics_are_sorted_by_their_place(void **state)
{
    struct fixture *fixture = *state;
    static const size_t offsets[] = {5, 2, 9, 2, 0};
    static const char *const sorted[] = {"4", "1", "3", "0", "2"};
    diagnostics_sort(&fixture->diagnostics);
    for (size_t i = 0; i < COUNT_OF(offsets); i++)
        assert_false(diagnostics_add(&fixture->diagnostics, (struct span){offsets[i], 1}, "%zu", i));
    diagnostics_sort(&fixture->diagnostics);
    for (size_t i = 0; i < COUNT_OF(sorted); i++)
        assert_string_equal(fixture->diagnostics.items[i].message, sorted[i]);
}

static void no_diagnostics_print_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct source source = source_of("ab");
    diagnostics_print(&fixture->printed, &source, &fixture->diagnostics);
    assert_string_equal(text_string(&fixture->printed), "");
}

static void after_a_hundred_they_are_only_counted(void **state)
{
    struct fixture *fixture = *state;
    struct source source = source_of("ab");
    for (int i = 0; i < DIAGNOSTICS_MOST; i++)
        assert_false(diagnostics_add(&fixture->diagnostics, (struct span){0, 1}, "number %d", i));
    diagnostics_print(&fixture->printed, &source, &fixture->diagnostics);
    assert_null(strstr(text_string(&fixture->printed), "not shown"));
    for (int i = 0; i < 7; i++)
        assert_false(diagnostics_add(&fixture->diagnostics, (struct span){0, 1}, "too many"));
    assert_int_equal(fixture->diagnostics.count, DIAGNOSTICS_MOST + 7);
    assert_int_equal(fixture->diagnostics.kept, DIAGNOSTICS_MOST);
    assert_false(fixture->diagnostics.out_of_memory);
    assert_string_equal(fixture->diagnostics.items[0].message, "number 0");
    assert_string_equal(fixture->diagnostics.items[DIAGNOSTICS_MOST - 1].message, "number 99");
    text_clear(&fixture->printed);
    diagnostics_print(&fixture->printed, &source, &fixture->diagnostics);
    assert_null(strstr(text_string(&fixture->printed), "too many"));
    assert_non_null(strstr(text_string(&fixture->printed), "\na.pkt: 7 further errors are not shown\n"));
}

static void a_message_outlives_what_it_was_made_of(void **state)
{
    struct fixture *fixture = *state;
    char name[] = "bind";
    assert_false(diagnostics_add(&fixture->diagnostics, (struct span){0, 1}, "unknown name `%s`", name));
    memset(name, 'x', sizeof(name));
    assert_string_equal(fixture->diagnostics.items[0].message, "unknown name `bind`");
}

static void a_message_shows_no_control_characters(void **state)
{
    struct fixture *fixture = *state;
    assert_false(diagnostics_add(&fixture->diagnostics, (struct span){0, 1}, "found `%s`", "\x1b[2J\n\t\x7f\xc3\xa9"));
    assert_string_equal(fixture->diagnostics.items[0].message, "found `?[2J???\xc3\xa9`");
}

static void a_long_message_is_cut(void **state)
{
    struct fixture *fixture = *state;
    assert_false(diagnostics_add(&fixture->diagnostics, (struct span){0, 1}, "%*d", 5000, 1));
    assert_int_equal(strlen(fixture->diagnostics.items[0].message), 511);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_position_is_counted_from_one),
        cmocka_unit_test(a_line_is_without_its_end),
        cmocka_unit_test(a_carriage_return_within_a_line_belongs_to_it),
        cmocka_unit_test_setup_teardown(an_empty_text_has_one_empty_line, setup, teardown),
        cmocka_unit_test_setup_teardown(the_caret_and_its_tail_stand_under_the_span, setup, teardown),
        cmocka_unit_test_setup_teardown(a_tab_before_the_caret_stays_a_tab, setup, teardown),
        cmocka_unit_test_setup_teardown(the_tail_ends_with_the_line, setup, teardown),
        cmocka_unit_test_setup_teardown(the_caret_may_stand_behind_the_line, setup, teardown),
        cmocka_unit_test_setup_teardown(control_characters_of_a_line_are_not_shown, setup, teardown),
        cmocka_unit_test_setup_teardown(a_nul_in_a_line_is_not_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_need_not_end_in_a_nul, setup, teardown),
        cmocka_unit_test_setup_teardown(diagnostics_are_kept_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(diagnostics_are_sorted_by_their_place, setup, teardown),
        cmocka_unit_test_setup_teardown(no_diagnostics_print_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(after_a_hundred_they_are_only_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_message_outlives_what_it_was_made_of, setup, teardown),
        cmocka_unit_test_setup_teardown(a_message_shows_no_control_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_message_is_cut, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
