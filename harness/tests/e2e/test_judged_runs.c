/* SPDX-License-Identifier: MIT */
/* What the specification says of a script on the live kernel, and when it counts. */
#include "program.h"

/* Linux offers its window scale again, though the peer's SYN had none: RFC 7323 section 2.2 doesn't allow it. */
#define SIMULTANEOUS                                   \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"    \
    "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"    \
    "+0 connect(3, ..., ...) = -1 EINPROGRESS (...)\n" \
    "+0 > S 0:0(0) <...>\n"                            \
    "+0.01 < S 0:0(0) win 32792 <mss 1000>\n"          \
    "+0 > S. 0:0(0) ack 1 <...>\n"
#define CITING "//: requirement RFC9293 MUST-10\n" SIMULTANEOUS

static void test_what_cites_nothing_is_judged_and_counts_under_strict(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SIMULTANEOUS);
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations s"), 0);
    assert_says(program->output, "the specification says otherwise, which counts under --strict only:\n"
                                 "    s/open.pkt [ipv4]\n"
                                 "        by the specification: fail: in SYN-RECEIVED: the stack's SYN,ACK has the "
                                 "option window-scale");
    assert_says(program->output, "          RFC7323 §2.2");
    assert_says(program->output, "tcp-handshake.spec:");
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations --strict s"), 1);
    assert_says(program->output, "0 passed, 1 failed");
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations --strict --no-judge s"), 0);
    assert_says_not(program->output, "specification");
    program_left_nothing();
}

static void test_of_what_cites_a_requirement_both_verdicts_count(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", CITING);
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations s"), 1);
    assert_says(program->output, "    by the specification: fail: in SYN-RECEIVED");
    assert_int_equal(program_run(program, "run --ip 4 s"), 0);
    assert_says(program->output, "known deviations from the specification:\n    SYN-RECEIVED/S., 1 case\n");
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations --no-judge s"), 0);
}

static void test_every_report_has_the_specification_s_verdict(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", CITING);
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations --format json s"), 1);
    assert_says(program->output, "\"script\":\"pass\",\"specification\":{\"verdict\":\"fail\",\"headline\":\"in SYN-");
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations --format tap s"), 1);
    assert_says(program->output, "  specification: \"fail\"\n");
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations --format junit s"), 1);
    assert_says(program->output, "<property name=\"specification\" value=\"fail\"/>");
}

static void test_an_entry_that_its_script_does_not_show_is_stale(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", CITING);
    program_write(program, "known.conf",
                  "[SYN-RECEIVED/S.]\nspecification = RFC7323 §2.2\nshown = s/open.pkt\nreason = x\nreference = y\n");
    assert_int_equal(program_run(program, "run --ip 4 --judged-deviations known.conf s"), 0);
    program_write(program, "stale.conf",
                  "[s/open.pkt]\nreason = x\nreference = y\n\n"
                  "[ESTABLISHED/S]\nshown = s/open.pkt\nreason = x\nreference = y\n");
    assert_int_equal(program_run(program, "run --ip 4 --judged-deviations stale.conf s"), 1);
    assert_says(program->output,
                "nothing shows them any more, so the entries must go:\n    stale.conf:5: ESTABLISHED/S\n");
}

static void test_what_a_script_sets_before_it_begins_widens_the_specification(void **state)
{
    struct program *program = *state;
    program_write(
        program, "s/few.pkt",
        "//: requirement RFC9293 MUST-23\n`sysctl -q net.ipv4.tcp_syn_retries=1 net.ipv4.tcp_syn_linear_timeouts=0`\n"
        "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
        "+0...8 connect(3, ..., ...) = -1 ETIMEDOUT (...)\n"
        "+0 > S 0:0(0) <...>\n"
        "+1 > S 0:0(0) <...>\n"
        "+5 close(3) = 0\n");
    assert_int_equal(program_run(program, "run --ip 4 --no-deviations s"), 0);
    assert_says_not(program->output, "by the specification");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)
        TEST(test_what_cites_nothing_is_judged_and_counts_under_strict),
        TEST(test_of_what_cites_a_requirement_both_verdicts_count),
        TEST(test_every_report_has_the_specification_s_verdict),
        TEST(test_an_entry_that_its_script_does_not_show_is_stale),
        TEST(test_what_a_script_sets_before_it_begins_widens_the_specification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
