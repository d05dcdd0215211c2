/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

static void each_kind_of_event_is_told_apart(void **state)
{
    (void)state;
    static const enum event_kind kinds[] = {EVENT_INJECT, EVENT_EXPECT,  EVENT_NOTHING,
                                            EVENT_CALL,   EVENT_COMMAND, EVENT_CODE};
    struct parsed parsed;
    parse_sound(&parsed, "0 < S 0:0(0) win 1000 <mss 1460>\n"
                         "+0 > S. 0:0(0) ack 1 <...>\n"
                         "+0.5 > nothing\n"
                         "+0 accept(3, ..., ...) = 4\n"
                         "+0 `true`\n"
                         "+0 %{ pass }%\n");
    assert_int_equal(parsed.program.event_count, COUNT_OF(kinds));
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        assert_int_equal(parsed.program.events[i].kind, kinds[i]);
    parsed_free(&parsed);
}

static void a_segment_is_read_as_a_pattern(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "+.1 > S. 5:5(0) ack 1 win 65535 <mss 1460,nop,wscale 7>   // so\n");
    const struct event *event = &parsed.program.events[0];
    const struct pattern *pattern = &event->pattern;
    assert_int_equal(pattern->packet.tcp.flags, TCP_SYN | TCP_ACK);
    assert_int_equal(pattern->packet.tcp.sequence, 5);
    assert_int_equal(pattern->packet.tcp.acknowledgment, 1);
    assert_int_equal(pattern->packet.tcp.window, 65535);
    assert_int_equal(pattern->packet.tcp.options.length, 8);
    assert_true(pattern_gives(pattern, FIELD_WINDOW));
    assert_int_equal(event->at.offset, 0);
    assert_int_equal(event->at.length, strlen("+.1 > S. 5:5(0) ack 1 win 65535 <mss 1460,nop,wscale 7>"));
    parsed_free(&parsed);
}

static void a_segment_may_run_over_lines(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "+.1 > S. 5:5(0) ack 1 // numbers\n"
                         "    win 65535\n"
                         "    # and options\n"
                         "    <mss 1460, // first\n"
                         "     nop,\n"
                         "     wscale 7>\n"
                         "\n"
                         "+0 > . 1:1(0)\n"
                         "   ack 1\n"
                         "+0 > P. 1:3(2) ack 1\n"
                         "   {payload\"ok\"}\n");
    assert_int_equal(parsed.program.event_count, 3);
    const struct packet *packet = &parsed.program.events[0].pattern.packet;
    assert_int_equal(packet->tcp.window, 65535);
    assert_int_equal(packet->tcp.options.length, 8);
    assert_int_equal(parsed.program.events[1].pattern.packet.tcp.acknowledgment, 1);
    assert_int_equal(parsed.program.events[1].at.length, 22);
    assert_int_equal(parsed.program.events[2].pattern.packet.payload.length, 2);
    parsed_free(&parsed);
}

static void an_event_may_begin_behind_the_line_of_its_time(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "0.1 // now\n\n  < S 0:0(0) win 1000\n+0\n# then\nclose(3) = 0\n+0 /* last */ `true`");
    assert_int_equal(parsed.program.event_count, 3);
    assert_int_equal(parsed.program.events[0].kind, EVENT_INJECT);
    assert_int_equal(parsed.program.events[1].kind, EVENT_CALL);
    assert_int_equal(parsed.program.events[2].kind, EVENT_COMMAND);
    parsed_free(&parsed);
}

static void lines_may_end_as_on_other_systems(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "--mtu=1500\r\n//: title of old\r\n0 socket(...) = 3\r\n+0 > S 0:0(0)\r\n");
    assert_string_equal(program_option(&parsed.program, "mtu"), "1500");
    assert_string_equal(program_note(&parsed.program, "title"), "of old");
    assert_int_equal(parsed.program.event_count, 2);
    parsed_free(&parsed);
}

/* What opens, what is inside, what closes. */
static const struct vector {
    enum event_kind kind;
    const char *opening;
    const char *text;
    const char *closing;
} bodies[] = {
    {EVENT_COMMAND, "`", "", "`"},
    {EVENT_COMMAND, "`", "sysctl -q net.ipv4.tcp_ecn=1", "`"},
    {EVENT_COMMAND, "`", "\n  a // no comment\n  b # nor this\n+0 close(3) = 0\n", "`"},
    {EVENT_COMMAND, "`", " \t echo \"%{ }%\" /* \n ", "`"},
    {EVENT_CODE, "%{", "", "}%"},
    {EVENT_CODE, "%{", " assert tcpi_state == TCP_ESTABLISHED, tcpi_state ", "}%"},
    {EVENT_CODE, "%{", "\nd = {1: 2}\nif d:\n  x = `1` # //: title no\n", "}%"},
    {EVENT_CODE, "%{", "}", "}%"},
};

static void commands_and_code_are_kept_to_the_letter(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "0 close(3) = 0\n+0 %s%s%s // end\n+0 close(4) = 0\n", bodies[i].opening,
                           bodies[i].text, bodies[i].closing);
        parse_sound(&parsed, text_string(&script));
        assert_int_equal(parsed.program.event_count, 3);
        assert_int_equal(parsed.program.note_count, 0);
        const struct event *event = &parsed.program.events[1];
        assert_int_equal(event->kind, bodies[i].kind);
        assert_int_equal(event->body.length, strlen(bodies[i].text));
        assert_string_equal(event->body.text, bodies[i].text);
        parsed_free(&parsed);
        text_free(&script);
    }
}

static void commands_without_a_time_come_first_and_last(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed,
                "--mtu=1500\n`./defaults.sh\nsysctl -q a=1`\n--mss=1\n0 close(3) = 0\n+0 `one`\n`two` // done\n");
    assert_string_equal(parsed.program.init_command, "./defaults.sh\nsysctl -q a=1");
    assert_string_equal(parsed.program.cleanup_command, "two");
    assert_int_equal(parsed.program.event_count, 2);
    assert_string_equal(parsed.program.events[1].body.text, "one");
    parsed_free(&parsed);
    parse_sound(&parsed, "0 close(3) = 0\n");
    assert_null(parsed.program.init_command);
    assert_null(parsed.program.cleanup_command);
    parsed_free(&parsed);
}

#define WHAT_HAPPENS "what happens then: `<`, `>`, a system call, a `command` or %{ code }%, found "
#define NEEDS_TIME   "this command needs a time: only one before the first event and one behind the last can do without"

static const struct fault faults[] = {
    {"", "1:1+0 this script has no events"},
    {"\n// nothing but words\n", "3:1+0 this script has no events"},
    {"--mtu=1500\n`true`\n", "3:1+0 this script has no events"},
    {"0", "1:2+0 expected " WHAT_HAPPENS "the end of the text"},
    {"0 ?", "1:3+1 expected " WHAT_HAPPENS "`?`"},
    {"0 %", "1:3+1 expected " WHAT_HAPPENS "`%`"},
    {"+0\n+0 close(3) = 0\n", "1:3+0 expected " WHAT_HAPPENS "the end of the line"},
    {"+0\n\n+1", "3:1+1 expected " WHAT_HAPPENS "`+`\n3:3+0 expected " WHAT_HAPPENS "the end of the text"},
    {"close(3) = 0\n0 f()", "1:1+5 expected the time of an event, such as `+0` or `0.1`, found `close`"},
    {"0 f()\nclose(3) = 0", "2:1+5 expected the time of an event, such as `+0` or `0.1`, found `close`"},
    {"0 f()\n> . 1:1(0) ack 1", "2:1+1 expected the time of an event, such as `+0` or `0.1`, found `>`"},
    {"0 f()\n%{ pass }%", "2:1+1 expected the time of an event, such as `+0` or `0.1`, found `%`"},
    {"0 f()\n--mtu=1500", "2:1+2 options stand at the head of a script, before its first event"},
    {"0 `true` now", "1:10+3 expected the end of the event, found `now`"},
    {"0 %{ pass }% }%", "1:14+1 expected the end of the event, found `}`"},
    {"0 < SE? 0:0(0)", "1:5+10 control bits with `?` are open: only an expected segment (`>`) can have them"},
    {"0 < S 0:0(0) <mss 1460,...>", "1:5+23 a set of options is open: only an expected segment (`>`) can have one"},
    {"0 > . 1:1(0) or nothing",
     "1:1+2 `or nothing` needs a range of time, such as `+0~+0.5`: it says how long nothing comes"},
    {"0~1 > . 1:1(0) or nothing or R 1:1(0)",
     "1:30+1 expected the end of the event: `nothing` is what is left, and so goes last, found `R`"},
    {"0 > nothing or . 1:1(0)", "1:13+2 expected the end of the event, found `or`"},
    {"0 < . 1:1(0) or R 1:1(0)", "1:14+2 expected the end of the event, found `or`"},
    {"0 > . 1:1(0) or\n+1 f()",
     "1:16+0 expected a packet: control bits (`S`, `.`, `-`, ...), udp, icmp, protocol or raw, "
     "found the end of the line"},
    {"0 > - 1:1(0) or - 1:1(0) or - 1:1(0) or - 1:1(0) or - 1:1(0) or - 1:1(0) or - 1:1(0) or - 1:1(0) or - 1:1(0)",
     "1:101+1 expected the end of the event: no more than 8 answers can be allowed, found `-`"},
    {"0 > nothing else", "1:13+4 expected the end of the event, found `else`"},
    {"0 `true\n+0 f()", "1:3+1 this command is never closed: expected another backquote"},
    {"0 %{ pass\n+0 f()", "1:3+2 this code is never closed: expected `}%`"},
    {"`true\n0 f()", "1:1+1 this command is never closed: expected another backquote"},
    {"0 f()\n`true", "2:1+1 this command is never closed: expected another backquote"},
    {"`one`\n`two`\n0 f()", "2:1+5 " NEEDS_TIME},
    {"0 f()\n`one`\n+0 g()\n", "2:1+5 " NEEDS_TIME},
    {"0 f() /* and", "1:7+2 this comment is never closed"},
    {"/* and\n0 f()", "1:1+2 this comment is never closed"},
    {"0 f(3) = /* and", "1:10+2 this comment is never closed\n1:16+0 expected a value, found the end of the text"},
};

static void a_wrong_event_is_told_where_it_goes_wrong(void **state)
{
    (void)state;
    assert_faults(faults, COUNT_OF(faults));
    struct parsed parsed;
    parse_bytes(&parsed, "0 f() \0\1 = 0\n+0 ?", 17, NULL);
    assert_string_equal(text_string(&parsed.errors), "1:7+1 expected the end of the event, found the byte 0x00\n"
                                                     "2:4+1 expected " WHAT_HAPPENS "`?`\n");
    parsed_free(&parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_event_is_told_apart),
        cmocka_unit_test(a_segment_is_read_as_a_pattern),
        cmocka_unit_test(a_segment_may_run_over_lines),
        cmocka_unit_test(an_event_may_begin_behind_the_line_of_its_time),
        cmocka_unit_test(lines_may_end_as_on_other_systems),
        cmocka_unit_test(commands_and_code_are_kept_to_the_letter),
        cmocka_unit_test(commands_without_a_time_come_first_and_last),
        cmocka_unit_test(a_wrong_event_is_told_where_it_goes_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
