/* SPDX-License-Identifier: MIT */
/* What a run that was interrupted looks like in the formats that programs read, and the formats' names. */
#include "report/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct suite suite = {.interrupted = true};
static struct suite_script script = {.path = "s/a.pkt", .requirements = ""};
static struct record items[] = {
    {.kind = RECORD_SCRIPT,
     .path = "s/a.pkt",
     .name = "s/a.pkt [ipv4]",
     .ip = "ipv4",
     .performed = true,
     .verdict = VERDICT_INCONCLUSIVE,
     .headline = "late by 5 ms",
     .detail = "",
     .script = &script},
    {.kind = RECORD_SCRIPT,
     .path = "s/a.pkt",
     .name = "s/a.pkt [ipv6]",
     .ip = "ipv6",
     .headline = "",
     .detail = "",
     .script = &script},
};
static const struct records records = {
    .items = items, .count = COUNT_OF(items), .unperformed = 1, .exit_status = 2, .suite = &suite};

static void assert_says(enum report_format format, const char *const *wanted, size_t count)
{
    struct text text = text_growing();
    report_print(&text, format, &records);
    for (size_t i = 0; i < count; i++)
        if (strstr(text_string(&text), wanted[i]) == NULL)
            fail_msg("expected `%s` in:\n%s", wanted[i], text_string(&text));
    text_free(&text);
}

static void what_was_not_performed_is_no_pass(void **state)
{
    (void)state;
    static const char *const tap[] = {
        "TAP version 14\n1..2\nnot ok 1 - s/a.pkt [ipv4]\n  ---\n  message: \"late by 5 ms\"\n"
        "  severity: \"inconclusive\"\n",
        "\n  ...\nBail out! interrupted: 1 not performed\n"};
    static const char *const junit[] = {
        "<testsuites name=\"shakedown\" tests=\"2\" failures=\"0\" errors=\"2\" skipped=\"0\"",
        "<error type=\"inconclusive\" message=\"late by 5 ms\">",
        "<error type=\"not performed\" message=\"the run was interrupted before\">"};
    static const char *const json[] = {"\"verdict\":\"inconclusive\"", "\"verdict\":\"not performed\"",
                                       "\"not_performed\":1", "\"interrupted\":true,\"exit_status\":2}\n"};
    assert_says(REPORT_TAP, tap, COUNT_OF(tap));
    assert_says(REPORT_JUNIT, junit, COUNT_OF(junit));
    assert_says(REPORT_JSON, json, COUNT_OF(json));
}

static void a_format_is_found_by_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"text", "tap", "junit", "json"};
    struct error error;
    for (int i = 0; i < REPORT_FORMAT_COUNT; i++) {
        enum report_format format = REPORT_FORMAT_COUNT;
        assert_true(report_format_find(names[i], &format, &error));
        assert_int_equal(format, i);
    }
    enum report_format untouched = REPORT_TAP;
    assert_false(report_format_find("jsn", &untouched, &error));
    assert_int_equal(untouched, REPORT_TAP);
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.text, "did you mean json?"));
}

/* What is reserved and left empty is an empty string. */
static void a_reserved_text_is_a_string(void **state)
{
    (void)state;
    struct text text = text_growing();
    assert_true(text_reserve(&text, 100));
    assert_string_equal(text_string(&text), "");
    text_append_bytes(&text, "", 0);
    assert_string_equal(text_string(&text), "");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_not_performed_is_no_pass),
        cmocka_unit_test(a_format_is_found_by_its_name),
        cmocka_unit_test(a_reserved_text_is_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
