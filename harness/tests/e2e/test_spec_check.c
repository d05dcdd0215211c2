/* SPDX-License-Identifier: MIT */
/* `shakedown spec check`: the specification keeps its laws and the contract, and each variant breaks it in its own way.
 */
#include "base/text_file.h"
#include "program.h"
#include "shell.h"

#define VARIANTS SHAKEDOWN_SOURCE_DIR "/specs/variants/"

static void test_the_specification_is_proven(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "spec check"), 0);
    static const char *const said[] = {
        "every state has an outcome for all that can arrive",
        "rows for any control bits decide",
        "every clause cited is in the catalogue",
        "Assumed: initial sequence numbers are fresh",
        "numbers modulo 2^10",
        "all there are",
        "holds:   both ESTABLISHED: each side's IRS is the other's ISS",
        "an old duplicate alone makes none",
        "Fast Open: an old SYN with a cookie",
        "SYN cookies: nobody repeats a SYN-ACK",
    };
    for (size_t i = 0; i < COUNT_OF(said); i++)
        assert_says(program->output, said[i]);
    assert_string_equal(program->errors, "");
}

static void test_each_variant_has_its_counter_example(void **state)
{
    struct program *program = *state;
    static const struct {
        const char *file, *finding, *end;
    } rows[] = {
        {"two-packets.spec", "a connection is made that the other side never agreed to",
         "  A  CLOSED: there is no connection\n  B  ESTABLISHED: its own stream begins at 601, A's at 101"},
        {"no-ack-check.spec", "both sides are ESTABLISHED, and one's IRS is not the other's ISS",
         "  A  ESTABLISHED: its own stream begins at 151, B's at 601"},
        {"no-challenge.spec", "both sides were ESTABLISHED, and neither ended what has ended", "(forged)"},
        {"predictable-isn.spec", "a connection is made that the other side never agreed to", "(forged)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[512];
        (void)snprintf(line, sizeof(line), "spec check --variant " VARIANTS "%s", rows[i].file);
        assert_int_equal(program_run(program, line), 1);
        assert_says(program->output, rows[i].finding);
        assert_says(program->output, rows[i].end);
    }
}

/* What the README shows is what the command prints. */
static void test_the_readme_has_the_counter_example_for_two_packets(void **state)
{
    struct program *program = *state;
    struct text readme = text_growing();
    struct error error;
    assert_true(text_file_read(SHAKEDOWN_SOURCE_DIR "/README.md", "text", &readme, &error));
    text_append_character(&readme, '\n');
    assert_int_equal(program_run(program, "spec check --variant " VARIANTS "two-packets.spec"), 1);
    const char *drawn = strstr(program->output, "  A    ");
    assert_non_null(drawn);
    assert_says(text_string(&readme), drawn);
    text_free(&readme);
}

static void test_a_variant_that_is_none_is_told(void **state)
{
    struct program *program = *state;
    program_write(program, "none.spec", "variant none\nstate LISTEN\ninstead of arrives FIN\n");
    assert_int_equal(program_run(program, "spec check --variant none.spec"), 2);
    assert_says(program->errors, "none.spec:3:1: error: no row of `state LISTEN` begins with this line");
    program_write(program, "odd.spec", "variant odd\nstate LISTEN\ninstead of arrives RST\narrives RST\n  mumble\n");
    assert_int_equal(program_run(program, "spec check --variant odd.spec"), 2);
    assert_says(program->errors, "as odd.spec amends it:");
    assert_says(program->errors, "odd.spec is no variant of the specification");
    assert_int_equal(program_run(program, "spec check --variant missing.spec"), 2);
    assert_int_equal(program_run(program, "spec check --width 5"), 64);
}

static void test_a_broken_law_is_told_with_its_place(void **state)
{
    struct program *program = *state;
    program_write(program, "deaf.spec", "variant deaf\nstate LISTEN\ninstead of arrives any\n");
    assert_int_equal(program_run(program, "spec check --variant deaf.spec"), 1);
    assert_says(program->output,
                "error: in LISTEN no row says what happens when a segment with no control bit arrives");
}

/* Each line is an object; all that the text tells is there, mistakes included. */
static void test_json_tells_the_same(void **state)
{
    struct program *program = *state;
    static const char *const said[] = {
        "{\"type\":\"law\",\"says\":\"every state has an outcome for all that can arrive\",\"looked_at\":",
        "{\"type\":\"assumption\",\"says\":\"initial sequence numbers are fresh",
        "\"known_exception\":false,\"opens\":2,\"crashes\":2,\"width\":10,",
        "\"complete\":true",
        "\"holds\":[\"both ESTABLISHED",
        "\"known_exception\":true",
        "\"verdict\":\"pass\"}\n",
    };
    program_write(program, "reader.py",
                  "import json, sys\nfor line in sys.stdin:\n    assert 'type' in json.loads(line)\n");
    assert_int_equal(program_run(program, "spec check --format json"), 0);
    for (size_t i = 0; i < COUNT_OF(said); i++)
        assert_says(program->output, said[i]);
    assert_int_equal(shell_run(program,
                               "for what in 'check --format json' 'show --format json listen' 'check --format json "
                               "--variant " VARIANTS "no-challenge.spec'; do shakedown spec $what | python3 "
                               "reader.py || exit 1; done"),
                     0);
    assert_int_equal(program_run(program, "spec check --format json --variant " VARIANTS "two-packets.spec"), 1);
    assert_says(program->output,
                "\"broken\":true,\"finding\":\"a connection is made that the other side never agreed to\"");
    assert_says(program->output, "\"shortest\":\"  A ");
    assert_says(program->output, "\"verdict\":\"fail\"}\n");
    program_write(program, "odd.spec", "state LISTNE\n");
    assert_int_equal(program_run(program, "spec check --format json --specification odd.spec"), 2);
    assert_says(program->output,
                "{\"type\":\"mistake\",\"file\":\"odd.spec\",\"line\":1,\"column\":7,\"length\":6,\"says\":"
                "\"this state is not known; is `LISTEN` meant?\",\"text\":\"state LISTNE\"}\n");
    assert_says(program->output, "\"verdict\":\"error\"}\n");
    assert_int_equal(program_run(program, "spec check --format xml"), 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_specification_is_proven, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_each_variant_has_its_counter_example, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_the_readme_has_the_counter_example_for_two_packets, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_a_variant_that_is_none_is_told, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_json_tells_the_same, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_broken_law_is_told_with_its_place, program_setup, program_teardown),
    };
    return cmocka_run_group_tests_name("spec_check", tests, NULL, NULL);
}
