/* SPDX-License-Identifier: MIT */
#include "report/quoted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define LOST "\xef\xbf\xbd"

struct quoted_row {
    const char *string;
    const char *quoted;
};

static void assert_quoted(void (*print)(struct text *, const char *), const struct quoted_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct text text = text_growing();
        print(&text, rows[i].string);
        assert_string_equal(text_string(&text), rows[i].quoted);
        text_free(&text);
    }
}
#define ASSERT_QUOTED(print, rows) assert_quoted(print, rows, COUNT_OF(rows))

static void what_is_no_utf8_is_replaced(void **state)
{
    (void)state;
    static const struct quoted_row rows[] = {
        {"", ""},
        {"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\x80z", LOST "z"},
        {"\xc0\xafz", LOST LOST "z"},          /* overlong */
        {"\xe0\x80\xafz", LOST LOST LOST "z"}, /* overlong */
        {"\xed\xa0\x80z", LOST LOST LOST "z"}, /* a surrogate */
        {"\xf4\x90\x80\x80", LOST LOST LOST LOST},
        {"\xff\xfe", LOST LOST},
        {"\xe2\x82", LOST LOST}, /* cut short */
        {"\xf0\x9f\x98", LOST LOST LOST},
    };
    ASSERT_QUOTED(tap_text_print, rows);
    ASSERT_QUOTED(xml_text_print, rows);
    ASSERT_QUOTED(xml_attribute_print, rows);
}

static void each_format_has_its_escapes(void **state)
{
    (void)state;
    static const struct quoted_row json[] = {
        {"a\"\\/\n\r\t\x01\x1b\x7f", "\"a\\\"\\\\/\\n\\r\\t\\u0001\\u001b\\u007f\""}, {"", "\"\""}};
    static const struct quoted_row yaml[] = {{"a\"\\#: \n\x01", "\"a\\\"\\\\#: \\n\\x01\""}};
    static const struct quoted_row xml[] = {
        {"<a b=\"c\">&amp;]]>\n\t\r\x01", "&lt;a b=&quot;c&quot;&gt;&amp;amp;]]&gt;\n\t&#13;" LOST},
        {"\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", LOST LOST LOST}};
    static const struct quoted_row attribute[] = {{"a\n\t\"", "a&#10;&#9;&quot;"}};
    static const struct quoted_row tap[] = {{"a # TODO \\ b\nc", "a \\# TODO \\\\ b c"}};
    ASSERT_QUOTED(json_string_print, json);
    ASSERT_QUOTED(yaml_string_print, yaml);
    ASSERT_QUOTED(xml_text_print, xml);
    ASSERT_QUOTED(xml_attribute_print, attribute);
    ASSERT_QUOTED(tap_text_print, tap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_utf8_is_replaced),
        cmocka_unit_test(each_format_has_its_escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
