/* SPDX-License-Identifier: MIT */
/* Scripts from the specification: what they say holds on the sample stack and on the kernel that runs here. */
#include "shell.h"

/* Nearly a thousand times in a namespace of its own, the sanitizers' memory and all, takes minutes; the sample stack
 * goes the same ways. */
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ADDRESS_SANITIZER 1
#endif
#endif

static void generate(struct program *program, const char *folder)
{
    char line[64];
    (void)snprintf(line, sizeof(line), "spec generate %s", folder);
    program_run(program, line);
    assert_int_equal(program->status, 0);
}

static void test_it_says_what_is_missing_and_how_much_there_is(void **state)
{
    struct program *program = *state;
    generate(program, "scripts");
    assert_non_null(strstr(program->output, "not brought about by a script:\n"));
    assert_non_null(strstr(program->output, " scripts: "));
    assert_non_null(strstr(program->output, "SYN-RECEIVED: sends ACK when FAST.OPEN "));
}

static void test_twice_the_same(void **state)
{
    struct program *program = *state;
    generate(program, "one");
    generate(program, "two");
    assert_int_equal(shell_run(program, "diff -r one two"), 0);
}

static void test_what_was_generated_before_is_replaced_and_nothing_else(void **state)
{
    struct program *program = *state;
    program_write(program, "scripts/mine.pkt", SCRIPT_QUICK);
    program_write(program, "scripts/old.pkt", "//: note written by shakedown spec generate\n" SCRIPT_QUICK);
    generate(program, "scripts");
    assert_int_equal(access(program_path(program, "scripts/mine.pkt"), F_OK), 0);
    assert_int_not_equal(access(program_path(program, "scripts/old.pkt"), F_OK), 0);
}

static void test_the_scripts_are_in_canonical_form(void **state)
{
    struct program *program = *state;
    generate(program, "scripts");
    program_run(program, "fmt --check scripts");
    assert_int_equal(program->status, 0);
}

static void test_they_pass_on_the_sample_stack(void **state)
{
    struct program *program = *state;
    generate(program, "scripts");
    program_run(program, "run --stack sample scripts");
    if (program->status != 0)
        fail_msg("%s", program->output);
    assert_non_null(strstr(program->output, " 0 failed, 0 inconclusive, 0 errors, 0 not applicable"));
}

/* The harness chooses its own numbers; what a stack counts from is the stack's affair, but for this one. */
static void test_they_pass_wherever_the_numbers_of_the_stack_wrap(void **state)
{
    struct program *program = *state;
    static const char *const initial[] = {"4294967295", "4294967294", "4294967285", "4294934504"};
    generate(program, "scripts");
    for (size_t i = 0; i < sizeof(initial) / sizeof(initial[0]); i++) {
        char line[64];
        (void)snprintf(line, sizeof(line), "run --stack sample:isn=%s scripts", initial[i]);
        program_run(program, line);
        if (program->status != 0)
            fail_msg("%s", program->output);
    }
}

static void test_they_pass_on_the_kernel_but_for_known_deviations(void **state)
{
    struct program *program = *state;
#ifdef WITH_ADDRESS_SANITIZER
    skip();
#endif
    generate(program, "generated");
    program_run(program, "run generated");
    if (program->status != 0)
        fail_msg("%s", program->output);
    assert_non_null(strstr(program->output, " 0 failed, 0 inconclusive, 0 errors"));
}

static void test_a_folder_that_cannot_be_made_is_told(void **state)
{
    struct program *program = *state;
    program_run(program, "spec generate no/such/folder");
    assert_int_equal(program->status, 2);
    assert_non_null(strstr(program->errors, "no/such/folder"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_it_says_what_is_missing_and_how_much_there_is),
        TEST(test_twice_the_same),
        TEST(test_what_was_generated_before_is_replaced_and_nothing_else),
        TEST(test_the_scripts_are_in_canonical_form),
        TEST(test_they_pass_on_the_sample_stack),
        TEST(test_they_pass_wherever_the_numbers_of_the_stack_wrap),
        TEST(test_they_pass_on_the_kernel_but_for_known_deviations),
        TEST(test_a_folder_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
