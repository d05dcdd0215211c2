/* SPDX-License-Identifier: MIT */
/* Shell commands and Python code of scripts on the live kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "run_fixture.h"

/* The tolerance is for busy machines. */
#define ESTABLISHED                                                                            \
    "--tolerance_usecs=50000\n" LISTENER "+0 < S 0:0(0) win 32792 <mss 1000,nop,nop,sackOK>\n" \
    "+0 > S. 0:0(0) ack 1 <...>\n"                                                             \
    "+.01 < . 1:1(0) ack 1 win 257\n"                                                          \
    "+0 accept(3, ..., ...) = 4\n"

/* Fails the test unless the run ended in VERDICT with a headline that begins with HEADLINE. */
static struct ran assert_ends(const char *script, enum verdict verdict, const char *headline)
{
    struct ran ran = run_script(script);
    if (ran.verdict != verdict || strncmp(ran.headline, headline, strlen(headline)) != 0)
        fail_msg("%s: %s\n%s", verdict_name(ran.verdict), ran.headline, ran.detail);
    return ran;
}

static void commands_run_in_the_stacks_namespace(void **state)
{
    (void)state;
    assert_passes("`sysctl -q net.ipv4.tcp_timestamps=0 net.ipv4.tcp_sack=0`\n" LISTENER
                  "+0 < S 0:0(0) win 1000 <mss 1000,sackOK,TS val 1 ecr 0>\n"
                  "+0 > S. 0:0(0) ack 1 <mss 1460>\n"
                  "+0 `ip -o address show tun0 | grep -q 198.51.100.1`\n");
}

static void all_commands_have_one_parent(void **state)
{
    (void)state;
    assert_passes("`echo $PPID > /tmp/parent; test $PPID = $PACKETDRILL_PID`\n"
                  "0 `test $PPID = $(cat /tmp/parent)`\n"
                  "+0 `test $PACKETDRILL_PID = $(cat /tmp/parent)`\n\n"
                  "`test $PPID = $(cat /tmp/parent)`\n");
}

static void a_command_inherits_no_descriptor(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0 `test \"$(ls /proc/self/fd | tr '\\n' ' ')\" = '0 1 2 3 '`\n");
}

static void what_came_during_a_command_is_seen(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0 < S 0:0(0) win 1000\n"
                           "+0 `sleep 0.05`\n"
                           "0~0.03 > S. 0:0(0) ack 1 <...>\n");
}

static void a_command_that_fails_is_an_error_with_its_output(void **state)
{
    (void)state;
    struct ran ran = assert_ends("0 `echo first; echo second >&2; exit 3`\n", VERDICT_ERROR,
                                 "the command `echo first; echo second >&2; exit 3` ended with status 3");
    assert_non_null(strstr(ran.detail, "at test.pkt:1"));
    assert_non_null(strstr(ran.detail, "  it printed:\n    first\n    second\n"));
    (void)assert_ends("0 `kill -9 $$`\n", VERDICT_ERROR, "the command `kill -9 $$` died of signal 9 (Killed)");
    (void)assert_ends("`exit 4`\n0 `true`\n", VERDICT_ERROR, "the command `exit 4` ended with status 4");
    (void)assert_ends("0 `true`\n\n`exit 5`\n", VERDICT_ERROR, "the command `exit 5` ended with status 5");
}

static void the_end_of_megabytes_is_kept(void **state)
{
    (void)state;
    struct ran ran = assert_ends("0 `seq 1000000; exit 1`\n", VERDICT_ERROR, "the command");
    assert_non_null(strstr(ran.detail, "  the end of what it printed:\n"));
    assert_non_null(strstr(ran.detail, "\n    1000000\n"));
    assert_true(strlen(ran.detail) < 8000);
}

static void a_command_that_hangs_is_killed(void **state)
{
    (void)state;
    (void)assert_ends("//: timeout 0.3\n0 `sleep 1000`\n", VERDICT_ERROR,
                      "the command `sleep 1000` has not ended within 0.3 s and was killed");
    (void)assert_ends("//: timeout 0.3\n`sleep 1000`\n0 `true`\n", VERDICT_ERROR,
                      "the command `sleep 1000` has not ended within 0.3 s and was killed");
}

static void a_child_in_the_background_is_not_waited_for(void **state)
{
    (void)state;
    assert_passes("//: timeout 2\n`sleep 1000 &`\n0 `sleep 1000 &`\n");
}

static void the_cleanup_command_runs_after_a_failure(void **state)
{
    (void)state;
    /* Its own failure hides nothing. */
    assert_fails("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 listen(3, 1) = -1\n\n`exit 1`\n",
                 "listen() returned 0 instead of -1");
    (void)assert_ends("`exit 2`\n0 `true`\n\n`exit 1`\n", VERDICT_ERROR, "the command `exit 2`");
}

static void a_setting_that_the_kernel_lacks_makes_the_script_not_applicable(void **state)
{
    (void)state;
    (void)assert_ends("`sysctl -q net.ipv4.tcp_tw_recycle=1`\n0 `true`\n", VERDICT_NOT_APPLICABLE,
                      "the setting net.ipv4.tcp_tw_recycle is not known on this system");
    (void)assert_ends("`echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle`\n0 `true`\n", VERDICT_NOT_APPLICABLE,
                      "the setting net.ipv4.tcp_tw_recycle is not known on this system");
}

static void a_value_that_the_kernel_refuses_makes_the_script_not_applicable(void **state)
{
    (void)state;
    (void)assert_ends("`sysctl -q net.ipv4.tcp_ecn=77`\n0 `true`\n", VERDICT_NOT_APPLICABLE,
                      "this system does not take the value given to net.ipv4.tcp_ecn");
    (void)assert_ends("`sysctl -q net.ipv4.tcp_congestion_control=none; sysctl -q net.ipv4.tcp_ecn=77`\n0 `true`\n",
                      VERDICT_NOT_APPLICABLE, "this system does not take the value given to net.ipv4.tcp_ecn");
}

static void a_refused_value_that_the_command_passes_over_is_no_fail_of_the_stacks(void **state)
{
    (void)state;
    (void)assert_ends("`sysctl -q net/ipv4/tcp_ecn=77; true`\n" LISTENER "+0 fcntl(3, F_GETFL) = 17\n",
                      VERDICT_NOT_APPLICABLE,
                      "this system does not take the value given to net.ipv4.tcp_ecn; without it: fcntl() returned 2");
    assert_passes("`sysctl -q net.ipv4.tcp_ecn=77; true`\n" LISTENER);
    /* One that the script does not name is none of its own. */
    assert_fails("`sysctl -q net.ipv4.$(echo tcp_ecn)=77 || true`\n" LISTENER "+0 fcntl(3, F_GETFL) = 17\n",
                 "fcntl() returned 2 instead of 17");
}

static void code_may_end_in_a_line_that_is_to_be_continued(void **state)
{
    (void)state;
    assert_passes(ESTABLISHED "+0 %{ assert tcpi_state == TCP_ESTABLISHED;\\\n assert 1 == 1;\\\n}%\n");
}

static void a_setting_that_no_system_knows_is_an_error(void **state)
{
    (void)state;
    (void)assert_ends("`sysctl -q net.ipv4.tcp_time_stamps=1`\n0 `true`\n", VERDICT_ERROR,
                      "the setting net.ipv4.tcp_time_stamps is known on no system; did you mean `tcp_timestamps`?");
    (void)assert_ends("0 `cat /proc/sys/net/core/whatever_this_is`\n", VERDICT_ERROR,
                      "the setting net.core.whatever_this_is is known on no system");
}

static void code_sees_tcp_info_as_it_was(void **state)
{
    (void)state;
    assert_passes(ESTABLISHED "+0 %{ assert tcpi_state == TCP_ESTABLISHED, tcpi_state }%\n"
                              "+0 %{\nassert tcpi_options == TCPI_OPT_SACK\nassert tcpi_ca_state == TCP_CA_Open\n}%\n"
                              "+0 write(4, ..., 100) = 100\n"
                              "+0 > P. 1:101(100) ack 1\n"
                              "+0 %{ assert tcpi_unacked == 1 }%\n"
                              "+.01 < . 1:1(0) ack 101 win 257\n"
                              "+0 %{ assert tcpi_unacked == 0 }%\n");
}

static void code_is_about_the_connection_used_last(void **state)
{
    (void)state;
    assert_passes(ESTABLISHED "+0 %{ first = tcpi_state }%\n"
                              "+0 listen(3, 2) = 0\n"
                              "+0 %{ assert first == tcpi_state == TCP_ESTABLISHED }%\n"
                              "+0 close(4) = 0\n"
                              "+0 %{ assert tcpi_state == TCP_LISTEN }%\n"
                              "+0 close(3) = 0\n"
                              "+0 %{ assert 'tcpi_state' not in globals() }%\n");
}

static void an_assertion_that_does_not_hold_is_a_fail(void **state)
{
    (void)state;
    struct ran ran = assert_ends(ESTABLISHED "+0 %{\nassert True\nassert tcpi_state == TCP_CLOSE, 'hm' }%\n",
                                 VERDICT_FAIL, "the code's assertion does not hold: AssertionError: hm");
    assert_non_null(strstr(ran.detail, "at test.pkt:11\n    assert tcpi_state == TCP_CLOSE, 'hm' }%\n"));
    assert_non_null(strstr(ran.detail, "  where tcpi_state = 1\n"));
}

static void other_exceptions_are_errors(void **state)
{
    (void)state;
    (void)assert_ends("0 %{ print('seen'); nothing }%\n", VERDICT_ERROR,
                      "the code raised: NameError: name 'nothing' is not defined");
    (void)assert_ends("0 %{ assert ( }%\n", VERDICT_ERROR, "the code raised: SyntaxError");
    (void)assert_ends("0 %{ import os; os._exit(3) }%\n", VERDICT_ERROR,
                      "the code ended the interpreter with status 3");
    (void)assert_ends("//: timeout 1\n0 %{\nwhile True:\n    pass\n}%\n", VERDICT_ERROR,
                      "the code has not ended in time and was stopped");
}

static void slow_code_makes_nothing_late(void **state)
{
    (void)state;
    assert_passes(ESTABLISHED "+0 %{ import time; time.sleep(0.2); print('x' * 1000000) }%\n"
                              "+0.05 < F. 1:1(0) ack 1 win 257\n"
                              "+0 > . 1:1(0) ack 2\n");
}

static void code_may_be_indented_as_a_whole(void **state)
{
    (void)state;
    assert_passes("0 %{\n    def f():\n        return 1\n    assert f() == 1\n    }%\n"
                  "+0 %{ assert f() == 1\n      assert f() == 1 }%\n"
                  "+0 %{ if f() == 1:\n    g = 2\n}%\n"
                  "+0 %{ assert g == 2 }%\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_run_in_the_stacks_namespace),
        cmocka_unit_test(all_commands_have_one_parent),
        cmocka_unit_test(a_command_inherits_no_descriptor),
        cmocka_unit_test(what_came_during_a_command_is_seen),
        cmocka_unit_test(a_command_that_fails_is_an_error_with_its_output),
        cmocka_unit_test(the_end_of_megabytes_is_kept),
        cmocka_unit_test(a_command_that_hangs_is_killed),
        cmocka_unit_test(a_child_in_the_background_is_not_waited_for),
        cmocka_unit_test(the_cleanup_command_runs_after_a_failure),
        cmocka_unit_test(a_setting_that_the_kernel_lacks_makes_the_script_not_applicable),
        cmocka_unit_test(a_value_that_the_kernel_refuses_makes_the_script_not_applicable),
        cmocka_unit_test(a_refused_value_that_the_command_passes_over_is_no_fail_of_the_stacks),
        cmocka_unit_test(code_may_end_in_a_line_that_is_to_be_continued),
        cmocka_unit_test(a_setting_that_no_system_knows_is_an_error),
        cmocka_unit_test(code_sees_tcp_info_as_it_was),
        cmocka_unit_test(code_is_about_the_connection_used_last),
        cmocka_unit_test(an_assertion_that_does_not_hold_is_a_fail),
        cmocka_unit_test(other_exceptions_are_errors),
        cmocka_unit_test(slow_code_makes_nothing_late),
        cmocka_unit_test(code_may_be_indented_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
