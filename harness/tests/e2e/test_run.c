/* SPDX-License-Identifier: MIT */
/* What `shakedown run` does with scripts on the live kernel, and what it says of them. */
#include "program.h"

#include <grp.h>

static void test_a_script_passes_on_both_versions(void **state)
{
    struct program *program = *state;
    program_write(program, "suite/open.pkt", SCRIPT_PASSIVE_OPEN);
    assert_int_equal(program_run(program, "run suite"), 0);
    assert_says(program->output, "suite/open.pkt [ipv4]\n");
    assert_says(program->output, "suite/open.pkt [ipv6]\n");
    assert_says(program->output, "2 passed, 0 failed, 0 inconclusive, 0 errors, 0 not applicable (0 known deviations)");
    assert_says_not(program->errors, "shakedown: ");
    program_left_nothing();
}

static void test_versions_follow_script_notes_and_options(void **state)
{
    struct program *program = *state;
    program_write(program, "plain.pkt", SCRIPT_QUICK);
    program_write(program, "noted.pkt", "//: title x\n//: ip 6\n" SCRIPT_QUICK);
    program_write(program, "fixed.pkt", "--ip_version=ipv6\n" SCRIPT_QUICK);
    program_write(program, "titled.pkt", "//: title x\n" SCRIPT_QUICK);
    static const struct {
        const char *line, *listed;
    } rows[] = {
        {"run --list plain.pkt", "plain.pkt [ipv4]\n"},
        {"run --list noted.pkt", "noted.pkt [ipv6]  x\n"},
        {"run --list fixed.pkt", "fixed.pkt [ipv6]\n"},
        {"run --list titled.pkt", "titled.pkt [ipv4]  x\ntitled.pkt [ipv6]  x\n"},
        {"run --list --ip all plain.pkt", "plain.pkt [ipv4]\nplain.pkt [ipv6]\nplain.pkt [mapped]\n"},
        {"run --list --ip 4,6 noted.pkt plain.pkt", "noted.pkt [ipv6]  x\nplain.pkt [ipv4]\nplain.pkt [ipv6]\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(program_run(program, rows[i].line), 0);
        assert_string_equal(program->output, rows[i].listed);
    }
    assert_int_equal(program_run(program, "run --list --ip 4 fixed.pkt"), 64);
}

static void test_a_list_tells_title_and_requirement_and_runs_nothing(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    program_write(program, "s/fail.pkt", SCRIPT_FAILING);
    assert_int_equal(program_run(program, "run --list --requirement MUST-78 s"), 0);
    assert_string_equal(program->output, "s/fail.pkt [ipv4]  A SYN is answered by a RST (RFC9293 MUST-78)\n"
                                         "s/fail.pkt [ipv6]  A SYN is answered by a RST (RFC9293 MUST-78)\n");
    assert_int_equal(program_run(program, "run --list --filter s/o*.pkt --ip 4 s"), 0);
    assert_string_equal(program->output, "s/open.pkt [ipv4]  A passive open (RFC9293 MUST-77)\n");
}

static void test_a_dry_run_checks_and_runs_nothing(void **state)
{
    struct program *program = *state;
    program_write(program, "s/fail.pkt", SCRIPT_FAILING);
    program_write(program, "s/slow.pkt", SCRIPT_SLOW);
    assert_int_equal(program_run(program, "run --dry-run s"), 0);
    assert_string_equal(program->output, "2 scripts checked, 0 with errors, 0 not applicable\n");
}

static void test_a_fail_is_explained(void **state)
{
    struct program *program = *state;
    program_write(program, "s/fail.pkt", SCRIPT_FAILING);
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    assert_int_equal(program_run(program, "run --ip 4 s"), 1);
    assert_says(program->output, "FAIL  s/fail.pkt [ipv4]\n"
                                 "    requirement: RFC9293 MUST-78\n"
                                 "    title: A SYN is answered by a RST\n");
    /* On a busy machine a line before it says that the script was run again. */
    assert_says(program->output, "\n    expected RST,ACK; got SYN,ACK\n");
    assert_says(program->output, "s/fail.pkt:7");
    assert_says(program->output, "+0 > R. 0:0(0) ack 1001");
    assert_says(program->output, ": Flags [S.], seq ");
    assert_says(program->output, "\n    again: shakedown run --ip 4 s/fail.pkt\n");
    assert_says(program->output, "1 passed, 1 failed, 0 inconclusive, 0 errors, 0 not applicable");
    assert_int_equal(program_run(program, "run --ip 4 s/fail.pkt"), 1);
}

static void test_definitions_stand_for_numbers(void **state)
{
    struct program *program = *state;
    program_write(program, "defined.pkt",
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 bind(3, ..., ...) = 0\n"
                  "+0 listen(3, 1) = 0\n"
                  "+0 < S 0:0(0) win 1000 <mss MSS>\n"
                  "+0 > S. 0:0(0) ack 1 <...>\n");
    assert_int_equal(program_run(program, "run defined.pkt"), 2);
    assert_int_equal(program_run(program, "run -D MSS=1000 defined.pkt"), 0);
}

static void test_both_links_reach_the_kernel(void **state)
{
    struct program *program = *state;
    program_write(program, "open.pkt", SCRIPT_PASSIVE_OPEN);
    assert_int_equal(program_run(program, "run --link raw open.pkt"), 0);
    if (access("/dev/net/tun", R_OK | W_OK) == 0)
        assert_int_equal(program_run(program, "run --link tun --ip all open.pkt"), 0);
}

/* A cookie is of two addresses and a key: this is that of packetdrill's addresses. */
static void test_a_script_written_for_packetdrill_is_where_that_would_have_it(void **state)
{
    struct program *program = *state;
    if (access("/dev/net/tun", R_OK | W_OK) != 0)
        skip();
    program_write(program, "cookie.pkt",
                  "`sysctl -q net.ipv4.tcp_fastopen=0x403 "
                  "net.ipv4.tcp_fastopen_key=a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4`\n"
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 bind(3, ..., ...) = 0\n"
                  "+0 setsockopt(3, SOL_TCP, TCP_FASTOPEN, [1], 4) = 0\n"
                  "+0 listen(3, 1) = 0\n"
                  "+0 < S 0:10(10) win 1000 <mss 1000,FO 3021b9d889017eeb,nop,nop>\n"
                  "+0 > (src 192.168.0.1, dst 192.0.2.1) S. 0:0(0) ack 11 <...>\n");
    assert_int_equal(program_run(program, "run cookie.pkt"), 0);
}

static void test_known_deviations_pass_and_stale_ones_fail(void **state)
{
    struct program *program = *state;
    program_write(program, "s/fail.pkt", SCRIPT_FAILING);
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    program_write(program, "known.conf", "[s/fail.pkt]\nreason = for the test\nreference = test_run.c\n");
    assert_int_equal(program_run(program, "run --deviations known.conf s"), 0);
    assert_says(program->output, "known deviations:\n    s/fail.pkt [ipv4, ipv6]\n        for the test\n"
                                 "        (test_run.c)\n");
    assert_says(program->output, "4 passed, 0 failed, 0 inconclusive, 0 errors, 0 not applicable (2 known deviations)");
    program_write(program, "half.conf", "[s/fail.pkt]\nip = 6\nreason = for the test\nreference = test_run.c\n");
    assert_int_equal(program_run(program, "run --deviations half.conf s"), 1);
    assert_says(program->output, "3 passed, 1 failed");
    program_write(program, "stale.conf", "# x\n[s/open.pkt]\nreason = for the test\nreference = test_run.c\n");
    assert_int_equal(program_run(program, "run --deviations stale.conf s/open.pkt"), 1);
    assert_says(program->output, "stale deviations: nothing shows them any more, so the entries must go:\n"
                                 "    stale.conf:2: s/open.pkt\n");
    assert_int_equal(program_run(program, "run --deviations stale.conf --ip 4 s/open.pkt"), 0);
    assert_int_equal(program_run(program, "run --deviations stale.conf --no-deviations s/open.pkt"), 0);
}

static void test_a_deviation_of_a_script_that_is_not_there_is_an_error(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    program_write(program, "known.conf", "[s/gone.pkt]\nreason = for the test\nreference = test_run.c\n");
    assert_int_equal(program_run(program, "run --deviations known.conf s"), 2);
    assert_says(program->output, "deviations of scripts that are not there:\n    known.conf:1: s/gone.pkt\n");
    assert_int_equal(program_run(program, "run --deviations known.conf s/open.pkt"), 0);
}

static void test_a_broken_should_fails_only_if_strict(void **state)
{
    struct program *program = *state;
    program_write(program, "should.pkt", "//: requirement RFC9293 SHLD-1\n" SCRIPT_QUICK "+0 > R 0:0(0)\n");
    assert_int_equal(program_run(program, "run should.pkt"), 0);
    assert_says(program->output, "passed, but not strictly");
    assert_says(program->output, "1 passed, 0 failed");
    assert_int_equal(program_run(program, "run --strict should.pkt"), 1);
    assert_says(program->output, "again: shakedown run --strict --ip 4 should.pkt\n");
}

static void test_a_script_is_repeated(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    assert_int_equal(program_run(program, "run --repeat 5 -j 4 -v --trace t s"), 0);
    assert_int_equal(count_of(program->output, "\npass "), 9);
    assert_says(program->output, "2 passed");
    assert_int_equal(access(program_path(program, "t/s-open.ipv6.trace"), R_OK), 0);
    assert_int_equal(access(program_path(program, "t/s-open.ipv4.5.trace"), R_OK), 0);
}

/* The first time something stops the process that performs; only the second time is it sure that the stack is wrong. */
static void test_what_was_late_is_run_again(void **state)
{
    struct program *program = *state;
    program_write(program, "s/sleeps.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+1 close(3) = 0\n");
    program_write(program, "s/late.pkt",
                  "0 `test -e once || { : > once; P=$PACKETDRILL_PID; "
                  "(sleep 0.05; kill -STOP $P; sleep 0.3; kill -CONT $P) > /dev/null 2>&1 & }`\n"
                  "+0.2 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 bind(3, ..., ...) = -1\n");
    assert_int_equal(program_run(program, "run s"), 1);
    assert_says(program->output, "s/late.pkt [ipv4]: late by ");
    assert_says(program->output, "    run again ");
    assert_says(program->output, "1 passed, 1 failed, 0 inconclusive");
}

static void test_commands_see_the_stacks_devices_under_sys(void **state)
{
    struct program *program = *state;
    program_write(program, "s/sys.pkt", "`cat /sys/class/net/tun0/mtu`\n0 `test $(ls /sys/class/net | wc -l) = 2`\n");
    static const char *const lines[] = {"run --link raw s", "run --link tun s"};
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        assert_int_equal(program_run(program, lines[i]), 0);
}

static void test_an_ordinary_user_can_run(void **state)
{
    struct program *program = *state;
    program_write(program, "s/open.pkt", SCRIPT_PASSIVE_OPEN);
    assert_int_equal(chmod(program->folder, 0777), 0);
    program->prepare = program_become_nobody;
    if (program_run(program, "run --link raw s") == 126)
        skip(); /* the program is in a folder that others may not enter */
    assert_int_equal(program->status, 0);
    assert_says(program->output, "2 passed");
    assert_int_equal(program_run(program, "handshake"), 0);
    program_left_nothing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)
        TEST(test_a_script_passes_on_both_versions),
        TEST(test_versions_follow_script_notes_and_options),
        TEST(test_a_list_tells_title_and_requirement_and_runs_nothing),
        TEST(test_a_dry_run_checks_and_runs_nothing),
        TEST(test_a_fail_is_explained),
        TEST(test_definitions_stand_for_numbers),
        TEST(test_both_links_reach_the_kernel),
        TEST(test_a_script_written_for_packetdrill_is_where_that_would_have_it),
        TEST(test_known_deviations_pass_and_stale_ones_fail),
        TEST(test_a_deviation_of_a_script_that_is_not_there_is_an_error),
        TEST(test_a_broken_should_fails_only_if_strict),
        TEST(test_a_script_is_repeated),
        TEST(test_what_was_late_is_run_again),
        TEST(test_commands_see_the_stacks_devices_under_sys),
        TEST(test_an_ordinary_user_can_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
