/* SPDX-License-Identifier: MIT */
/* Stacks that are plug-ins: the one that comes with the program, and some that do everything wrong. */
#include "program.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ADDRESS_SANITIZER 1
#endif
#endif

#define PLUGIN(name) "--stack plugin:" SHAKEDOWN_BINARY_DIR "/plugins/" name ".so"

/* A packet, and nothing that is looked at after it. */
#define SCRIPT_PACKET                               \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
    "+0 < S 0:0(0) win 32792 <mss 1000>\n"

static void test_a_script_runs_on_the_sample_stack_in_no_time(void **state)
{
    struct program *program = *state;
    program_write(program, "open.pkt", SCRIPT_PASSIVE_OPEN);
    program_write(program, "slow.pkt", SCRIPT_SLOW);
    program_run(program, "run --stack sample --ip 4 open.pkt slow.pkt");
    assert_int_equal(program->status, 0);
    assert_non_null(strstr(program->output, "2 passed"));
}

static void test_what_is_noted_as_slow_runs_where_time_is_virtual(void **state)
{
    struct program *program = *state;
    program_write(program, "minutes.pkt", "//: slow a minute of waiting\n" SCRIPT_SLOW);
    assert_int_equal(program_run(program, "run --stack sample --ip 4 minutes.pkt"), 0);
    assert_says(program->output, "1 passed");
    assert_int_equal(program_run(program, "run --ip 4 minutes.pkt"), 0);
    assert_says(program->output, "--slow lets it: a minute of waiting");
    assert_says(program->output, "0 errors, 1 not applicable");
    program_write(program, "second.pkt", "//: slow not really\n" SCRIPT_QUICK);
    assert_int_equal(program_run(program, "run --ip 4 --slow second.pkt"), 0);
    assert_says(program->output, "1 passed");
}

static void test_code_about_what_passed_runs_beside_any_stack(void **state)
{
    struct program *program = *state;
    program_write(program, "code.pkt", SCRIPT_QUICK "+0 %{ assert 1 + 1 == 3, 'sums' }%\n");
    assert_int_equal(program_run(program, "run --stack sample --ip 4 code.pkt"), 1);
    assert_says(program->output, "AssertionError: sums");
}

static void test_each_performance_is_the_same(void **state)
{
    struct program *program = *state;
    program_write(program, "open.pkt", SCRIPT_PASSIVE_OPEN);
    program_run(program, "run --stack sample --ip 4 --trace one open.pkt");
    assert_int_equal(program->status, 0);
    program_run(program, "run --stack sample --ip 4 --trace two open.pkt");
    assert_int_equal(program->status, 0);
    const char *const names[] = {"one/open.ipv4.trace", "two/open.ipv4.trace"};
    struct stat first;
    struct stat second;
    assert_int_equal(stat(program_path(program, names[0]), &first), 0);
    assert_int_equal(stat(program_path(program, names[1]), &second), 0);
    assert_true(first.st_size > 0 && first.st_size == second.st_size);
    char *one = program_read(program, names[0]);
    char *two = program_read(program, names[1]);
    assert_memory_equal(one, two, (size_t)first.st_size);
    free(one);
    free(two);
}

static void test_a_fault_is_found(void **state)
{
    struct program *program = *state;
    program_write(program, "open.pkt", SCRIPT_PASSIVE_OPEN);
    program_run(program, "run --stack sample:fault=97 --ip 4 open.pkt");
    assert_int_equal(program->status, 1);
    assert_non_null(strstr(program->output, "ack 1000 instead of ack 1001"));
}

/* Fault 102 repeats its SYN after 10 s: RFC 6298 has a second, as a SHOULD. */
static void test_a_broken_should_is_a_pass_that_is_not_strict(void **state)
{
    struct program *program = *state;
    program_write(program, "late.pkt",
                  "//: requirement RFC9293 MUST-18\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 connect(3, ..., ...) = -1 EINPROGRESS (...)\n"
                  "+0 > S 0:0(0) <...>\n+10 > S 0:0(0) <...>\n+20 > S 0:0(0) <...>\n");
    assert_int_equal(program_run(program, "run --stack sample:fault=102 --ip 4 --trace traces late.pkt"), 0);
    assert_says(program->output, "not strictly");
    assert_says(program->output, "late.pkt [ipv4]: RFC6298 §2.1; in SYN-SENT");
    assert_int_equal(program_run(program, "run --stack sample:fault=102 --ip 4 --strict late.pkt"), 1);
    assert_says(program->output, "RFC6298 §2.1 (SHOULD)");
    assert_int_equal(program_run(program, "judge traces/late.ipv4.trace"), 0);
    assert_says(program->output, "pass, not strict  198.51.100.1.");
    assert_says(program->output, "1 pass, 0 fail, 0 inconclusive; 1 of the passes not strict");
    assert_int_equal(program_run(program, "judge --format json traces/late.ipv4.trace"), 0);
    assert_says(program->output, "\"verdict\":\"pass\",\"strict\":false");
    assert_int_equal(program_run(program, "judge --strict traces/late.ipv4.trace"), 1);
    assert_says(program->output, "0 pass, 1 fail");
}

static void test_a_stack_says_what_it_was_not_meant_to_be_asked(void **state)
{
    struct program *program = *state;
    program_write(program, "open.pkt", SCRIPT_PASSIVE_OPEN);
    program_run(program, "run --stack sample:colour=red --ip 4 open.pkt");
    assert_int_equal(program->status, 2);
    assert_non_null(strstr(program->output, "isn=N and fault=N, not `colour=red`"));
}

static void test_commands_are_not_applicable(void **state)
{
    struct program *program = *state;
    program_write(program, "command.pkt", "`exit 1`\n" SCRIPT_QUICK);
    program_run(program, "run --stack sample --ip 4 command.pkt");
    assert_int_equal(program->status, 0);
    assert_non_null(strstr(program->output, "1 not applicable"));
    assert_non_null(strstr(program->output, "shell commands"));
}

static void test_a_crash_costs_one_script_and_is_placed(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_PACKET);
    program_write(program, "b.pkt", SCRIPT_QUICK);
    program_run(program, "run --ip 4 " PLUGIN("crashes") " a.pkt b.pkt");
    assert_int_equal(program->status, 1);
    assert_says(program->output, "1 passed, 1 failed");
    assert_says(program->output, "the stack crashed in packet: Segmentation fault at address 0x4");
    assert_non_null(strstr(program->output, "write_to_nowhere"));
}

/* Enough performances that a worker does several of them. */
static void test_a_crash_costs_no_other_script_of_its_process(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_PACKET);
    program_write(program, "b.pkt", SCRIPT_QUICK);
    program_run(program, "run -j 1 --ip 4 --repeat 40 " PLUGIN("crashes") " a.pkt b.pkt");
    assert_int_equal(program->status, 1);
    assert_says(program->output, "1 passed, 1 failed, 0 inconclusive, 0 errors");
    assert_null(strstr(program->output, "changed"));
}

static void test_what_a_script_leaves_behind_fails_no_other(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_PACKET);
    program_write(program, "b.pkt", SCRIPT_QUICK);
    program_run(program, "run -j 1 --ip 4 --repeat 40 " PLUGIN("remembers") " a.pkt b.pkt");
    assert_says(program->output, "2 passed, 0 failed, 0 inconclusive, 0 errors");
    assert_int_equal(program->status, 0);
}

static void test_a_loop_costs_one_script_and_is_placed(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_PACKET);
    program_write(program, "b.pkt", SCRIPT_QUICK);
    program_run(program, "run --ip 4 " PLUGIN("loops") " a.pkt b.pkt");
    assert_int_equal(program->status, 1);
    assert_says(program->output, "1 passed, 1 failed");
    assert_says(program->output, "the stack did not come back within 5 s of computing in packet, in go_round");
    assert_non_null(strstr(program->output, "go_round"));
}

/* Only a sanitizer sees it; without one nothing but the stack itself is harmed. */
static void test_a_silent_overwrite_costs_one_script_under_a_sanitizer(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_PACKET);
    program_write(program, "b.pkt", SCRIPT_QUICK);
    program_run(program, "run --ip 4 " PLUGIN("overwrites") " a.pkt b.pkt");
#ifdef WITH_ADDRESS_SANITIZER
    assert_int_equal(program->status, 1);
    assert_says(program->output, "1 passed, 1 failed");
    assert_says(program->output, "a sanitizer found a fault in packet: ERROR: AddressSanitizer: use-after-poison");
    assert_says(program->output, "write_behind");
    assert_string_equal(program->errors, "");
#else
    assert_int_equal(program->status, 0);
#endif
}

static void test_a_plugin_of_another_version_is_refused(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_QUICK);
    program_run(program, "run " PLUGIN("wrong_version") " a.pkt");
    assert_int_equal(program->status, 2);
    assert_non_null(strstr(program->errors, "version 99 of the plug-in ABI"));
}

static void test_handshake_has_the_numbers_that_are_asked_for(void **state)
{
    struct program *program = *state;
    program_run(program, "handshake --stack sample --server-isn 3504942089");
    assert_int_equal(program->status, 0);
    assert_non_null(strstr(program->output, "the client's stream has number 3112279261"));
    assert_non_null(strstr(program->output, "the server's stream has number 3504942089"));
    program_run(program, "handshake --server-isn 1");
    assert_int_equal(program->status, 64);
    assert_non_null(strstr(program->errors, "--stack sample"));
}

static void test_stacks_tells_of_the_sample_and_its_faults(void **state)
{
    struct program *program = *state;
    program_run(program, "stacks");
    assert_int_equal(program->status, 0);
    assert_non_null(strstr(program->output, "\nsample: "));
    assert_null(strstr(program->output, "rst-answers-rst"));
    program_run(program, "stacks sample");
    assert_int_equal(program->status, 0);
    assert_non_null(strstr(program->output, "rst-answers-rst"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_script_runs_on_the_sample_stack_in_no_time, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_noted_as_slow_runs_where_time_is_virtual, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_code_about_what_passed_runs_beside_any_stack, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_each_performance_is_the_same, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_broken_should_is_a_pass_that_is_not_strict, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_a_fault_is_found, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_stack_says_what_it_was_not_meant_to_be_asked, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_commands_are_not_applicable, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_crash_costs_one_script_and_is_placed, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_crash_costs_no_other_script_of_its_process, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_what_a_script_leaves_behind_fails_no_other, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_a_loop_costs_one_script_and_is_placed, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_silent_overwrite_costs_one_script_under_a_sanitizer, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_a_plugin_of_another_version_is_refused, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_handshake_has_the_numbers_that_are_asked_for, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_stacks_tells_of_the_sample_and_its_faults, program_setup,
                                        program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
