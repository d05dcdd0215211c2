/* SPDX-License-Identifier: MIT */
/* `shakedown fmt`: what it prints, what it writes, and what it leaves alone. */
#include "program.h"

#define CANONICAL "// A comment\n0 close(3) = 0\n+0.1 < S 0:0(0) win 5 <mss MSS>\n"
#define UNTIDY    "\n// A comment\n0  close( 3 )=0\n+.1 < S 0:0(0)\n   win 5 <mss MSS>\n\n"

static void assert_holds(const struct program *program, const char *name, const char *text)
{
    char *held = program_read(program, name);
    assert_string_equal(held, text);
    free(held);
}

static void test_the_canonical_form_is_printed_and_files_are_left_alone(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", UNTIDY);
    program_write(program, "b.pkt", CANONICAL);
    assert_int_equal(program_run(program, "fmt a.pkt b.pkt"), 0);
    assert_string_equal(program->output, CANONICAL CANONICAL);
    assert_string_equal(program->errors, "");
    assert_holds(program, "a.pkt", UNTIDY);
}

static void test_files_are_rewritten_in_place(void **state)
{
    struct program *program = *state;
    struct stat before, after;
    program_write(program, "s/a.pkt", UNTIDY);
    program_write(program, "s/b.pkt", CANONICAL);
    assert_int_equal(chmod(program_path(program, "s/a.pkt"), 0640), 0);
    assert_int_equal(symlink("s/a.pkt", program_path(program, "link.pkt")), 0);
    assert_int_equal(stat(program_path(program, "s/b.pkt"), &before), 0);
    assert_int_equal(program_run(program, "fmt -i s link.pkt"), 0);
    assert_string_equal(program->output, "");
    assert_holds(program, "s/a.pkt", CANONICAL);
    assert_int_equal(stat(program_path(program, "s/b.pkt"), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(lstat(program_path(program, "link.pkt"), &after), 0);
    assert_true(S_ISLNK(after.st_mode));
    assert_int_equal(stat(program_path(program, "s/a.pkt"), &after), 0);
    assert_int_equal(after.st_mode & 0777, 0640);
}

static void test_a_check_names_what_is_laid_out_otherwise(void **state)
{
    struct program *program = *state;
    program_write(program, "s/a.pkt", UNTIDY);
    program_write(program, "s/b.pkt", CANONICAL);
    assert_int_equal(program_run(program, "fmt --check s"), 1);
    assert_string_equal(program->output, "s/a.pkt\n");
    assert_int_equal(program_run(program, "fmt --check -i s"), 1);
    assert_holds(program, "s/a.pkt", UNTIDY);
    assert_int_equal(program_run(program, "fmt --check s/b.pkt"), 0);
    assert_string_equal(program->output, "");
}

static void test_what_is_no_script_is_told_and_left_alone(void **state)
{
    struct program *program = *state;
    program_write(program, "bad.pkt", "0  close(3\n");
    program_write(program, "good.pkt", UNTIDY);
    assert_int_equal(program_run(program, "fmt -i bad.pkt good.pkt"), 2);
    assert_says(program->errors, "bad.pkt:2:");
    assert_holds(program, "bad.pkt", "0  close(3\n");
    assert_holds(program, "good.pkt", CANONICAL);
    assert_int_equal(program_run(program, "fmt gone.pkt"), 2);
    assert_says(program->errors, "gone.pkt");
}

static void test_a_definition_is_used_and_its_name_stays(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", "0 < . 1:N(10) ack 1\n");
    assert_int_equal(program_run(program, "fmt a.pkt"), 2);
    assert_int_equal(program_run(program, "fmt -D N=11 a.pkt"), 0);
    assert_string_equal(program->output, "0 < . 1:N(10) ack 1\n");
}

static void test_standard_input_is_read(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "fmt -"), 2);
    assert_says(program->errors, "this script has no events");
}

static void test_words_that_make_no_sense_are_told(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "fmt"), 64);
    assert_says(program->errors, "shakedown: no script is given; `-` is standard input\n");
    assert_int_equal(program_run(program, "fmt -i -"), 64);
    assert_says(program->errors, "shakedown: standard input can't be rewritten in place\n");
    assert_int_equal(program_run(program, "fmt --chekc a.pkt"), 64);
    assert_says(program->errors, "did you mean --check?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)
        TEST(test_the_canonical_form_is_printed_and_files_are_left_alone),
        TEST(test_files_are_rewritten_in_place),
        TEST(test_a_check_names_what_is_laid_out_otherwise),
        TEST(test_what_is_no_script_is_told_and_left_alone),
        TEST(test_a_definition_is_used_and_its_name_stays),
        TEST(test_standard_input_is_read),
        TEST(test_words_that_make_no_sense_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
