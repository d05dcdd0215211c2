/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

#define MS NANOSECONDS_PER_MILLISECOND

/* A time in front of an event that it suits, and what it says. */
static const struct vector {
    const char *text;
    struct event_time time;
} vectors[] = {
    {"0 close(3) = 0", {.kind = TIME_ABSOLUTE}},
    {"+0 close(3) = 0", {.kind = TIME_RELATIVE}},
    {"+0close(3) = 0", {.kind = TIME_RELATIVE}},
    {"0.1 close(3) = 0", {.kind = TIME_ABSOLUTE, .start = 100 * MS, .end = 100 * MS}},
    {".1 close(3) = 0", {.kind = TIME_ABSOLUTE, .start = 100 * MS, .end = 100 * MS}},
    {"+.010 close(3) = 0", {.kind = TIME_RELATIVE, .start = 10 * MS, .end = 10 * MS}},
    {"+ 2 close(3) = 0", {.kind = TIME_RELATIVE, .start = 2000 * MS, .end = 2000 * MS}},
    {"0010 close(3) = 0", {.kind = TIME_ABSOLUTE, .start = 10000 * MS, .end = 10000 * MS}},
    {"0.000000001 close(3) = 0", {.kind = TIME_ABSOLUTE, .start = 1, .end = 1}},
    {"1.123456789 close(3) = 0", {.kind = TIME_ABSOLUTE, .start = 1123456789, .end = 1123456789}},
    {"999999999.999999999 close(3) = 0",
     {.kind = TIME_ABSOLUTE, .start = 999999999999999999, .end = 999999999999999999}},
    {"+0...0.2 accept(3, ..., ...) = 4", {.kind = TIME_RELATIVE, .blocking = true, .returns = 200 * MS}},
    {"+0...+0.2 accept(3, ..., ...) = 4", {.kind = TIME_RELATIVE, .blocking = true, .returns = 200 * MS}},
    {"0.1...0.25 read(4, ..., 9) = 1",
     {.kind = TIME_ABSOLUTE, .start = 100 * MS, .end = 100 * MS, .blocking = true, .returns = 250 * MS}},
    {"1 ... 2 read(4, ..., 9) = 1",
     {.kind = TIME_ABSOLUTE, .start = 1000 * MS, .end = 1000 * MS, .blocking = true, .returns = 2000 * MS}},
    {"0...0 close(3) = 0", {.kind = TIME_ABSOLUTE, .blocking = true}},
    {"0.1~0.2 > nothing", {.kind = TIME_ABSOLUTE_RANGE, .start = 100 * MS, .end = 200 * MS}},
    {"+0.1~+0.2 > nothing", {.kind = TIME_RELATIVE_RANGE, .start = 100 * MS, .end = 200 * MS}},
    {"+0.1 ~ +0.1 > nothing", {.kind = TIME_RELATIVE_RANGE, .start = 100 * MS, .end = 100 * MS}},
};

static void a_time_says_what_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct parsed parsed;
        parse_sound(&parsed, vectors[i].text);
        assert_int_equal(parsed.program.event_count, 1);
        const struct event_time *time = &parsed.program.events[0].time;
        assert_int_equal(time->kind, vectors[i].time.kind);
        assert_int_equal(time->start, vectors[i].time.start);
        assert_int_equal(time->end, vectors[i].time.end);
        assert_int_equal(time->blocking, vectors[i].time.blocking);
        assert_int_equal(time->returns, vectors[i].time.returns);
        parsed_free(&parsed);
    }
}

static void a_segment_can_come_at_any_time(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "* > . 1:1(0) ack 1\n");
    assert_int_equal(parsed.program.events[0].time.kind, TIME_ANY);
    assert_int_equal(parsed.program.events[0].time.at.length, 1);
    parsed_free(&parsed);
}

static void a_time_knows_its_place(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "// first\n  +0.1~+0.2   > nothing\n");
    assert_int_equal(parsed.program.events[0].time.at.offset, 11);
    assert_int_equal(parsed.program.events[0].time.at.length, 9);
    parsed_free(&parsed);
}

static const struct fault faults[] = {
    {"-1 close(3) = 0", "1:1+1 a time can't be negative"},
    {"+-1 close(3) = 0", "1:2+1 a time can't be negative"},
    {"1. close(3) = 0", "1:4+5 expected digits behind the decimal point, found `close`"},
    {"0.1234567891 close(3) = 0", "1:3+10 a time has at most nine digits behind the decimal point"},
    {"1000000000 close(3) = 0", "1:1+10 a time is less than 1000000000 seconds"},
    {"+99999999999999999999999 close(3) = 0", "1:2+23 a time is less than 1000000000 seconds"},
    {"+ close(3) = 0", "1:3+5 expected a number of seconds, found `close`"},
    {"+", "1:2+0 expected a number of seconds, found the end of the text"},
    {"... close(3) = 0", "1:1+1 expected a number of seconds, found `.`"},
    {"+0.1~0.2 > nothing", "1:6+1 expected `+`, as the range begins with one, found `0`"},
    {"0.1~+0.2 > nothing", "1:5+1 expected a number of seconds, found `+`"},
    {"+0.1~ > nothing", "1:7+1 expected `+`, as the range begins with one, found `>`"},
    {"0.2~0.1 > nothing", "1:1+7 this range ends before it begins"},
    {"0.2...0.1 close(3) = 0", "1:1+9 this call returns before it is made"},
    {"0... close(3) = 0", "1:6+5 expected a number of seconds, found `close`"},
    {"0...*", "1:5+1 expected a number of seconds, found `*`"},
};

static void a_wrong_time_is_told_where_it_goes_wrong(void **state)
{
    (void)state;
    assert_faults(faults, COUNT_OF(faults));
}

static const struct fault unsuitable[] = {
    {"* close(3) = 0", "1:1+1 only an expected segment (`>`) can come at any time"},
    {"* > nothing", "1:1+1 only an expected segment (`>`) can come at any time"},
    {"* `true`", "1:1+1 only an expected segment (`>`) can come at any time"},
    {"0~1 %{ pass }%", "1:1+3 only an expected segment (`>`) can have a range of time"},
    {"+0~+1 close(3) = 0", "1:1+5 only an expected segment (`>`) can have a range of time"},
    {"0...1 > nothing", "1:1+5 only a system call can block and return later"},
    {"0...1 `true`", "1:1+5 only a system call can block and return later"},
    {"* < . 1:1(0) ack 1 win 9", "1:1+1 only an expected segment (`>`) can come at any time"},
    {"0~1 < . 1:1(0) ack 1 win 9", "1:1+3 only an expected segment (`>`) can have a range of time"},
    {"0...1 < . 1:1(0) ack 1 win 9", "1:1+5 only a system call can block and return later"},
    {"0...1 > . 1:1(0) ack 1", "1:1+5 only a system call can block and return later"},
};

static void a_time_must_suit_what_happens(void **state)
{
    (void)state;
    assert_faults(unsuitable, COUNT_OF(unsuitable));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_says_what_is_written),   cmocka_unit_test(a_segment_can_come_at_any_time),
        cmocka_unit_test(a_time_knows_its_place),        cmocka_unit_test(a_wrong_time_is_told_where_it_goes_wrong),
        cmocka_unit_test(a_time_must_suit_what_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
