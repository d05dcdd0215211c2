/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

static const struct program_definition definitions[] = {
    {"MSS", "1200"},           {"MSS", "1460"}, {"PORT", "0x1f90"}, {"LOW", "-2"}, {"FLAG", "SO_MARK"},
    {"HOST", "\"192.0.2.1\""}, {"fd", "7"},     {"BAD", "1 2"},     {"EMPTY", ""}, {"HUGE", "99999999999999999999"},
};

static const struct program_settings settings = {.definitions = definitions, .definition_count = COUNT_OF(definitions)};

static void parse_defined(struct parsed *parsed, const char *text)
{
    parse_bytes(parsed, text, strlen(text), &settings);
}

static void a_defined_name_is_read_as_its_value(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_defined(&parsed, "0 f(MSS, PORT, LOW, FLAG, HOST, MSSX, MS, {fd = fd}, MSS(1)) = MSS");
    assert_string_equal(text_string(&parsed.errors), "");
    const struct call_event *call = &parsed.program.events[0].call;
    assert_int_equal(call->arguments[0].kind, VALUE_INTEGER);
    assert_int_equal(call->arguments[0].integer, 1460);
    assert_int_equal(call->arguments[1].integer, 0x1f90);
    assert_int_equal(call->arguments[2].integer, -2);
    assert_int_equal(call->arguments[3].kind, VALUE_NAME);
    assert_string_equal(call->arguments[3].text, "SO_MARK");
    assert_int_equal(call->arguments[4].kind, VALUE_STRING);
    assert_string_equal(call->arguments[4].text, "192.0.2.1");
    assert_int_equal(call->arguments[4].text_length, 9);
    assert_int_equal(call->arguments[5].kind, VALUE_NAME);
    assert_int_equal(call->arguments[6].kind, VALUE_NAME);
    assert_string_equal(call->arguments[7].names[0], "fd");
    assert_int_equal(call->arguments[7].items[0].integer, 7);
    assert_int_equal(call->arguments[8].kind, VALUE_CALL);
    assert_int_equal(call->result.integer, 1460);
    parsed_free(&parsed);
}

static void a_defined_number_can_stand_in_a_segment(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_defined(&parsed, "0 < S 0:0(0) win 1000 <mss MSS>");
    assert_string_equal(text_string(&parsed.errors), "");
    const struct bytes options = parsed.program.events[0].pattern.packet.tcp.options;
    assert_int_equal(options.length, 4);
    assert_int_equal(load_be16(options.data + 2), 1460);
    parsed_free(&parsed);
}

static void an_undefined_name_can_be_let_pass(void **state)
{
    (void)state;
    static const struct program_settings lenient = {
        .definitions = definitions, .definition_count = COUNT_OF(definitions), .undefined_names = true};
    static const char text[] = "0 < S 0:0(0) win WINDOW <mss MSS>";
    struct parsed parsed;
    parse_bytes(&parsed, text, strlen(text), &lenient);
    assert_string_equal(text_string(&parsed.errors), "");
    assert_int_equal(parsed.program.events[0].pattern.packet.tcp.window, 0);
    assert_int_equal(load_be16(parsed.program.events[0].pattern.packet.tcp.options.data + 2), 1460);
    parsed_free(&parsed);
}

static void assert_defined_errors(const char *text, const char *errors)
{
    struct parsed parsed;
    parse_defined(&parsed, text);
    assert_string_equal(text_string(&parsed.errors), errors);
    parsed_free(&parsed);
}

static void a_definition_must_have_a_value_that_fits(void **state)
{
    (void)state;
    assert_defined_errors("0 f(BAD)",
                          "1:5+3 the definition BAD=1 2 is neither a number, a name nor a string in quotes\n");
    assert_defined_errors("0 f(EMPTY)",
                          "1:5+5 the definition EMPTY= is neither a number, a name nor a string in quotes\n");
    assert_defined_errors("0 f(HUGE)", "1:5+4 the definition HUGE=99999999999999999999 is neither a number, a name nor "
                                       "a string in quotes\n");
}

#define SYN "0 < S 0:0(0) win 1000 <mss "

static void a_name_in_a_segment_must_be_a_defined_number(void **state)
{
    (void)state;
    assert_defined_errors(SYN "FLAG>", "1:28+4 the definition FLAG=SO_MARK is no number\n");
    assert_defined_errors(SYN "PROT>", "1:28+4 unknown name `PROT`; did you mean `PORT`?\n");
    assert_defined_errors(
        SYN "zebra>",
        "1:28+5 expected a maximum segment size: a number or a name that is defined as one, found `zebra`\n");
    assert_errors(SYN "MSS>",
                  "1:28+3 expected a maximum segment size: a number or a name that is defined as one, found `MSS`\n");
    assert_defined_errors(SYN "LOW>", "1:28+3 this number is too large: at most 65535 fits here\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_defined_name_is_read_as_its_value),
        cmocka_unit_test(a_defined_number_can_stand_in_a_segment),
        cmocka_unit_test(a_name_in_a_segment_must_be_a_defined_number),
        cmocka_unit_test(an_undefined_name_can_be_let_pass),
        cmocka_unit_test(a_definition_must_have_a_value_that_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
