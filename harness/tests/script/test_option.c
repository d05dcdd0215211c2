/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

struct vector {
    const char *head;
    const char *name;
    const char *value; /* NULL: no such option */
};

static const struct vector vectors[] = {
    {"--mtu=1500", "mtu", "1500"},
    {"--mtu=1500", "mss", NULL},
    {"--mtu=1500", "mt", NULL},
    {"--mtu=1500", "mtus", NULL},
    {"--ip_version=ipv4-mapped-ipv6", "ip_version", "ipv4-mapped-ipv6"},
    {"--ip_version=ipv4", "ip-version", "ipv4"},
    {"--ip-version=ipv4", "ip_version", "ipv4"},
    {"--remote_ip=2001:db8::1", "remote_ip", "2001:db8::1"},
    {"--tolerance_usecs = 5000", "tolerance_usecs", "5000"},
    {"--non_fatal", "non_fatal", ""},
    {"--is_anyip --mtu=9", "is_anyip", ""},
    {"--is_anyip --mtu=9", "mtu", "9"},
    {"--mtu=1\n--mtu=2 // the last one counts", "mtu", "2"},
    {"--mtu=1\n# between\n\n  --mss=2", "mss", "2"},
    {"--code_command=\"/usr/bin/env python3\"", "code_command", "/usr/bin/env python3"},
    {"--init_scripts=\"a\" \"b\" --mtu=3", "init_scripts", "ab"},
    {"--define=A=7", "define", "A=7"},
    {"--x=\"\"", "x", ""},
    {"`true` --mtu=4", "mtu", "4"},
};

static void an_option_has_a_name_and_maybe_a_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "%s\n0 f()\n", vectors[i].head);
        parse_sound(&parsed, text_string(&script));
        const char *value = program_option(&parsed.program, vectors[i].name);
        if (vectors[i].value == NULL)
            assert_null(value);
        else
            assert_string_equal(value, vectors[i].value);
        parsed_free(&parsed);
        text_free(&script);
    }
}

static void options_are_kept_in_order_with_their_places(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "--ip_version=ipv6 --mtu=1280\n--non_fatal\n0 f()\n");
    const struct program *program = &parsed.program;
    assert_int_equal(program->option_count, 3);
    assert_string_equal(program->options[0].name, "ip_version");
    assert_int_equal(program->options[0].at.length, 17);
    assert_int_equal(program->options[1].at.offset, 18);
    assert_int_equal(program->options[1].at.length, 10);
    assert_string_equal(program->options[2].name, "non_fatal");
    assert_null(program->options[2].value);
    parsed_free(&parsed);
}

static const struct fault faults[] = {
    {"--\n0 f()", "1:3+0 expected the name of an option, found the end of the line"},
    {"-- mtu=1\n0 f()", "1:4+3 expected the name of an option, found `mtu`"},
    {"---mtu=1\n0 f()", "1:3+1 expected the name of an option, found `-`"},
    {"--mtu=\n0 f()", "1:7+0 expected the value of the option, found the end of the line"},
    {"--mtu= // 7\n0 f()", "1:8+1 expected the value of the option, found `/`"},
    {"--a=\"b\n0 f()", "1:5+1 this string is never closed"},
    {"--a=\"b\\0c\"\n0 f()", "1:5+6 the value of an option can't hold a NUL"},
    {"-mtu=7\n0 f()", "1:1+1 a time can't be negative"},
};

static void a_wrong_option_is_told_where_it_goes_wrong(void **state)
{
    (void)state;
    assert_faults(faults, COUNT_OF(faults));
}

static void a_wrong_option_costs_only_its_line(void **state)
{
    (void)state;
    assert_errors("--mtu=\n--\n--good=1\n--bad=\"\n0 f()\n+0 g(\n",
                  "1:7+0 expected the value of the option, found the end of the line\n"
                  "2:3+0 expected the name of an option, found the end of the line\n"
                  "4:7+1 this string is never closed\n"
                  "7:1+0 expected a value, found the end of the text\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_option_has_a_name_and_maybe_a_value),
        cmocka_unit_test(options_are_kept_in_order_with_their_places),
        cmocka_unit_test(a_wrong_option_is_told_where_it_goes_wrong),
        cmocka_unit_test(a_wrong_option_costs_only_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
