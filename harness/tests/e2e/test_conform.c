/* SPDX-License-Identifier: MIT */
/* `shakedown conform`: requirements by stack. */
#include "program.h"

#include <glob.h>

#define SCRIPT_REFUSED                                        \
    "//: title A SYN to a closed port is answered by a RST\n" \
    "//: requirement RFC9293 \xc2\xa7"                        \
    "3.10.7.1\n"                                              \
    "0 < S 1000:1000(0) win 32792 <mss 1000>\n"               \
    "+0 > R. 0:0(0) ack 1\n"

static void test_stacks_stand_side_by_side(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    program_write(program, "s/refused.pkt", SCRIPT_REFUSED);
    assert_int_equal(program_run(program, "conform --stack sample --stack linux --ip 4 --no-generated s"), 0);
    assert_string_equal(program->errors, "");
    assert_says(program->output, "MUST                                sample           linux\n");
    assert_says(program->output, "RFC9293 MUST-77                     passed           passed\n");
    assert_says(program->output, "RFC9293 \xc2\xa7"
                                 "3.10.7.1                   passed           passed\n");
    assert_says(program->output, "RFC9293 MUST-9                      not exercised    not exercised\n");
    assert_says(program->output, "\nsample: 2 passed, 0 failed, ");
    assert_says(program->output, "\nlinux: 2 passed, 0 failed, ");
    assert_says_not(program->output, "VIOLATED");
    program_left_nothing();
}

static void test_a_fault_is_a_violated_requirement_with_what_shows_it(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    program_write(program, "s/refused.pkt", SCRIPT_REFUSED);
    assert_int_equal(program_run(program, "conform --stack sample --stack sample:fault=2 --ip 4 --no-generated s"), 1);
    assert_says(program->output, "RFC9293 \xc2\xa7"
                                 "3.10.7.1                   passed           VIOLATED\n    ");
    assert_says(program->output, "\nsample:fault=2\n\nFAIL  s/refused.pkt [ipv4]\n");
    assert_says(program->output, "    again: shakedown run --stack sample:fault=2 --ip 4 s/refused.pkt\n");
    assert_int_equal(program_run(program, "run --stack sample:fault=2 --ip 4 s/refused.pkt"), 1);
}

static void test_programs_read_it_as_json(void **state)
{
    struct program *program = *state;
    program_write(program, "s/refused.pkt", SCRIPT_REFUSED);
    assert_int_equal(program_run(program, "conform --stack sample:fault=2 --format json --no-generated s"), 1);
    assert_says(program->output, "\"stacks\":{\"sample:fault=2\":\"violated\"}}\n");
    assert_says(program->output, "{\"type\":\"case\",\"stack\":\"sample:fault=2\",\"path\":\"s/refused.pkt\",\"ip\":"
                                 "\"ipv4\",\"verdict\":\"fail\",");
    assert_says(program->output,
                "{\"type\":\"stack\",\"stack\":\"sample:fault=2\",\"verdicts\":{\"pass\":0,\"fail\":2,");
    assert_int_equal(program_run(program, "conform --format xml s"), 64);
    assert_says(program->errors, "unknown format xml; expected text or json\n");
}

/* The suites that come with the program, on the stack that is right but for what its file says. */
static void test_the_suites_are_what_is_run_by_default(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "conform --stack sample --no-generated --requirement MUST-10"), 0);
    assert_says(program->output, "RFC9293 MUST-10                     passed\n");
    assert_says_not(program->output, "\nsample: 0 passed");
}

/* Has scratch folders made where the test can see them. */
static void watch_scratch(const struct program *program)
{
    assert_int_equal(setenv("TMPDIR", program->folder, 1), 0);
}

static void assert_no_scratch(const struct program *program)
{
    glob_t found = {0};
    assert_int_equal(glob(program_path(program, "shakedown.*"), 0, NULL, &found), GLOB_NOMATCH);
    globfree(&found);
    assert_int_equal(unsetenv("TMPDIR"), 0);
}

/* One that a fault breaks, and how that is shown again though its file is gone. */
static void test_what_the_specification_gives_rise_to_is_run_and_gone_afterwards(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    watch_scratch(program);
    assert_int_equal(program_run(program, "conform --stack sample:fault=1 --ip 4 --filter closed-* s"), 1);
    assert_says(program->output, " scripts were generated from the specification, for ");
    assert_says(program->output, "\nFAIL  generated/closed-rst.pkt [ipv4]\n");
    assert_says(program->output, "      at generated/closed-rst.pkt:");
    assert_says(program->output, "    again: shakedown conform --stack sample:fault=1 --ip 4 --filter "
                                 "generated/closed-rst.pkt\n");
    assert_int_equal(program_run(program, "conform --stack sample:fault=1 --ip 4 --filter generated/closed-rst.pkt"),
                     1);
    assert_says(program->output, "\nsample:fault=1: 0 passed, 1 failed, ");
    assert_int_equal(program_run(program, "conform --stack sample --filter generated/closed-rst.pkt --format json"), 0);
    assert_says(program->output, "{\"type\":\"generated\",\"scripts\":");
    assert_no_scratch(program);
}

/* Starts one that lasts, and waits until it has made its folder and a script has ended. */
static FILE *start_lasting(struct program *program)
{
    char line[256] = "";
    program_write(program, "s/quick.pkt", SCRIPT_QUICK);
    program_write(program, "s/slow.pkt", SCRIPT_SLOW);
    assert_int_equal(mkfifo(program_path(program, "output.txt"), 0600), 0);
    watch_scratch(program);
    program_start(program, "conform --stack linux --stack sample --ip 4 -v --filter s/*.pkt s");
    FILE *output = fopen(program_path(program, "output.txt"), "r");
    assert_non_null(output);
    assert_non_null(fgets(line, sizeof(line), output));
    assert_says(line, "quick.pkt");
    return output;
}

static void test_a_kill_leaves_no_folder(void **state)
{
    struct program *program = *state;
    glob_t found = {0};
    FILE *output = start_lasting(program);
    assert_int_equal(glob(program_path(program, "shakedown.*/generated"), 0, NULL, &found), 0);
    globfree(&found);
    assert_int_equal(kill(program->pid, SIGKILL), 0);
    assert_int_equal(waitpid(program->pid, NULL, 0), program->pid);
    program->pid = 0;
    (void)fclose(output);
    program_left_nothing();
    assert_no_scratch(program);
}

static void test_a_signal_ends_it_with_what_was_done_so_far(void **state)
{
    struct program *program = *state;
    char line[256];
    FILE *output = start_lasting(program);
    assert_int_equal(kill(program->pid, SIGINT), 0);
    bool told = false;
    while (fgets(line, sizeof(line), output) != NULL)
        told = told || strncmp(line, "linux: 1 passed, ", 17) == 0;
    (void)fclose(output);
    assert_true(told);
    int status = 0;
    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    program->pid = 0;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 128 + SIGINT);
    assert_no_scratch(program);
    program_left_nothing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stacks_stand_side_by_side, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_fault_is_a_violated_requirement_with_what_shows_it, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_programs_read_it_as_json, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_the_suites_are_what_is_run_by_default, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_what_the_specification_gives_rise_to_is_run_and_gone_afterwards,
                                        program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_kill_leaves_no_folder, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_signal_ends_it_with_what_was_done_so_far, program_setup,
                                        program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
