/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

struct vector {
    const char *line;
    const char *key;
    const char *value;
};

static const struct vector vectors[] = {
    {"//: title A listener answers a SYN", "title", "A listener answers a SYN"},
    {"//:title Close together", "title", "Close together"},
    {"   //:   title   Far apart   ", "title", "Far apart"},
    {"\t//: title \t Of tabs\t", "title", "Of tabs"},
    {"//: title //: title", "title", "//: title"},
    {"//: title \xc2\xa7"
     "4",
     "title",
     "\xc2\xa7"
     "4"},
    {"//: requirement RFC9293 MUST-10", "requirement", "RFC9293 MUST-10"},
    {"//: requirement RFC5961 \xc2\xa7"
     "4",
     "requirement",
     "RFC5961 \xc2\xa7"
     "4"},
    {"//: timeout 90", "timeout", "90"},
    {"//: timeout 0.5", "timeout", "0.5"},
    {"//: slow R2, three minutes", "slow", "R2, three minutes"},
    {"//: link raw", "link", "raw"},
    {"//: link tun", "link", "tun"},
    {"//: ip 4", "ip", "4"},
    {"//: ip 6", "ip", "6"},
    {"//: ip 4,6", "ip", "4,6"},
    {"//: ip 6, 4", "ip", "6, 4"},
    {"//: note Anything at all", "note", "Anything at all"},
};

static void a_note_has_a_key_and_a_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "%s\n0 f()\n", vectors[i].line);
        parse_sound(&parsed, text_string(&script));
        assert_int_equal(parsed.program.note_count, 1);
        assert_string_equal(parsed.program.notes[0].key, vectors[i].key);
        assert_string_equal(program_note(&parsed.program, vectors[i].key), vectors[i].value);
        assert_null(program_note(&parsed.program, "nothing"));
        parsed_free(&parsed);
        text_free(&script);
    }
}

static void notes_may_stand_anywhere_on_lines_of_their_own(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "//: title Everywhere\n"
                         "--mtu=1500\n"
                         "//: requirement RFC9293 MUST-1\n"
                         "`true`\n"
                         "//: requirement RFC9293 MUST-2\n"
                         "0\n"
                         "//: requirement RFC9293 MUST-3\n"
                         "f(1,\n"
                         "//: requirement RFC9293 MUST-4\n"
                         "2) = 0\n"
                         "//: requirement RFC9293 MUST-5\n"
                         "`cleanup`\n"
                         "//: requirement RFC9293 MUST-6");
    assert_int_equal(parsed.program.note_count, 7);
    for (size_t i = 1; i < 7; i++) {
        char expected[32];
        struct text text = text_in(expected, sizeof(expected));
        text_append_format(&text, "RFC9293 MUST-%zu", i);
        assert_string_equal(parsed.program.notes[i].value, expected);
    }
    assert_string_equal(program_note(&parsed.program, "requirement"), "RFC9293 MUST-1");
    parsed_free(&parsed);
}

static void a_note_knows_its_place(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "0 f()\n  //: title Here\n");
    assert_int_equal(parsed.program.notes[0].at.offset, 8);
    assert_int_equal(parsed.program.notes[0].at.length, 14);
    parsed_free(&parsed);
}

/* Comments that are no notes. */
static const char *const comments[] = {
    "// title Nothing",
    "/// title",
    "//:",
    "//: ",
    "//:-----",
    "//: :-)",
    "//::: title",
    "/*: title */",
    "#: title",
    "// : title",
    "/* //: title Nothing */",
    "# //: title Nothing",
    "// //: title Nothing",
    "f(\"//: title Nothing\")",
};

static void other_comments_are_passed_over(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(comments); i++) {
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "0 f()\n%s%s\n+0 g()\n", comments[i][0] == 'f' ? "+0 " : "", comments[i]);
        parse_sound(&parsed, text_string(&script));
        assert_int_equal(parsed.program.note_count, 0);
        parsed_free(&parsed);
        text_free(&script);
    }
}

static const struct fault faults[] = {
    {"//: titel No\n0 f()", "1:5+5 unknown note `titel`; did you mean `title`?"},
    {"//: Title No\n0 f()", "1:5+5 unknown note `Title`; did you mean `title`?"},
    {"//: title: No\n0 f()", "1:5+6 unknown note `title:`; did you mean `title`?"},
    {"//: requirements RFC1 a\n0 f()", "1:5+12 unknown note `requirements`; did you mean `requirement`?"},
    {"//: zebra\n0 f()", "1:5+5 unknown note `zebra`: expected title, requirement, timeout, slow, link, ip or note"},
    {"//: title\n0 f()", "1:10+0 the note `title` needs a title"},
    {"//: note \n0 f()", "1:9+0 the note `note` needs a text"},
    {"//: requirement\n0 f()", "1:16+0 the note `requirement` needs a document and a place in it, such as "
                               "`RFC9293 MUST-10`"},
    {"//: requirement MUST-10\n0 f()", "1:17+7 the note `requirement` needs a document and a place in it, such as "
                                       "`RFC9293 MUST-10`"},
    {"//: requirement RFC9293\n0 f()", "1:17+7 the note `requirement` needs a document and a place in it, such as "
                                       "`RFC9293 MUST-10`"},
    {"//: requirement RFC MUST-10\n0 f()", "1:17+11 the note `requirement` needs a document and a place in it, such "
                                           "as `RFC9293 MUST-10`"},
    {"//: timeout 0\n0 f()", "1:13+1 the note `timeout` needs a number of seconds"},
    {"//: timeout 5s\n0 f()", "1:13+2 the note `timeout` needs a number of seconds"},
    {"//: timeout 5.\n0 f()", "1:13+2 the note `timeout` needs a number of seconds"},
    {"//: timeout .5\n0 f()", "1:13+2 the note `timeout` needs a number of seconds"},
    {"//: timeout 9999999999\n0 f()", "1:13+10 the note `timeout` needs a number of seconds"},
    {"//: link veth\n0 f()", "1:10+4 the note `link` needs `raw` or `tun`"},
    {"//: ip 5\n0 f()", "1:8+1 the note `ip` needs `4`, `6` or `4,6`"},
    {"//: title A\n//: title B\n0 f()", "2:1+11 the note `title` is given twice"},
    {"0 f() //: title A\n", "1:7+11 a note stands on a line of its own"},
    {"0 f(1, //: title A\n2)\n", "1:8+11 a note stands on a line of its own"},
};

static void a_wrong_note_is_told_where_it_goes_wrong(void **state)
{
    (void)state;
    assert_faults(faults, COUNT_OF(faults));
}

static void wrong_notes_do_not_hide_one_another(void **state)
{
    (void)state;
    assert_errors("//: titel A\n--mtu=\n//: link x\n0 f(,)\n//: ip x\n+0 g(\n//: timeout x\n",
                  "1:5+5 unknown note `titel`; did you mean `title`?\n"
                  "2:7+0 expected the value of the option, found the end of the line\n"
                  "3:10+1 the note `link` needs `raw` or `tun`\n"
                  "4:5+1 expected a value, found `,`\n"
                  "5:8+1 the note `ip` needs `4`, `6` or `4,6`\n"
                  "7:13+1 the note `timeout` needs a number of seconds\n"
                  "8:1+0 expected a value, found the end of the text\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_has_a_key_and_a_value),
        cmocka_unit_test(notes_may_stand_anywhere_on_lines_of_their_own),
        cmocka_unit_test(a_note_knows_its_place),
        cmocka_unit_test(other_comments_are_passed_over),
        cmocka_unit_test(a_wrong_note_is_told_where_it_goes_wrong),
        cmocka_unit_test(wrong_notes_do_not_hide_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
