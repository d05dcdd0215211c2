/* SPDX-License-Identifier: MIT */
/* One mistake costs one event: what stands behind it is looked at all the same. */
#include "script_fixture.h"

/* Every line of these is followed by an event that is wrong in a way of its own, which must be told. */
static const struct {
    const char *text;
    const char *error;
} mistakes[] = {
    {"+0 bind(3,", "1:11+0 expected a value, found the end of the line"},
    {"+0 bind(3, {a=[1,", "1:18+0 expected a value, found the end of the line"},
    {"+0 bind(3,\n   4;\n   5)", "2:5+1 expected `,` or `)`, found `;`"},
    {"+0 bind(3,\n   4;\n 5 | 6, 7)", "2:5+1 expected `,` or `)`, found `;`"},
    {"+0 bind(3 `echo\n+0 no\n`)", "1:11+1 expected `,` or `)`, found ```"},
    {"+0 bind(3 %{\n+0 no\n}%)", "1:11+1 expected `,` or `)`, found `%`"},
    {"+0 bind(3 4) // it's `odd", "1:11+1 expected `,` or `)`, found `4`"},
    {"+0 bind(3 4) # %{ odd", "1:11+1 expected `,` or `)`, found `4`"},
    {"+0 bind(3 4)\n/* +0 no\n+0 no */", "1:11+1 expected `,` or `)`, found `4`"},
    {"+0 bind(3 4)\nclose(3) = 0\n> . 1:1(0)", "1:11+1 expected `,` or `)`, found `4`"},
    {"+0 bind(3) = 0\n-1 close(3)", "2:1+1 a time can't be negative"},
    {"bind(3) = 0", "1:1+4 expected the time of an event, such as `+0` or `0.1`, found `bind`"},
    {"}%", "1:1+1 expected the time of an event, such as `+0` or `0.1`, found `}`"},
    {"+x bind(3) = 0", "1:2+1 expected a number of seconds, found `x`"},
    {"+0\n+0\n",
     "2:1+1 expected what happens then: `<`, `>`, a system call, a `command` or %{ code }%, found `+`\n"
     "2:3+0 expected what happens then: `<`, `>`, a system call, a `command` or %{ code }%, found the end of "
     "the line"},
    {"0 g() = 0\n+0\n",
     "2:3+0 expected what happens then: `<`, `>`, a system call, a `command` or %{ code }%, found the end of the line"},
    {"0 g()\n`lost`", "2:1+6 this command needs a time: only one before the first event and one behind the last can do "
                      "without"},
};

static void the_event_behind_a_mistake_is_looked_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct text script = text_growing();
        struct text errors = text_growing();
        unsigned line = 2;
        for (const char *at = mistakes[i].text; *at != '\0'; at++)
            line += *at == '\n';
        text_append_format(&script, "%s\n+0 f(,)\n", mistakes[i].text);
        text_append_format(&errors, "%s\n%u:6+1 expected a value, found `,`\n", mistakes[i].error, line);
        struct parsed parsed;
        parse_text(&parsed, text_string(&script));
        assert_string_equal(text_string(&parsed.errors), text_string(&errors));
        parsed_free(&parsed);
        text_free(&errors);
        text_free(&script);
    }
}

static void every_mistake_of_a_script_is_told(void **state)
{
    (void)state;
    assert_errors("--mtu=\n"
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 bind(3, ..., ... = 0\n"
                  "+0 listen(3, 1) = 0\n"
                  "+0.1.2 < S 0:0(0) win 1000\n"
                  "+0 accept 3\n"
                  "+0 > nothing at all\n"
                  "   +0 close(3) == 0\n"
                  "+0...0.1 `true`\n"
                  "+0 %{ never closed\n",
                  "1:7+0 expected the value of the option, found the end of the line\n"
                  "3:21+1 expected `,` or `)`, found `=`\n"
                  "5:5+1 expected what happens then: `<`, `>`, a system call, a `command` or %{ code }%, found `.`\n"
                  "6:11+1 expected `(` and the arguments of the call, found `3`\n"
                  "7:14+2 expected the end of the event, found `at`\n"
                  "8:17+1 expected a value, found `=`\n"
                  "9:1+8 only a system call can block and return later\n"
                  "10:4+2 this code is never closed: expected `}%`\n");
}

/* Time grows with length, not with its square, whatever is wrong: a million mistakes take no noticeable time. */
static void a_long_script_of_mistakes_is_soon_done(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "+0 %{\n",

        "+0 f(+0 f(\n",
        "+0 f(\"\" \"\"\n",
        "?\n",
        "/*\n",
        "+0 f((1\n",
        "+0\n",
        "1 +0 ",
        "\"\" \"\" ",
        "+0 f(\"\" \"\" \"\" ",
        "`` ",
        "{}",
        "+0 f(1|",
        "* ",
        "//: title\n",
        "+0 f() = 1 (",
        "--a=\" ",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct text script = text_growing();
        struct parsed parsed;
        while (script.length < 400000)
            text_append_string(&script, lines[i]);
        parse_text(&parsed, text_string(&script));
        if (parsed.done)
            fail_msg("sound: %s", lines[i]);
        parsed_free(&parsed);
        text_free(&script);
    }
}

static void only_the_first_hundred_mistakes_are_kept(void **state)
{
    (void)state;
    struct text script = text_growing();
    for (size_t i = 0; i < 1000; i++)
        text_append_string(&script, "+0 f(,)\n");
    struct parsed parsed;
    parse_text(&parsed, text_string(&script));
    assert_int_equal(parsed.diagnostics.count, 1000);
    assert_int_equal(parsed.diagnostics.kept, DIAGNOSTICS_MOST);
    parsed_free(&parsed);
    text_free(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_event_behind_a_mistake_is_looked_at),
        cmocka_unit_test(every_mistake_of_a_script_is_told),
        cmocka_unit_test(a_long_script_of_mistakes_is_soon_done),
        cmocka_unit_test(only_the_first_hundred_mistakes_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
