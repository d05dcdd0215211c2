/* SPDX-License-Identifier: MIT */
/* A program as text, from its tree alone. */
#include "script/print.h"
#include "script_fixture.h"

#include <glob.h>

/* Prints TEXT's program, checks the laws, and leaves the text in PRINTED. */
static void print_text(const char *text, const struct program_settings *settings, struct text *printed)
{
    struct parsed parsed, again;
    struct text second = text_growing();
    parse_bytes(&parsed, text, strlen(text), settings);
    assert_string_equal(text_string(&parsed.errors), "");
    text_clear(printed);
    program_print(printed, &parsed.program);
    parse_sound(&again, text_string(printed));
    assert_true(program_equal(&parsed.program, &again.program));
    program_print(&second, &again.program);
    assert_string_equal(text_string(printed), text_string(&second));
    text_free(&second);
    parsed_free(&parsed);
    parsed_free(&again);
}

struct print_row {
    const char *before;
    const char *after;
};

static void assert_prints(const struct print_row *rows, size_t count, const struct program_settings *settings)
{
    struct text printed = text_growing();
    for (size_t i = 0; i < count; i++) {
        print_text(rows[i].before, settings, &printed);
        assert_string_equal(text_string(&printed), rows[i].after);
    }
    text_free(&printed);
}

static void parts_stand_in_order_with_an_empty_line_between(void **state)
{
    (void)state;
    static const struct print_row rows[] = {
        {"`init` --a=b --c=\"d e\" --f --g=\"\" 0 close(3) // x\n//: title T\n`end`\n//: note n",
         "//: title T\n//: note n\n\n--a=b\n--c=\"d e\"\n--f\n--g=\"\"\n\n`init`\n\n0 close(3)\n\n`end`\n"},
        {"0 close(3)", "0 close(3)\n"},
    };
    assert_prints(rows, COUNT_OF(rows), NULL);
}

static void events_have_a_line_each(void **state)
{
    (void)state;
    static const struct print_row rows[] = {
        {"0.10 < S 0:0(0) win 0x10 <mss 1460>", "0.1 < S 0:0(0) win 16 <mss 1460>\n"},
        {"* > . 1:1(0) ack 1", "* > . 1:1(0) ack 1\n"},
        {"+0~+1.000000001 > nothing", "+0~+1.000000001 > nothing\n"},
        {"1~2 > nothing", "1~2 > nothing\n"},
        {"+0 > R 1:1(0)\nor\nS. 0:0(0) ack 1 ...", "+0 > R 1:1(0) or S. 0:0(0) ack 1 <...>\n"},
        {"1~2 > SE? 0:0(0) <mss ...,...> \nor 1 > 2 . 1:1(0) or nothing",
         "1~2 > SE? 0:0(0) <mss ...,...> or 1 > 2 . 1:1(0) or nothing\n"},
        {"+0...+.5 close(3) = -1 EBADF(it (is) bad)", "+0...0.5 close(3) = -1 EBADF (it (is) bad)\n"},
        {"0 `a\n b`", "0 `a\n b`\n"},
        {"0 %{ a }%", "0 %{ a }%\n"},
    };
    assert_prints(rows, COUNT_OF(rows), NULL);
}

static void values_have_the_parentheses_they_need(void **state)
{
    (void)state;
    static const struct print_row rows[] = {
        {"0 f((1|2), ((1+2))*3, 1+(2*3), 1-(2-3), (1-2)-3)",
         "0 f(1|2, (1 + 2) * 3, 1 + 2 * 3, 1 - (2 - 3), 1 - 2 - 3)\n"},
        {"0 f(~(1|2), -(-1), ~-&a, (1<<2)|3&4)", "0 f(~(1|2), --1, ~-&a, 1 << 2|3 & 4)\n"},
        {"0 f(0xffffffffffffffff, 9223372036854775807)", "0 f(0xffffffffffffffff, 9223372036854775807)\n"},
        {"0 f({a=1, b(2)=[...], {}, c=g(h())})", "0 f({a=1, b(2)=[...], {}, c=g(h())})\n"},
        {"0 f(\"a\" \"\\x01\\0\\n\\x7f\\\\\\\"\xc3\xa9\")", "0 f(\"a\\x01\\0\\n\\x7f\\\\\\\"\xc3\xa9\")\n"},
    };
    assert_prints(rows, COUNT_OF(rows), NULL);
}

static void definitions_are_in_the_place_of_names(void **state)
{
    (void)state;
    static const struct program_definition definitions[] = {
        {"MSS", "1460"}, {"HOST", "\"h \\\"\""}, {"LEVEL", "SOL_TCP"}};
    const struct program_settings settings = {.definitions = definitions, .definition_count = COUNT_OF(definitions)};
    static const struct print_row rows[] = {
        {"0 f(MSS, HOST, LEVEL)", "0 f(1460, \"h \\\\\\\"\", SOL_TCP)\n"},
        {"0 < S 0:0(0) <mss MSS>", "0 < S 0:0(0) <mss 1460>\n"},
    };
    assert_prints(rows, COUNT_OF(rows), &settings);
}

/* No two of them are equal. */
static const char *const different[] = {
    "0 f()",
    "0 g()",
    "+0 f()",
    "0 f() = 0",
    "0 f() = 1",
    "0 f() = 1 E1",
    "0 f() = 1 (n)",
    "0 f(1)",
    "0 f(1, 2)",
    "0 f([1])",
    "0 f({1})",
    "0 f({a=1})",
    "0 f({b=1})",
    "0 f({a(1)=1})",
    "0 f({a(2)=1})",
    "0 f(\"1\")",
    "0 f(a)",
    "0 f(a())",
    "0 f(-1)",
    "0 f(1-2)",
    "0 f(2-1)",
    "0 f(1+2)",
    "0 f(...)",
    "0...1 f()",
    "0...2 f()",
    "0 `f`",
    "0 `g`",
    "0 %{f}%",
    "0 > nothing",
    "0~1 > nothing",
    "0~1 > . 1:1(0) or nothing",
    "0~1 > . 1:1(0)",
    "0~1 > . 1:1(0) or R 1:1(0)",
    "0~1 > . 1:1(0) or R 1:1(0) or nothing",
    "0~1 > . 1:1(0) or R 2:2(0)",
    "0~1 > R 1:1(0) or . 1:1(0)",
    "0 > S 0:0(0)",
    "0 < S 0:0(0)",
    "* > S 0:0(0)",
    "0 > S 1:1(0)",
    "0 f() 0 f()",
    "--a 0 f()",
    "--a=b 0 f()",
    "--b 0 f()",
    "`a` 0 f()",
    "0 f() `a`",
    "//: title a\n0 f()",
    "//: title b\n0 f()",
    "//: note a\n0 f()",
    "//: note a\n//: note a\n0 f()",
};

static void programs_that_differ_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(different); i++) {
        for (size_t j = 0; j < COUNT_OF(different); j++) {
            struct parsed left, right;
            parse_sound(&left, different[i]);
            parse_sound(&right, different[j]);
            assert_int_equal(program_equal(&left.program, &right.program), i == j);
            parsed_free(&left);
            parsed_free(&right);
        }
    }
}

static void suites_keep_their_meaning(void **state)
{
    (void)state;
    static const struct program_settings settings = {.undefined_names = true};
    struct text printed = text_growing();
    glob_t found;
    assert_int_equal(glob(SHAKEDOWN_SOURCE_DIR "/specs/suites/*/*.pkt", 0, NULL, &found), 0);
    assert_true(found.gl_pathc > 100);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct parsed parsed = {.diagnostics.arena = &parsed.arena};
        struct error error;
        assert_true(program_load(found.gl_pathv[i], &settings, &parsed.diagnostics, &parsed.program, &error));
        print_text(parsed.program.source.text, &settings, &printed);
        parsed_free(&parsed);
    }
    globfree(&found);
    text_free(&printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_stand_in_order_with_an_empty_line_between),
        cmocka_unit_test(events_have_a_line_each),
        cmocka_unit_test(values_have_the_parentheses_they_need),
        cmocka_unit_test(definitions_are_in_the_place_of_names),
        cmocka_unit_test(programs_that_differ_are_told_apart),
        cmocka_unit_test(suites_keep_their_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
