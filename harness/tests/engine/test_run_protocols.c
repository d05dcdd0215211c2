/* SPDX-License-Identifier: MIT */
/* Scripts about packets besides TCP segments that fail on the live kernel, and how that is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "run_fixture.h"

#define DATAGRAMS                                  \
    "0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n" \
    "+0 connect(3, ..., ...) = 0\n"                \
    "+0 send(3, ..., 10, 0) = 10\n"

static void a_datagram_that_differs_fails(void **state)
{
    (void)state;
    assert_fails(DATAGRAMS "+0 > udp (11)\n", "a UDP datagram came with udp (10) instead of udp (11)");
}

static void a_datagram_is_not_what_a_segment_waits_for(void **state)
{
    (void)state;
    assert_fails(DATAGRAMS "+0 > S 0:0(0) <...>\n", "expected SYN; nothing came");
}

static void a_datagram_breaks_silence(void **state)
{
    (void)state;
    struct ran ran = run_script(DATAGRAMS "+0.1 > nothing\n");
    assert_int_equal(ran.verdict, VERDICT_FAIL);
    assert_non_null(strstr(ran.headline, "expected silence; got a UDP datagram after "));
}

static void a_message_that_does_not_come_is_called_by_its_words(void **state)
{
    (void)state;
    assert_fails("0 > icmp unreachable port_unreachable\n", "expected ICMP unreachable port_unreachable; nothing came");
}

static void a_quote_that_differs_fails(void **state)
{
    (void)state;
    assert_fails("0 < udp (10)\n+0 > icmp unreachable port_unreachable [udp (12)]\n",
                 "ICMP unreachable port_unreachable came with the packet [udp (10)] instead of [udp (12)]");
}

static void a_quote_needs_a_connection(void **state)
{
    (void)state;
    struct ran ran = run_script("0 < icmp unreachable [1:1(0)]\n");
    assert_int_equal(ran.verdict, VERDICT_ERROR);
    assert_non_null(strstr(ran.headline, "there is no connection yet whose packet this message could quote"));
}

static void numbers_of_a_quote_are_the_scripts(void **state)
{
    (void)state;
    assert_passes("--ip_version=ipv4-mapped-ipv6\n" CONNECTOR "+0 > S 100:100(0) <...>\n"
                  "+0 < icmp unreachable port_unreachable [0:0(0)]\n"
                  "+.01 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_that_differs_fails),
        cmocka_unit_test(a_datagram_is_not_what_a_segment_waits_for),
        cmocka_unit_test(a_datagram_breaks_silence),
        cmocka_unit_test(a_message_that_does_not_come_is_called_by_its_words),
        cmocka_unit_test(a_quote_that_differs_fails),
        cmocka_unit_test(a_quote_needs_a_connection),
        cmocka_unit_test(numbers_of_a_quote_are_the_scripts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
