/* SPDX-License-Identifier: MIT */
/* Whole runs on the live kernel, over links in namespaces of the worker's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "run_fixture.h"

#define HANDSHAKE                                               \
    LISTENER                                                    \
    "+0 < S 1000:1000(0) win 32792 <mss 1000,nop,nop,sackOK>\n" \
    "+0 > S. 0:0(0) ack 1001 <...>\n"                           \
    "+0.01 < . 1:1(0) ack 1 win 257\n"                          \
    "+0 accept(3, ..., ...) = 4\n"

static void a_passive_open_passes_on_each_ip_version(void **state)
{
    (void)state;
    assert_passes("--ip_version=ipv4\n" HANDSHAKE);
    assert_passes("--ip_version=ipv6\n" HANDSHAKE);
    assert_passes("--ip_version=ipv4-mapped-ipv6\n" HANDSHAKE);
}

static void a_passive_open_passes_over_a_tun_device(void **state)
{
    (void)state;
    struct ran ran;
    struct run_request request = {.script = HANDSHAKE, .link = LINUX_LINK_TUN, .ran = &ran};
    run_until_conclusive(&request);
    assert_string_equal(ran.headline, "");
    assert_int_equal(ran.verdict, VERDICT_PASS);
}

static void the_trace_holds_every_segment_and_call(void **state)
{
    (void)state;
    struct ran ran = run_script(HANDSHAKE);
    assert_int_equal(ran.verdict, VERDICT_PASS);
    assert_true(ran.started);
    assert_true(ran.ended);
    assert_int_equal(ran.injected, 2);
    assert_int_equal(ran.seen, 1);
    assert_int_equal(ran.calls, 4);
    assert_int_equal(ran.returns, 4);
}

static void an_active_open_passes_and_carries_data(void **state)
{
    (void)state;
    assert_passes(CONNECTOR "+0 > S 0:0(0) <...>\n"
                            "+0 < S. 70:70(0) ack 1 win 5000 <mss 1000>\n"
                            "+0 > . 1:1(0) ack 1\n"
                            "+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0\n"
                            "+0 write(3, ..., 10) = 10\n"
                            "+0 > P. 1:11(10) ack 1\n"
                            "+0 < . 1:4(3) ack 11 win 5000\n"
                            "+0 > . 11:11(0) ack 4\n"
                            "+0 read(3, ..., 100) = 3\n");
}

static void timestamps_are_mapped_both_ways(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0 < S 0:0(0) win 32792 <mss 1000,nop,nop,TS val 400 ecr 0>\n"
                           "+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 100 ecr 400>\n"
                           "+0 < . 1:1(0) ack 1 win 257 <nop,nop,TS val 401 ecr 100>\n"
                           "+0 accept(3, ..., ...) = 4\n"
                           "+0 write(4, ..., 10) = 10\n"
                           "+0 > P. 1:11(10) ack 1 <nop,nop,TS val 101 ecr 401>\n");
}

static void a_wrong_answer_is_told_in_plain_words(void **state)
{
    (void)state;
    struct ran ran = run_script(LISTENER "+0 < S 0:0(0) win 32792\n"
                                         "+0 > R. 0:0(0) ack 1\n");
    assert_int_equal(ran.verdict, VERDICT_FAIL);
    assert_string_equal(ran.headline, "expected RST,ACK; got SYN,ACK");
    assert_non_null(strstr(ran.detail, "at test.pkt:5"));
    assert_non_null(strstr(ran.detail, "  expected  R. 0:0(0) ack 1"));
    assert_non_null(strstr(ran.detail, "  got       S. 0:0(0) ack 1"));
    assert_non_null(strstr(ran.detail, "            ^^"));
    assert_non_null(strstr(ran.detail, "what passed up to there"));
    assert_non_null(strstr(ran.detail, "Flags [S.]"));
}

static void a_wrong_number_is_told_beside_the_right_one(void **state)
{
    (void)state;
    assert_fails(LISTENER "+0 < S 0:0(0) win 32792\n"
                          "+0 > S. 0:0(0) ack 2 <...>\n",
                 "SYN,ACK came with ack 1 instead of ack 2");
}

static void an_answer_that_never_comes_fails(void **state)
{
    (void)state;
    assert_fails(LISTENER "+0 < R 0:0(0) win 0\n"
                          "+0 > R 0:0(0)\n",
                 "expected RST; nothing came");
}

static void an_answer_that_comes_too_soon_fails(void **state)
{
    (void)state;
    struct ran ran = run_script(LISTENER "+0 < S 0:0(0) win 32792\n"
                                         "+0.5 > S. 0:0(0) ack 1 <...>\n");
    assert_int_equal(ran.verdict, VERDICT_FAIL);
    assert_non_null(strstr(ran.headline, "SYN,ACK came "));
    assert_non_null(strstr(ran.headline, " too early (expected 500.0 ms after the event before it)"));
}

static void an_answer_that_comes_too_late_fails(void **state)
{
    (void)state;
    struct ran ran = run_script(LISTENER "+0 < S 0:0(0) win 32792\n"
                                         "+0 > S. 0:0(0) ack 1 <...>\n"
                                         "+0.8 > S. 0:0(0) ack 1 <...>\n");
    assert_int_equal(ran.verdict, VERDICT_FAIL);
    assert_non_null(strstr(ran.headline, " too late (expected 800.0 ms after the event before it)"));
}

static void silence_is_held_to(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0 < R 0:0(0) win 0\n"
                           "+0~+0.2 > nothing\n");
    struct ran ran = run_script(LISTENER "+0 < S 0:0(0) win 0\n"
                                         "+0~+0.2 > nothing\n");
    assert_int_equal(ran.verdict, VERDICT_FAIL);
    assert_non_null(strstr(ran.headline, "expected silence; got SYN,ACK after "));
}

static void a_call_that_returns_otherwise_fails(void **state)
{
    (void)state;
    assert_fails("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                 "+0 connect(3, ..., ...) = 0\n",
                 "connect() still blocks 2.000 s after it was made; one that is to block needs the time of its return: "
                 "+0...0.5");
}

static void a_call_that_blocks_beside_another_is_no_hang(void **state)
{
    (void)state;
    assert_fails(LISTENER "+0...1 accept(3, ..., ...) = 4\n"
                          "+0.1 accept(3, ..., ...) = 5\n",
                 "accept() still blocks 2.000 s after it was made; one that is to block needs the time of its return: "
                 "+0...0.5");
    assert_fails(LISTENER "+0...0.1 accept(3, ..., ...) = 4\n", "accept() still blocks 2.000 s after it was to return");
    assert_passes(LISTENER "+0...0.1 accept(3, ..., ...) = 4\n"
                           "+0 < S 0:0(0) win 1000\n"
                           "+0 > S. 0:0(0) ack 1 <...>\n"
                           "+0.05 poll([{fd=3, events=POLLIN, revents=0}], 1, 10) = 0\n"
                           "+0.04 < . 1:1(0) ack 1 win 1000\n");
}

static void data_that_came_are_told(void **state)
{
    (void)state;
    assert_fails("--tolerance_usecs=50000\n" HANDSHAKE "+0 < P. 1:6(5) ack 1 win 257 {payload \"hello\"}\n"
                 "+0 > . 1:1(0) ack 6\n"
                 "+0 read(4, \"hallo\", 5) = 5\n",
                 "read() gave \"hello\" instead of \"hallo\"");
}

static void an_error_is_told_by_its_name(void **state)
{
    (void)state;
    assert_fails("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                 "+0 listen(3, 1) = 0\n"
                 "+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0\n",
                 "getsockopt() gave SO_ERROR 0 instead of ECONNREFUSED");
    assert_fails("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                 "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                 "+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
                 "+0 > S 0:0(0) <...>\n"
                 "+0 < R. 0:0(0) ack 1\n"
                 "+0.05 getsockopt(3, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]) = 0\n",
                 "getsockopt() gave SO_ERROR ECONNREFUSED instead of ETIMEDOUT");
    assert_fails("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                 "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                 "+0 connect(3, ..., ...) = 0\n",
                 "connect() returned -1 (EINPROGRESS) instead of 0");
}

static void a_blocking_call_returns_when_it_should(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0.1...0.3 accept(3, ..., ...) = 4\n"
                           "0.2 < S 0:0(0) win 32792 <mss 1000>\n"
                           "+0 > S. 0:0(0) ack 1 <...>\n"
                           "0.3 < . 1:1(0) ack 1 win 257\n"
                           "+0.1 write(4, ..., 5) = 5\n"
                           "+0 > P. 1:6(5) ack 1\n");
}

static void connections_are_told_apart_by_their_ports(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0 < 4001 > 8080 S 100:100(0) win 1000 <mss 1000>\n"
                           "+0 < 4002 > 8080 S 200:200(0) win 1000 <mss 1000>\n"
                           "+0 > 8080 > 4002 S. 0:0(0) ack 201 <...>\n"
                           "+0 > 8080 > 4001 S. 0:0(0) ack 101 <...>\n"
                           "+0 < 4001 > 8080 . 1:1(0) ack 1 win 1000\n"
                           "+0 accept(3, ..., ...) = 4\n");
}

static void a_bad_checksum_reaches_the_stack_as_it_is(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0 < S 0:0(0) win 32792 {checksum bad}\n"
                           "+0~+0.1 > nothing\n"
                           "+0 < S 50:50(0) win 32792\n"
                           "+0 > S. 0:0(0) ack 51 <...>\n");
}

static void a_late_harness_makes_a_wrong_answer_inconclusive(void **state)
{
    (void)state;
    struct ran ran;
    struct run_request request = {
        .script = LISTENER "+0 < S 0:0(0) win 32792\n"
                           "+0.01 < S 0:0(0) win 32792\n"
                           "+0 > R. 0:0(0) ack 1\n",
        .link = LINUX_LINK_RAW,
        .delay_note = 60 * NANOSECONDS_PER_MILLISECOND,
        .ran = &ran,
    };
    run_fixture_request(&request);
    assert_int_equal(ran.verdict, VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(ran.headline, "late by "));
    assert_non_null(strstr(ran.headline, "expected RST,ACK; got SYN,ACK"));
    assert_true(ran.late > 40 * NANOSECONDS_PER_MILLISECOND);
}

static void a_late_harness_does_not_spoil_a_right_answer(void **state)
{
    (void)state;
    struct ran ran;
    struct run_request request = {
        .script = HANDSHAKE,
        .link = LINUX_LINK_RAW,
        .delay_note = 60 * NANOSECONDS_PER_MILLISECOND,
        .ran = &ran,
    };
    run_until_conclusive(&request);
    assert_string_equal(ran.headline, "");
    assert_int_equal(ran.verdict, VERDICT_PASS);
}

static void assert_not_applicable(const char *script, const char *reason)
{
    struct ran ran = run_script(script);
    assert_string_equal(ran.headline, reason);
    assert_int_equal(ran.verdict, VERDICT_NOT_APPLICABLE);
}

/* What the kernel was built without it refuses like this, and what no TCP socket has, too. */
static void what_the_system_lacks_makes_a_script_not_applicable(void **state)
{
    (void)state;
#define TCP_SOCKET "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
    assert_not_applicable(TCP_SOCKET "+0 setsockopt(3, SOL_UDP, UDP_CORK, [1], 4) = 0\n",
                          "this system has no UDP_CORK");
    assert_not_applicable(TCP_SOCKET "+0 getsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [1], [4]) = 0\n",
                          "this system has no SO_SNDBUFFORCE");
    assert_not_applicable("0 socket(AF_INET, SOCK_STREAM, IPPROTO_EGP) = 3\n", "this system has no IPPROTO_EGP");
    assert_passes(TCP_SOCKET "+0 setsockopt(3, SOL_UDP, UDP_CORK, [1], 4) = -1 ENOPROTOOPT (not available)\n");
    assert_fails(TCP_SOCKET "+0 setsockopt(3, SOL_UDP, UDP_CORK, [1], 4) = -1 EINVAL (Invalid argument)\n",
                 "setsockopt() returned -1 (ENOPROTOOPT) instead of -1 (EINVAL)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_passive_open_passes_on_each_ip_version),
        cmocka_unit_test(a_passive_open_passes_over_a_tun_device),
        cmocka_unit_test(the_trace_holds_every_segment_and_call),
        cmocka_unit_test(an_active_open_passes_and_carries_data),
        cmocka_unit_test(timestamps_are_mapped_both_ways),
        cmocka_unit_test(a_wrong_answer_is_told_in_plain_words),
        cmocka_unit_test(a_wrong_number_is_told_beside_the_right_one),
        cmocka_unit_test(an_answer_that_never_comes_fails),
        cmocka_unit_test(an_answer_that_comes_too_soon_fails),
        cmocka_unit_test(an_answer_that_comes_too_late_fails),
        cmocka_unit_test(silence_is_held_to),
        cmocka_unit_test(a_call_that_returns_otherwise_fails),
        cmocka_unit_test(a_call_that_blocks_beside_another_is_no_hang),
        cmocka_unit_test(data_that_came_are_told),
        cmocka_unit_test(an_error_is_told_by_its_name),
        cmocka_unit_test(a_blocking_call_returns_when_it_should),
        cmocka_unit_test(connections_are_told_apart_by_their_ports),
        cmocka_unit_test(a_bad_checksum_reaches_the_stack_as_it_is),
        cmocka_unit_test(a_late_harness_makes_a_wrong_answer_inconclusive),
        cmocka_unit_test(a_late_harness_does_not_spoil_a_right_answer),
        cmocka_unit_test(what_the_system_lacks_makes_a_script_not_applicable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
