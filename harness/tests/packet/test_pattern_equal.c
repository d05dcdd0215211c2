/* SPDX-License-Identifier: MIT */
/* Two texts of one packet are equal patterns, and any field makes a difference. */
#include "packet/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void parse(struct arena *arena, const char *text, struct pattern *pattern)
{
    struct diagnostics diagnostics = {.arena = arena};
    const struct source source = {"segment", text, strlen(text)};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    assert_true(pattern_parse(&scanner, arena, NULL, pattern));
    assert_int_equal(scanner.offset, source.length);
}

static bool texts_equal(const char *left, const char *right)
{
    struct arena arena = {0};
    struct pattern one, other;
    parse(&arena, left, &one);
    parse(&arena, right, &other);
    bool equal = pattern_equal(&one, &other);
    assert_int_equal(pattern_equal(&other, &one), equal);
    arena_free(&arena);
    return equal;
}

static void spellings_of_one_packet_are_equal(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"S 0:0(0) win 10 <mss 1460>", "S  0x0 : 0 (0)  win 0xa < mss 1460 >"},
        {"(ttl 64, id 5) . 1:1(0) ack 1", "(id 5) (ttl 64) . 1:1(0) ack 1"},
        {"P. 1:3(2) ack 1 {payload \"ab\"}", "P. 1:3(2) ack 1 {payload 6162}"},
        {"udp (0)", "udp (0) {payload \"\"}"},
        {"SEW 0:0(0)", "S3 0:0(0)"},
        {"SE?W? 0:0(0)", "W?SE? 0:0(0)"},
        {"S 0:0(0) <mss 1460,wscale 7?,...>", "S 0:0(0) <any order: mss 1460, nop, wscale 7 ?, ...>"},
        {"S 0:0(0) <any order: mss 1460>", "S 0:0(0) <any order:nop,nop,mss 1460>"},
        {"raw", "raw"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_true(texts_equal(rows[i][0], rows[i][1]));
}

static void each_field_makes_a_difference(void **state)
{
    (void)state;
    /* No two of them are equal. */
    static const char *const texts[] = {
        "S 0:0(0)",
        "S. 0:0(0)",
        "S 1:1(0)",
        "S 0:1(1)",
        "S 0:0(0) ack 0",
        "S 0:0(0) ack 1",
        "S 0:0(0) win 0",
        "S 0:0(0) win 1",
        "S 0:0(0) urg 1",
        "S 0:0(0) <mss 1460>",
        "S 0:0(0) <mss 1461>",
        "S 0:0(0) <...>",
        "SE? 0:0(0)",
        "SE 0:0(0)",
        "S 0:0(0) <any order: mss 1460>",
        "S 0:0(0) <mss 1460?>",
        "S 0:0(0) <mss 1460,...>",
        "S 0:0(0) <mss 1460?,...>",
        "S 0:0(0) <mss ...>",
        "S 0:0(0) <mss ...?>",
        "S 0:0(0) {checksum bad}",
        "S 0:0(0) {checksum 1}",
        "S 0:0(0) {data_offset 5}",
        "S 0:0(0) {reserved 1}",
        "S 0:1(1) {payload \"a\"}",
        "S 0:1(1) {payload \"b\"}",
        "1 > 2 S 0:0(0)",
        "1 > 3 S 0:0(0)",
        "(ttl 64) S 0:0(0)",
        "(ttl 65) S 0:0(0)",
        "(ect0) S 0:0(0)",
        "(ect01) S 0:0(0)",
        "(flowlabel 1) S 0:0(0)",
        "(src 192.0.2.1) S 0:0(0)",
        "(src 2001:db8::1) S 0:0(0)",
        "udp (0)",
        "udp (0) {length 5}",
        "udp 1 > 2 (0)",
        "icmp type 3",
        "icmp type 3 code 0",
        "icmp type 3 code 0 rest 1",
        "icmpv6 type 3",
        "protocol 50",
        "protocol 51",
        "protocol 51 00",
        "raw",
        "raw \"\"",
        "raw 00",
        "raw 01",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t j = 0; j < COUNT_OF(texts); j++)
            if (texts_equal(texts[i], texts[j]) != (i == j))
                fail_msg("`%s` and `%s` are told %s", texts[i], texts[j], i == j ? "apart" : "equal");
}

/* Printed and read again it is equal. */
static void printing_keeps_all_that_is_given(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "S 0:0(0)",
        "SEWA 1:5(4) ack 3 win 2 urg 1 <...> {checksum bad, payload \"abcd\"}",
        "raw \"\"",
        "raw",
        "udp (3)",
        "(src 2001:db8::1, ect01) icmpv6 type 1 code 2 rest 0x3 (4)",
        "P?. 1:1(0)",
        "F?S?R?P?.?U?E?W?A? 1:1(0)",
        "S 0:0(0) <...>",
        "S 0:0(0) <any order: mss 1460,sackOK>",
        "S 0:0(0) <FOEXP ...,FO ...?,ECN ...,experiment2 ...,kind 77 ...,kind 174 ...?,mptcp ...,...>",
        "S 0:0(0) <TS val 1 ecr 2?,sack ...,wscale 7>",
        "protocol 50",
        "(ttl 1, checksum bad) . 1:1(0) <nop,nop,sack 1:2>",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct arena arena = {0};
        struct pattern pattern;
        struct text text = text_growing();
        parse(&arena, texts[i], &pattern);
        pattern_print(&text, &pattern);
        assert_true(texts_equal(texts[i], text_string(&text)));
        text_free(&text);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_of_one_packet_are_equal),
        cmocka_unit_test(each_field_makes_a_difference),
        cmocka_unit_test(printing_keeps_all_that_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
