/* SPDX-License-Identifier: MIT */
/* Names of values: what they take from a segment that came, and what they are in the next. */
#include "resolve_fixture.h"

static void numbers_are_taken_and_given(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    resolve(&resolution, "$p > 8080 S. $isn:$isn(0) ack 1 win $w", "4000 > 8080 S. 70000:70000(0) ack 1 win 500");
    assert_true(resolution.done);
    assert_int_equal(resolution.names.count, 3);
    assert_int_equal(resolution.pattern.packet.tcp.sequence, 70000);
    resolve(&resolution, "8080 > $p+1 S. 0:0(0) ack $isn+1 win $w-600", NULL);
    assert_true(resolution.done);
    assert_int_equal(resolution.pattern.packet.tcp.destination_port, 4001);
    assert_int_equal(resolution.pattern.packet.tcp.acknowledgment, 70001);
    assert_int_equal(resolution.pattern.packet.tcp.window, 65436);
    resolution_free(&resolution);
}

static void a_known_name_is_what_is_expected(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    resolve(&resolution, "S 0:0(0) win $w", "S 0:0(0) win 5");
    resolve(&resolution, "S 0:0(0) win $w", "S 0:0(0) win 6");
    assert_true(resolution.done);
    assert_int_equal(resolution.pattern.packet.tcp.window, 5);
    assert_int_equal(resolution.names.count, 1);
    names_forget(&resolution.names, 0);
    assert_null(names_find(&resolution.names, "w"));
    resolution_free(&resolution);
}

static void bytes_of_any_length_are_taken_and_given(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    /* The options that came may stand elsewhere. */
    assert_resolved(&resolution, "S 0:0(0) <mss $m,FO $c,nop,nop>", "S 0:0(0) <nop,nop,FO 0102030405060708,mss 1000>",
                    "020403e8220a01020304050607080101");
    assert_resolved(&resolution, "S 0:0(0) <nop,nop,FOEXP $c,kind 77 $c,mss $m>", NULL,
                    "0101fe0cf98901020304050607084d0a0102030405060708020403e8");
    resolution_free(&resolution);
}

static void timestamps_have_their_places(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    assert_resolved(&resolution, ". 1:1(0) <nop,nop,TS val $t ecr 7>", ". 1:1(0) <nop,nop,TS val 256 ecr 9>",
                    "0101080a0000010000000007");
    assert_resolved(&resolution, ". 1:1(0) <TS val 1 ecr $t-1,wscale $s,nop,nop,nop>", ". 1:1(0) <wscale 9,nop>",
                    "080a00000001000000ff030309010101");
    resolution_free(&resolution);
}

static void what_did_not_come_has_no_value(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    assert_resolved(&resolution, "S 0:0(0) <mss $m,FO $c,nop,nop>", "S 0:0(0) <nop,nop,nop,nop>", "0204000022020101");
    assert_int_equal(resolution.names.count, 0);
    resolve(&resolution, "S 0:0(0) win $w", NULL);
    assert_false(resolution.done);
    assert_string_equal(resolution.error.text, "`$w` has no value: no segment that came has given it one");
    resolve(&resolution, "S 0:0(0) <mss $m>", NULL);
    assert_false(resolution.done);
    resolution_free(&resolution);
}

static void too_many_bytes_are_told(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    assert_resolved(&resolution, "S 0:0(0) <FO $c,nop,nop>", "S 0:0(0) <FO 000102030405060708090a0b0c0d0e0f,nop,nop>",
                    "2212000102030405060708090a0b0c0d0e0f0101");
    resolve(&resolution, "S 0:0(0) <FO $c,FO $c,FO $c>", NULL);
    assert_false(resolution.done);
    assert_int_equal(resolution.error.code, ERROR_TOO_LARGE);
    resolution_free(&resolution);
}

static void code_sees_the_names(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    struct text text = text_growing();
    resolve(&resolution, "S 0:0(0) win $w <FO $c,mpcapable v1 flags 1 key[k]>",
            "S 0:0(0) win 5 <FO 0a0b0c0d,mptcp mp_capable 1 010000000000000007,nop,nop>");
    names_print(&text, &resolution.names);
    assert_string_equal(text_string(&text), "globals()['w'] = 5\nglobals()['c'] = bytes.fromhex('0a0b0c0d')\n"
                                            "globals()['k'] = 7\n");
    text_free(&text);
    resolution_free(&resolution);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_taken_and_given),
        cmocka_unit_test(a_known_name_is_what_is_expected),
        cmocka_unit_test(bytes_of_any_length_are_taken_and_given),
        cmocka_unit_test(timestamps_have_their_places),
        cmocka_unit_test(what_did_not_come_has_no_value),
        cmocka_unit_test(too_many_bytes_are_told),
        cmocka_unit_test(code_sees_the_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
