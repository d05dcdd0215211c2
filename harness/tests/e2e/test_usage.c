/* SPDX-License-Identifier: MIT */
/* Command lines that make no sense, and those that only ask. */
#include "program.h"

static void test_each_mistake_has_one_message_and_status_64(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_QUICK);
    static const struct {
        const char *line, *message;
    } rows[] = {
        {"", "shakedown: no command is given\n"},
        {"runn", "shakedown: unknown command runn; did you mean run?\n"},
        {"xyzzy", "shakedown: unknown command xyzzy\n"},
        {"--jobs 3", "shakedown: unknown option --jobs; options stand behind the command\n"},
        {"run", "shakedown: no script and no folder of scripts is given\n"},
        {"run --job 3 a.pkt", "shakedown: unknown option --job; did you mean --jobs?\n"},
        {"run -q a.pkt", "shakedown: unknown option -q\n"},
        {"run a.pkt --jobs", "shakedown: the option --jobs needs a value: N\n"},
        {"run --list=yes a.pkt", "shakedown: the option --list takes no value\n"},
        {"run -j 0 a.pkt", "shakedown: the option --jobs takes a number from 1 to 1024, not `0`\n"},
        {"run --repeat many a.pkt", "shakedown: the option --repeat takes a number from 1 to 100000, not `many`\n"},
        {"run --stack linus a.pkt", "shakedown: unknown stack linus; did you mean linux?\n"},
        {"run --stack windows a.pkt", "shakedown: unknown stack windows; `shakedown stacks` lists those there are\n"},
        {"run --link tum a.pkt", "shakedown: unknown link tum; did you mean tun?\n"},
        {"run --ip 5 a.pkt", "shakedown: --ip takes 4, 6, mapped or all, not `5`\n"},
        {"run --format xml a.pkt",
         "shakedown: there is no report in the format xml: expected text, tap, junit or json\n"},
        {"run --format tab a.pkt", "shakedown: there is no report in the format tab; did you mean tap?\n"},
        {"run --list --format tap a.pkt", "shakedown: a list has no verdicts to report: it is text or json\n"},
        {"run -D A a.pkt", "shakedown: a definition is NAME=VALUE, not `A`\n"},
        {"run --filter none* a.pkt", "shakedown: of 1 scripts none is left by --filter, --requirement and --ip\n"},
        {"handshake --client-isn 4294967296",
         "shakedown: the option --client-isn takes a number from 0 to 4294967295, not `4294967296`\n"},
        {"handshake --client-iss 1", "shakedown: unknown option --client-iss; did you mean --client-isn?\n"},
        {"handshake now", "shakedown: handshake takes options only, not `now`\n"},
        {"stacks linux sample", "shakedown: stacks is about all stacks, or about one\n"},
        {"spec", "shakedown: spec does nothing by itself\n"},
        {"spec chek", "shakedown: unknown command chek; did you mean check?\n"},
        {"spec check --specifikation x", "did you mean --specification?\n"},
        {"spec check x.spec", "shakedown: x.spec is not understood; a file is named with --specification\n"},
        {"help runn", "shakedown: unknown command runn; did you mean run?\n"},
        {"help run stacks", "shakedown: help is about one command at a time\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(program_run(program, rows[i].line), 64);
        assert_says(program->errors, rows[i].message);
        assert_int_equal(count_of(program->errors, "shakedown: "), 1);
        assert_string_equal(program->output, "");
    }
}

static void test_help_names_every_command_and_option(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "help"), 0);
    static const char *const commands[] = {"  run ", "  fmt ", "  handshake ", "  stacks ", "  spec ", "  help "};
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        assert_says(program->output, commands[i]);
    assert_int_equal(program_run(program, "run --help"), 0);
    static const char *const options[] = {"-j, --jobs N", "--stack NAME", "--trace DIR", "--no-deviations", "--ip "};
    for (size_t i = 0; i < COUNT_OF(options); i++)
        assert_says(program->output, options[i]);
    assert_string_equal(program->errors, "");
    assert_int_equal(program_run(program, "--version"), 0);
    assert_says(program->output, "shakedown 0.");
}

static void test_stacks_tells_what_can_be_tested(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "stacks"), 0);
    assert_says(program->output, "linux: the kernel that runs here, Linux ");
    assert_says(program->output, "--link raw   can be tested");
    assert_says(program->output, "--link tun   can");
    program_left_nothing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_mistake_has_one_message_and_status_64, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_help_names_every_command_and_option, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_stacks_tells_what_can_be_tested, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
