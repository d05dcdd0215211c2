/* SPDX-License-Identifier: MIT */
/* One of several allowed answers, on the live kernel: which fits, and what is said if none does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "run_fixture.h"

#define SYN LISTENER "+0 < S 0:0(0) win 32792 <mss 1000>\n"

static void any_of_the_answers_may_come(void **state)
{
    (void)state;
    assert_passes(SYN "+0 > S. 0:0(0) ack 1 <...> or R. 0:0(0) ack 1\n");
    assert_passes(SYN "+0 > R. 0:0(0) ack 1 or R 0:0(0) or S. 0:0(0) ack 1 <...>\n");
    assert_passes(SYN "+0~+0.5 > R. 0:0(0) ack 1 or S. 0:0(0) ack 1 <...> or nothing\n");
}

static void silence_may_be_one_of_them(void **state)
{
    (void)state;
    assert_passes(SYN "+0 > S. 0:0(0) ack 1 <...>\n"
                      "+0 < . 1:1(0) ack 1 win 1000\n"
                      "+0~+0.1 > R 1:1(0) or nothing\n"
                      "+0 accept(3, ..., ...) = 4\n");
}

/* The SYN-ACK comes again after a second: that is no answer before it, and stays for what is expected then. */
static void what_comes_after_the_silence_is_left(void **state)
{
    (void)state;
    assert_passes(SYN "+0 > S. 0:0(0) ack 1 <...>\n"
                      "+0~+0.5 > R 1:1(0) or nothing\n"
                      "+0.5 > S. 0:0(0) ack 1 <...>\n");
}

/* The answer that came gives its numbers: the stack's ISN is what that answer calls it. */
static void numbers_are_those_of_the_answer_that_came(void **state)
{
    (void)state;
    assert_passes(SYN "+0 > R. 7:7(0) ack 1 or S. 500:500(0) ack 1 <...>\n"
                      "+0 < . 1:1(0) ack 1 win 1000\n"
                      "+0 accept(3, ..., ...) = 4\n"
                      "+0 close(4) = 0\n"
                      "+0 > F. 1:1(0) ack 1\n");
}

static void each_answer_may_have_ports_of_its_own(void **state)
{
    (void)state;
    assert_passes(LISTENER "+0 < 40001 > 8080 S 0:0(0) win 1000\n"
                           "+0 > 8080 > 40002 S. 0:0(0) ack 1 <...> or 8080 > 40001 S. 0:0(0) ack 1 <...>\n");
}

static void none_of_them_is_told_with_each(void **state)
{
    (void)state;
    struct ran ran = run_script(SYN "+0~+0.1 > R. 0:0(0) ack 1\n"
                                    "    or F. 1:1(0) ack 1\n"
                                    "    or nothing\n");
    assert_string_equal(ran.headline, "expected RST,ACK or FIN,ACK or nothing; got SYN,ACK");
    assert_int_equal(ran.verdict, VERDICT_FAIL);
    assert_non_null(strstr(ran.detail, "  at test.pkt:5\n"
                                       "    +0~+0.1 > R. 0:0(0) ack 1\n"
                                       "        or F. 1:1(0) ack 1\n"
                                       "        or nothing\n"
                                       "  answer 1: expected RST,ACK; got SYN,ACK\n"
                                       "  expected  R. 0:0(0) ack 1 "));
    assert_non_null(strstr(ran.detail, "  answer 2: expected FIN,ACK; got SYN,ACK\n"));
    assert_non_null(strstr(ran.detail, "  answer 3: expected silence; a packet came\n"));
}

static void the_nearest_makes_the_headline(void **state)
{
    (void)state;
    assert_fails(SYN "+0 > R. 0:0(0) ack 1 or S. 0:0(0) ack 2 <...>\n",
                 "SYN,ACK came with ack 1 instead of ack 2 (the nearest of 2 answers allowed)");
}

static void none_at_all_is_told(void **state)
{
    (void)state;
    assert_fails(LISTENER "+0.1 > R. 0:0(0) ack 1 or S. 0:0(0) ack 2 <...>\n",
                 "expected RST,ACK or SYN,ACK; nothing came");
    assert_fails(LISTENER "+0 < 40001 > 8080 S 0:0(0) win 1000\n"
                          "+0 > 8080 > 40002 S. 0:0(0) ack 1 <...>\n",
                 "expected SYN,ACK; nothing came on this connection (SYN,ACK came on 8080 > 40001)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_of_the_answers_may_come),
        cmocka_unit_test(silence_may_be_one_of_them),
        cmocka_unit_test(what_comes_after_the_silence_is_left),
        cmocka_unit_test(numbers_are_those_of_the_answer_that_came),
        cmocka_unit_test(each_answer_may_have_ports_of_its_own),
        cmocka_unit_test(none_of_them_is_told_with_each),
        cmocka_unit_test(the_nearest_makes_the_headline),
        cmocka_unit_test(none_at_all_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
