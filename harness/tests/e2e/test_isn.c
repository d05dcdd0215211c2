/* SPDX-License-Identifier: MIT */
/* `shakedown isn`: the numbers of stacks that are good at them, and of some that are not. */
#include "program.h"

static void test_a_sound_stack_passes_and_each_run_is_the_same(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "isn --stack sample -n 1000"), 0);
    assert_string_equal(program->errors, "");
    assert_says(program->output, "pass          RFC9293 MUST-8: ");
    assert_says(program->output, "pass          RFC9293 MUST-9: ");
    assert_says(program->output, "pass          RFC9293 SHLD-1: ");
    assert_says(program->output, "    rate           250000 a second, one in 4 us\n");
    assert_says(program->output, "    distinct       1000 of 1000\n");
    assert_says(program->output, "\nverdict: pass\n");
    assert_int_equal(count_of(program->output, "    for nmap       SP="), 3);
    char *first = strdup(program->output);
    assert_int_equal(program_run(program, "isn --stack sample"), 0);
    assert_string_equal(program->output, first);
    free(first);
}

static void test_it_is_asked_over_ipv6_as_well(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "isn --stack sample --ip 6 -n 100"), 0);
    assert_says(program->output, "numbers of sample over IPv6, ");
    assert_says(program->output, "\nverdict: pass\n");
    assert_int_equal(program_run(program, "isn --ip 6 -n 50 --json"), 0);
    assert_says(program->output, ",\"ip\":6,");
    assert_int_equal(program_run(program, "isn --ip mapped"), 64);
    assert_says(program->errors, "--ip is 4 or 6, not `mapped`");
}

/* The faults of the sample stack that are about initial sequence numbers. */
static void test_each_planted_fault_is_found(void **state)
{
    static const struct {
        const char *line;
        const char *says[2];
    } rows[] = {
        {"isn --stack sample:fault=91 -n 100", {"FAIL          RFC9293 MUST-8", "    distinct       1 of 100\n"}},
        {"isn --stack sample:fault=92 -n 100", {"not kept      RFC9293 SHLD-1", "    GCD            64000 of"}},
        {"isn --stack sample:fault=93 -n 100", {"not kept      RFC9293 SHLD-1", "FAIL          RFC9293 MUST-9"}},
        {"isn --stack sample:fault=93 -n 100 --strict", {"FAIL          RFC9293 SHLD-1", "verdict: fail\n"}},
    };
    struct program *program = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(program_run(program, rows[i].line), 1);
        assert_says(program->output, rows[i].says[0]);
        assert_says(program->output, rows[i].says[1]);
    }
}

static void test_the_kernel_has_a_clock_and_a_secret(void **state)
{
    struct program *program = *state;
    assert_in_range(program_run(program, "isn -n 200 --json"), 0, 2);
    assert_string_equal(program->errors, "");
    assert_int_not_equal(program->status, 1);
    assert_says(program->output, "{\"type\":\"isn\",\"stack\":\"linux\",\"verdict\":");
    assert_says(program->output, "{\"requirement\":\"RFC9293 MUST-9\",\"level\":\"MUST\",\"verdict\":\"pass\"");
    assert_says(program->output, "\"clock\":{\"monotonic\":true,\"backwards\":0,");
    assert_says(program->output, "\"active\":{\"count\":200,\"distinct\":200,");
    assert_int_equal(count_of(program->output, "\n"), 1);
    program_left_nothing();
}

static void test_a_plot_is_drawn(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "isn --stack sample -n 50 --plot numbers.svg"), 0);
    char *plot = program_read(program, "numbers.svg");
    assert_int_equal(strncmp(plot, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 39), 0);
    assert_string_equal(plot + strlen(plot) - 7, "</svg>\n");
    assert_says(plot, "Initial sequence numbers of sample: pass");
    assert_int_equal(count_of(plot, "h0"), 3 * 50 + 3 * 49);
    free(plot);
    assert_int_equal(program_run(program, "isn --stack sample --plot nowhere/numbers.svg"), 2);
    assert_says(program->errors, "shakedown: can't write nowhere/numbers.svg: No such file or directory\n");
    assert_int_equal(program_run(program, "isn --stack sample --plot /dev/full"), 2);
    assert_says(program->errors, "shakedown: can't write /dev/full: No space left on device\n");
}

static void test_what_makes_no_sense_is_refused(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "isn -n 3"), 64);
    assert_int_equal(program_run(program, "isn numbers"), 64);
    assert_says(program->errors, "isn takes options only, not `numbers`\n");
    assert_int_equal(program_run(program, "isn --stack simple"), 64);
    assert_says(program->errors, "did you mean sample?\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_sound_stack_passes_and_each_run_is_the_same, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_it_is_asked_over_ipv6_as_well, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_each_planted_fault_is_found, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_the_kernel_has_a_clock_and_a_secret, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_plot_is_drawn, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_what_makes_no_sense_is_refused, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
