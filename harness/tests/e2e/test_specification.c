/* SPDX-License-Identifier: MIT */
/* `shakedown spec show`, `graph` and `coverage`. */
#include "program.h"

static void test_a_state_is_shown_with_the_sentences_it_rests_on(void **state)
{
    struct program *program = *state;
    program_run(program, "spec show syn-sent");
    assert_int_equal(program->status, 0);
    assert_says(program->output, "arrives SYN+ACK+FIN\n");
    assert_says(program->output, "RFC9293 MUST-10 (MUST): Two SYNs that cross each other make one connection");
    program_run(program, "spec show");
    assert_int_equal(program->status, 0);
    assert_says(program->output, "LISTEN, ");
}

static void test_a_state_that_is_not_there_is_told(void **state)
{
    struct program *program = *state;
    program_run(program, "spec show opening");
    assert_int_equal(program->status, 64);
    assert_says(program->errors, "no state is called so");
}

static void test_the_drawing_has_every_state_and_every_arrow(void **state)
{
    struct program *program = *state;
    program_run(program, "spec graph");
    assert_int_equal(program->status, 0);
    assert_says(program->output, "digraph handshake {");
    program_run(program, "spec graph --svg graph.svg");
    assert_int_equal(program->status, 0);
    assert_string_equal(program->errors, "");
    char *picture = program_read(program, "graph.svg");
    assert_says(picture, "ESTABLISHED");
    assert_says(picture, "SYN / SYN+ACK");
    assert_says(picture, "RFC9293 §3.10.7.2");
    free(picture);
}

static void test_what_traffic_has_met_is_counted_and_painted(void **state)
{
    struct program *program = *state;
    program_write(program, "open.pkt", SCRIPT_PASSIVE_OPEN);
    program_run(program, "run --stack sample --ip 4 --trace traces --pcap captures open.pkt");
    assert_int_equal(program->status, 0);
    program_run(program, "spec coverage --graph met.svg traces/open.ipv4.trace");
    assert_int_equal(program->status, 0);
    assert_string_equal(program->errors, "");
    assert_says(program->output, "        1  arrives SYN\n");
    assert_says(program->output, "FIN-WAIT-1: 0 of ");
    char *picture = program_read(program, "met.svg");
    assert_says(picture, "#1a7f37");
    assert_says(picture, "#cf222e");
    free(picture);
    program_run(program, "spec coverage captures/open.ipv4.pcapng traces/open.ipv4.trace");
    assert_int_equal(program->status, 0);
    assert_says(program->output, "        2  arrives SYN\n");
}

static void test_a_folder_for_the_picture_that_is_not_there_is_told(void **state)
{
    struct program *program = *state;
    program_run(program, "spec graph --svg no/such/folder.svg");
    assert_int_equal(program->status, 2);
    assert_says(program->errors, "did not draw no/such/folder.svg");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_state_is_shown_with_the_sentences_it_rests_on),
        TEST(test_a_state_that_is_not_there_is_told),
        TEST(test_the_drawing_has_every_state_and_every_arrow),
        TEST(test_what_traffic_has_met_is_counted_and_painted),
        TEST(test_a_folder_for_the_picture_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
