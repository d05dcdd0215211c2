/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

/* A value with a pair of parentheses round everything that has items, so that its tree is plain to see. */
static void value_show(struct text *text, const struct value *value);

static void items_show(struct text *text, const struct value *value, const char *opening, const char *closing)
{
    text_append_string(text, opening);
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0)
            text_append_character(text, ' ');
        if (value->names != NULL && value->names[i] != NULL)
            text_append_format(text, "%s", value->names[i]);
        if (value->items[i].extent != NULL)
            value_show(text, value->items[i].extent);
        if (value->names != NULL && value->names[i] != NULL)
            text_append_character(text, '=');
        value_show(text, &value->items[i]);
    }
    text_append_string(text, closing);
}

static void value_show(struct text *text, const struct value *value)
{
    switch (value->kind) {
    case VALUE_ELLIPSIS:
        text_append_string(text, "...");
        return;
    case VALUE_INTEGER:
        text_append_signed(text, value->integer);
        return;
    case VALUE_NAME:
        text_append_string(text, value->text);
        return;
    case VALUE_STRING:
        text_append_character(text, '"');
        text_append_bytes(text, value->text, value->text_length);
        text_append_character(text, '"');
        return;
    case VALUE_LIST:
        items_show(text, value, "[", "]");
        return;
    case VALUE_STRUCT:
        items_show(text, value, "{", "}");
        return;
    case VALUE_UNARY:
    case VALUE_BINARY:
    case VALUE_CALL:
        text_append_character(text, '(');
        text_append_string(text, value->text);
        items_show(text, value, value->count > 0 ? " " : "", ")");
        return;
    }
}

struct vector {
    const char *value;
    const char *tree;
};

/* Each is tried as an argument, and as a result if it can be one. */
static const struct vector vectors[] = {
    {"0", "0"},
    {"42", "42"},
    {"0x2a", "42"},
    {"0X2A", "42"},
    {"010", "10"},
    {"9223372036854775807", "9223372036854775807"},
    {"0xffffffffffffffff", "-1"},
    {"-1", "(- 1)"},
    {"~0", "(~ 0)"},
    {"-~-1", "(- (~ (- 1)))"},
    {"&sin6_addr", "(& sin6_addr)"},
    {"...", "..."},
    {"O_RDWR", "O_RDWR"},
    {"_x9", "_x9"},
    {"O_RDWR|O_NONBLOCK", "(| O_RDWR O_NONBLOCK)"},
    {"A | B | C", "(| (| A B) C)"},
    {"1|2&3<<4+5*6", "(| 1 (& 2 (<< 3 (+ 4 (* 5 6)))))"},
    {"6*5+4>>3&2|1", "(| (& (>> (+ (* 6 5) 4) 3) 2) 1)"},
    {"9-2-3", "(- (- 9 2) 3)"},
    {"9-(2-3)", "(- 9 (- 2 3))"},
    {"1<<2<<3", "(<< (<< 1 2) 3)"},
    {"-1*-2", "(* (- 1) (- 2))"},
    {"(((7)))", "7"},
    {"(1|2)*3", "(* (| 1 2) 3)"},
    {"\"\"", "\"\""},
    {"\"192.0.2.1\"", "\"192.0.2.1\""},
    {"\"a\\n\\x41\\\"\"", "\"a\nA\"\""},
    {"\"a\" \"b\"\"c\"", "\"abc\""},
    {"\"// no comment # either\"", "\"// no comment # either\""},
    {"[]", "[]"},
    {"[1]", "[1]"},
    {"[ 1 , A , \"s\" ]", "[1 A \"s\"]"},
    {"[[1, 2], []]", "[[1 2] []]"},
    {"{}", "{}"},
    {"{1, 0}", "{1 0}"},
    {"{onoff=1, linger=0}", "{onoff=1 linger=0}"},
    {"{fd = 3, 7, events = POLLIN|POLLOUT}", "{fd=3 7 events=(| POLLIN POLLOUT)}"},
    {"{sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr(\"192.0.2.1\")}",
     "{sa_family=AF_INET sin_port=(htons 8080) sin_addr=(inet_addr \"192.0.2.1\")}"},
    {"{msg_name(...)=..., msg_iov(2)=[{..., 10}, {\"abc\", 3}], msg_flags=0}",
     "{msg_name...=... msg_iov2=[{... 10} {\"abc\" 3}] msg_flags=0}"},
    {"{htons(1)}", "{(htons 1)}"},
    {"{inet_pton(AF_INET6, \"::1\", &sin6_addr)}", "{(inet_pton AF_INET6 \"::1\" (& sin6_addr))}"},
    {"htons(8080)", "(htons 8080)"},
    {"now()", "(now)"},
    {"[2 * htons(1)]", "[(* 2 (htons 1))]"},
    {"[f (1)]", "[(f 1)]"},
    {"[1, // one\n 2 # two\n, /* three */ 3\n]", "[1 2 3]"},
    {"[1\n+ 2\n* 3\n| (\n4\n)]", "[(| (+ 1 (* 2 3)) 4)]"},
    {"\"a\"\n    \"b\"", "\"ab\""},
    {"{fd\n=\n4,\nevents\n=\nPOLLIN\n}", "{fd=4 events=POLLIN}"},
    {"f(\n1\n,\n2\n)", "(f 1 2)"},
};

static void assert_tree(const struct value *value, const char *tree)
{
    struct text shown = text_growing();
    value_show(&shown, value);
    assert_string_equal(text_string(&shown), tree);
    text_free(&shown);
}

static void a_value_is_a_tree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "0 call(%s) = %s (note)\n+0 next() = 0\n", vectors[i].value, vectors[i].value);
        parse_sound(&parsed, text_string(&script));
        assert_int_equal(parsed.program.event_count, 2);
        const struct call_event *call = &parsed.program.events[0].call;
        assert_int_equal(call->count, 1);
        assert_tree(&call->arguments[0], vectors[i].tree);
        assert_tree(&call->result, vectors[i].tree);
        parsed_free(&parsed);
        text_free(&script);
    }
}

static void a_string_may_hold_nuls(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "0 write(3, \"a\\0b\", 3) = 3");
    const struct value *string = &parsed.program.events[0].call.arguments[1];
    assert_int_equal(string->text_length, 3);
    assert_memory_equal(string->text, "a\0b", 4);
    parsed_free(&parsed);
}

/* A value and the part of the script that is all of it. */
static const struct vector places[] = {
    {"[ 1 ]", "[ 1 ]"},      {"1 + 2 ", "1 + 2"},  {" ( 1 | 2 ) ", "( 1 | 2 )"},
    {"- 1", "- 1"},          {"f( 2 )", "f( 2 )"}, {"\"a\" \"b\" ", "\"a\" \"b\""},
    {" {a = 1}", "{a = 1}"}, {" ... ", "..."},     {" NAME ", "NAME"},
    {" 0x10 ", "0x10"},
};

static void a_value_knows_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "0 call(%s)", places[i].value);
        parse_sound(&parsed, text_string(&script));
        struct span at = parsed.program.events[0].call.arguments[0].at;
        assert_int_equal(at.length, strlen(places[i].tree));
        assert_memory_equal(parsed.program.source.text + at.offset, places[i].tree, at.length);
        parsed_free(&parsed);
        text_free(&script);
    }
}

static const struct fault faults[] = {
    {"0 f(,)", "1:5+1 expected a value, found `,`"},
    {"0 f(1,)", "1:7+1 expected a value, found `)`"},
    {"0 f(1 2)", "1:7+1 expected `,` or `)`, found `2`"},
    {"0 f(1", "1:6+0 expected `,` or `)`, found the end of the text"},
    {"0 f(1\n", "2:1+0 expected `,` or `)`, found the end of the text"},
    {"0 f([1)", "1:7+1 expected `,` or `]`, found `)`"},
    {"0 f({1]", "1:7+1 expected `,` or `}`, found `]`"},
    {"0 f((1]", "1:7+1 expected `)`, found `]`"},
    {"0 f(18446744073709551616)", "1:5+20 this number is too large: at most 18446744073709551615 fits here"},
    {"0 f(1x)", "1:6+1 expected `,` or `)`, found `x`"},
    {"0 f(..)", "1:5+1 expected a value, found `.`"},
    {"0 f(1 |)", "1:8+1 expected a value, found `)`"},
    {"0 f(1 | | 2)", "1:9+1 expected a value, found `|`"},
    {"0 f(~)", "1:6+1 expected a value, found `)`"},
    {"0 f(1 ^ 2)", "1:7+1 expected `,` or `)`, found `^`"},
    {"0 f(\"abc", "1:5+1 this string is never closed"},
    {"0 f(\"abc)\n", "1:5+1 this string is never closed"},
    {"0 f(\"abc\\", "1:9+2 unknown escape: expected \\n, \\r, \\t, \\0, \\\\, \\\" or \\xHH"},
    {"0 f(\"\\q\")", "1:6+2 unknown escape: expected \\n, \\r, \\t, \\0, \\\\, \\\" or \\xHH"},
    {"0 f({1=2})", "1:6+1 expected the name of a member before `=`, such as `fd` or `msg_iov(1)`"},
    {"0 f({a|b=2})", "1:6+3 expected the name of a member before `=`, such as `fd` or `msg_iov(1)`"},
    {"0 f({a(1,2)=2})", "1:6+6 expected the name of a member before `=`, such as `fd` or `msg_iov(1)`"},
    {"0 f({a=})", "1:8+1 expected a value, found `}`"},
    {"0 f(a=1)", "1:6+1 expected `,` or `)`, found `=`"},
    {"0 f([{}, {fd=}])", "1:14+1 expected a value, found `}`"},
    {"0 f(\xc3\xa9)", "1:5+1 expected a value, found the byte 0xc3"},
};

static void a_wrong_value_is_told_where_it_goes_wrong(void **state)
{
    (void)state;
    assert_faults(faults, COUNT_OF(faults));
}

/* A script whose one argument is COUNT times BEFORE, a 1, and COUNT times AFTER. */
static void parse_repeated(struct parsed *parsed, const char *before, const char *after, size_t count)
{
    struct text script = text_growing();
    text_append_string(&script, "0 f(");
    for (size_t i = 0; i < count; i++)
        text_append_string(&script, before);
    text_append_string(&script, "1");
    for (size_t i = 0; i < count; i++)
        text_append_string(&script, after);
    text_append_string(&script, ") = 0\n");
    parse_text(parsed, text_string(&script));
    text_free(&script);
}

static unsigned value_height(const struct value *value)
{
    unsigned highest = 0;
    for (size_t i = 0; i < value->count; i++) {
        unsigned height = value_height(&value->items[i]);
        highest = height > highest ? height : highest;
        height = value->items[i].extent == NULL ? 0 : value_height(value->items[i].extent);
        highest = height > highest ? height : highest;
    }
    assert_int_equal(value->height, highest + 1);
    return highest + 1;
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
    } ways[] = {{"[", "]"}, {"{a=", "}"}, {"f(", ")"},       {"(", ")"},     {"-", ""},  {"1|", ""},
                {"", "|1"}, {"(", "|1)"}, {"{msg(", ")=0}"}, {"2+1*(", ")"}, {"", "<<1"}};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        for (size_t count = 1; count < 1000; count = count * 3 / 2 + 1) {
            struct parsed parsed;
            parse_repeated(&parsed, ways[i].before, ways[i].after, count);
            if (count < VALUE_HEIGHT_MOST / 3)
                assert_true(parsed.done);
            if (parsed.done)
                assert_in_range(value_height(&parsed.program.events[0].call.arguments[0]), 1, VALUE_HEIGHT_MOST);
            else
                assert_non_null(strstr(text_string(&parsed.errors), "nested too deeply: at most 100 levels"));
            parsed_free(&parsed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_a_tree),       cmocka_unit_test(a_string_may_hold_nuls),
        cmocka_unit_test(a_value_knows_its_place), cmocka_unit_test(a_wrong_value_is_told_where_it_goes_wrong),
        cmocka_unit_test(nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
