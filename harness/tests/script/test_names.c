/* SPDX-License-Identifier: MIT */
/* Names of values: who gives them one, who may use it, and what is told when that is not so. */
#include "script/print.h"
#include "script_fixture.h"

static void uses_behind_the_first_are_sound(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "0 > S $i:$i(0) <mss $m,FO $c,nop,nop>\n"
                         "+0 < S. 0:0(0) ack $i+1 <mss $m,FO $c,nop,nop>\n"
                         "+0 > . 1:1(0) ack $a\n"
                         "+0 < . $a:$a+10(10) ack 1\n");
    struct text text = text_growing();
    program_print(&text, &parsed.program);
    assert_string_equal(text_string(&text), "0 > S $i:$i(0) <mss $m,FO $c,nop,nop>\n"
                                            "+0 < S. 0:0(0) ack $i+1 <mss $m,FO $c,nop,nop>\n"
                                            "+0 > . 1:1(0) ack $a\n"
                                            "+0 < . $a:$a+10(10) ack 1\n");
    text_free(&text);
    parsed_free(&parsed);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {"0 < S 0:0(0) win $w",
         "1:18+2 `$w` has no value yet: the first segment with it must be an expected one (`>`)"},
        {"0 > S 0:0(0) win $w+1", "1:18+2 `$w` gets its value here: nothing can be added to it yet"},
        {"0 > S 0:0(0) win $w\n+0 < S 0:0(0) <mss $w>",
         "2:20+2 `$w` is a window since line 1, not a maximum segment size"},
        {"0 > S $i:$i(0)\n+0 < . 1:1(0) ack $i",
         "2:19+2 `$i` is a live number (of a segment with SYN) since line 1, not a number that counts "
         "from the initial one"},
        {"0 < S 0:0(0) <FO COOKIE>", "1:18+6 unknown name `COOKIE`: define its bytes with -D COOKIE=HEX, or write "
                                     "`$COOKIE` for those that an expected segment shows"},
    };
    assert_faults(faults, COUNT_OF(faults));
}

/* A name that got its value in a segment that could not be read is not told to have none. */
static void one_mistake_does_not_make_others(void **state)
{
    (void)state;
    assert_errors("0 > S 0:0(0) win $w <mess 5>\n+0 < S 0:0(0) win $w\n",
                  "1:22+4 this name is not known here: did you mean `mss`?\n");
}

static void definitions_give_bytes(void **state)
{
    (void)state;
    static const struct program_definition definitions[] = {{"TFO_COOKIE", "3021b9d889017eeb"}};
    static const struct program_settings settings = {.definitions = definitions, .definition_count = 1};
    static const char script[] = "0 < S 0:0(0) <FO TFO_COOKIE,nop,nop>";
    struct parsed parsed;
    parse_bytes(&parsed, script, strlen(script), &settings);
    assert_true(parsed.done);
    assert_int_equal(parsed.program.events[0].pattern.packet.tcp.options.length, 12);
    parsed_free(&parsed);
}

static void names_have_a_limit(void **state)
{
    (void)state;
    struct text script = text_growing();
    for (unsigned i = 0; i <= 256; i++)
        text_append_format(&script, "+0 > S 0:0(0) win $w%u\n", i);
    assert_errors(text_string(&script), "257:19+5 one name too many: a script has room for 256\n");
    text_free(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uses_behind_the_first_are_sound),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(one_mistake_does_not_make_others),
        cmocka_unit_test(definitions_give_bytes),
        cmocka_unit_test(names_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
