/* SPDX-License-Identifier: MIT */
/* `shakedown handshake`: the handshake of the founding text, live. */
#include "program.h"

#include <inttypes.h>

/* The number behind the first PREFIX in SAID. */
static uint32_t number_behind(const char *said, const char *prefix)
{
    const char *at = strstr(said, prefix);
    if (at == NULL)
        fail_msg("expected `%s` in:\n%s", prefix, said);
    return (uint32_t)strtoul(at + strlen(prefix), NULL, 10);
}

static void assert_handshake(const char *said, uint32_t client, uint32_t server)
{
    char line[256];
    (void)snprintf(line, sizeof(line),
                   "\nIP 127.0.0.1.56742 > 127.0.0.2.12345: Flags [S], seq %" PRIu32
                   ", win 65495, options [mss 65495], "
                   "length 0\n",
                   client);
    assert_says(said, line);
    (void)snprintf(line, sizeof(line),
                   "\nIP 127.0.0.2.12345 > 127.0.0.1.56742: Flags [S.], seq %" PRIu32 ", ack %" PRIu32 ", win ", server,
                   client + 1);
    assert_says(said, line);
    (void)snprintf(line, sizeof(line),
                   "\nIP 127.0.0.1.56742 > 127.0.0.2.12345: Flags [.], ack %" PRIu32 ", win 65495, length 0\n",
                   server + 1);
    assert_says(said, line);
    (void)snprintf(line, sizeof(line),
                   "    3. the first byte of the client's stream has number %" PRIu32 ";\n"
                   "    4. the first byte of the server's stream has number %" PRIu32 ".\n",
                   client, server);
    assert_says(said, line);
    assert_says(said, "accept() returned a connection from 127.0.0.1, port 56742.\n");
}

static void test_three_packets_make_the_contract(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "handshake"), 0);
    uint32_t first = number_behind(program->output, "Flags [S.], seq ");
    assert_handshake(program->output, 3112279261, first);
    assert_int_equal(count_of(program->output, "\nIP "), 3);
    assert_string_equal(program->errors, "");
    assert_int_equal(program_run(program, "handshake --stack linux"), 0);
    assert_int_not_equal(number_behind(program->output, "Flags [S.], seq "), first);
    program_left_nothing();
}

static void test_the_last_number_of_all_is_followed_by_zero(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "handshake --client-isn 4294967295"), 0);
    assert_handshake(program->output, 4294967295, number_behind(program->output, "Flags [S.], seq "));
    assert_says(program->output, ", ack 0, win ");
}

static void test_prose_fits_a_terminal(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "handshake"), 0);
    for (const char *line = program->output; *line != '\0'; line += strcspn(line, "\n") + 1)
        if (strncmp(line, "IP ", 3) != 0)
            assert_in_range(strcspn(line, "\n"), 0, 100);
}

/* The founding text's own numbers, on a stack that lets them be chosen. */
static void test_both_sides_are_followed_state_by_state(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "handshake --stack sample --server-isn 3504942089"), 0);
    assert_handshake(program->output, 3112279261, 3504942089);
    assert_says(program->output, "    state                     SYN-SENT      SYN-RECEIVED\n"
                                 "    ISS                       3112279261    -\n"
                                 "    SND.UNA                   3112279261    -\n"
                                 "    SND.NXT                   3112279262    -\n"
                                 "    IRS                       -             3112279261\n"
                                 "    RCV.NXT                   -             3112279262\n"
                                 "    1 stream of the client    proposed      asked for\n"
                                 "    2 stream of the server    proposed      asked for\n"
                                 "    3 number of the client    proposed      asked for\n"
                                 "    4 number of the server    -             -\n");
    assert_says(program->output, "    state                     ESTABLISHED   SYN-RECEIVED\n"
                                 "    ISS                       3112279261    3504942089\n"
                                 "    SND.UNA                   3112279262    3504942089\n"
                                 "    SND.NXT                   3112279262    3504942090\n"
                                 "    IRS                       3504942089    3112279261\n"
                                 "    RCV.NXT                   3504942090    3112279262\n"
                                 "    1 stream of the client    agreed        asked for\n"
                                 "    2 stream of the server    agreed        asked for\n"
                                 "    3 number of the client    agreed        asked for\n"
                                 "    4 number of the server    asked for     proposed\n");
    assert_says(program->output, "    state                     ESTABLISHED   ESTABLISHED\n");
    assert_says(program->output, "    4 number of the server    agreed        agreed\n");
    assert_says(program->output, "    Taken by tcp-handshake.spec:");
    assert_says_not(program->output, "No rule");
}

static void test_the_end_is_followed_too(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "handshake"), 0);
    assert_says(program->output, "    FIN,ACK of the client     FIN-WAIT-1    CLOSE-WAIT\n"
                                 "    ACK of the server         FIN-WAIT-2    CLOSE-WAIT\n"
                                 "    FIN,ACK of the server     TIME-WAIT     LAST-ACK\n"
                                 "    ACK of the client         TIME-WAIT     CLOSED\n");
}

/* A SYN-ACK with an option that only a SYN with it allows. */
static void test_what_no_rule_allows_is_told(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "handshake --stack sample:fault=73"), 0);
    assert_says(program->output, "    No rule of the specification allows the server to send this");
    assert_says(program->output, "    state                     ESTABLISHED   unknown\n");
    assert_int_equal(program_run(program, "handshake --specification nowhere.spec"), 2);
    assert_says(program->errors, "nowhere.spec");
}

static void test_it_is_recorded(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "handshake --trace h.trace --pcap h.pcapng"), 0);
    assert_int_equal(access(program_path(program, "h.trace"), R_OK), 0);
    assert_int_equal(access(program_path(program, "h.pcapng"), R_OK), 0);
    assert_int_equal(program_run(program, "handshake --trace /dev/full"), 2);
    assert_says(program->errors, "shakedown: can't write to /dev/full: No space left on device\n");
    assert_int_equal(program_run(program, "handshake --pcap nowhere/h.pcapng"), 2);
    assert_says(program->errors, "shakedown: can't write nowhere/h.pcapng: No such file or directory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_three_packets_make_the_contract, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_the_last_number_of_all_is_followed_by_zero, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_prose_fits_a_terminal, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_both_sides_are_followed_state_by_state, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_the_end_is_followed_too, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_what_no_rule_allows_is_told, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_it_is_recorded, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
