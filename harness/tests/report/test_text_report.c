/* SPDX-License-Identifier: MIT */
#include "report/text_report.h"

#include "report/shell_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct text_report_settings plain = {.command = "shakedown run"};
static struct suite_script script;
static struct suite_result result;
static struct suite_case one;
static struct suite_settings settings;
static struct suite suite;
static struct text text;

static int setup(void **state)
{
    (void)state;
    text = text_growing();
    script = (struct suite_script){.path = "s/a b.pkt",
                                   .check = VERDICT_PASS,
                                   .title = "A SYN is answered",
                                   .requirements = "RFC9293 MUST-1",
                                   .clauses = "RFC9293 MUST-1: Windows are unsigned.\nRFC1 X\n"};
    result = suite_result_of(VERDICT_FAIL, "expected RST; got SYN,ACK");
    result.duration = 1234567890;
    text_append_string(&result.detail, "first line\n\n  second line");
    one = (struct suite_case){.script = &script,
                              .ip_version = IP_VERSION_IPV6,
                              .results = &result,
                              .verdict = VERDICT_FAIL,
                              .telling = &result};
    settings = (struct suite_settings){.repeat = 1};
    suite = (struct suite){.settings = &settings, .cases = &one, .case_count = 1, .duration = 2500000000};
    suite.totals.verdicts[VERDICT_FAIL] = 1;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    suite_result_free(&result);
    text_free(&text);
    return 0;
}

static void test_a_result_is_one_line(void **state)
{
    (void)state;
    struct text_report_line line = {&one, &result, VERDICT_FAIL, SUITE_NOT_EXCUSED};
    text_report_result(&text, &plain, &line);
    assert_string_equal(text_string(&text), "FAIL              1.23 s  s/a b.pkt [ipv6]: expected RST; got SYN,ACK\n");
    const struct text_report_settings coloured = {.colours = true, .command = ""};
    text_clear(&text);
    text_report_result(&text, &coloured, &line);
    assert_memory_equal(text_string(&text), "\x1b[1;31mFAIL\x1b[0m ", 16);
    line.excuse = SUITE_KNOWN_DEVIATION;
    line.verdict = VERDICT_PASS;
    text_clear(&text);
    text_report_result(&text, &plain, &line);
    assert_memory_equal(text_string(&text), "deviation         1.23 s", 24);
}

static void test_a_fail_is_told_with_all_that_is_known(void **state)
{
    (void)state;
    one.reruns = 1;
    text_report_end(&text, &plain, &suite);
    assert_string_equal(
        text_string(&text),
        "FAIL  s/a b.pkt [ipv6]\n"
        "    requirement: RFC9293 MUST-1: Windows are unsigned.\n"
        "    requirement: RFC1 X\n"
        "    title: A SYN is answered\n"
        "    run again 1 time: the last verdict counts\n"
        "    expected RST; got SYN,ACK\n"
        "\n"
        "    first line\n"
        "\n"
        "      second line\n"
        "    again: shakedown run --ip 6 's/a b.pkt'\n"
        "\n"
        "inconclusive at first, run again:\n"
        "    s/a b.pkt [ipv6]: 1 time, in the end fail\n"
        "0 passed, 1 failed, 0 inconclusive, 0 errors, 0 not applicable (0 known deviations) in 2.5 s\n");
}

/* RESULT as the judge left it that found fault. */
static void judge(struct suite_result *judged)
{
    judged->judged.there = true;
    judged->judged.verdict = VERDICT_FAIL;
    judged->judged.event = 7;
    text_append_string(&judged->judged.headline, "in LISTEN: the stack sent ACK");
    text_append_string(&judged->judged.detail, "RFC1 X (MUST): Says so.\n");
    text_append_string(&judged->judged.rule, "x.spec:9");
}

static void test_what_the_specification_says_is_told_with_its_rule(void **state)
{
    (void)state;
    judge(&result);
    text_report_end(&text, &plain, &suite);
    assert_non_null(strstr(text_string(&text), "    by the specification: fail: in LISTEN: the stack sent ACK\n"
                                               "      RFC1 X (MUST): Says so.\n"
                                               "      rule: x.spec:9 (event 7 of the trace)\n"
                                               "    again: "));
}

static void test_a_fail_names_what_it_was_recorded_in(void **state)
{
    (void)state;
    struct suite_result results[] = {suite_result_of(VERDICT_PASS, ""), suite_result_of(VERDICT_FAIL, "x")};
    script.name = "s/a b.pkt";
    one.results = results;
    one.telling = &results[1];
    settings.recorders[0] = (struct suite_recorder){.folder = "dir", .suffix = ".pcapng"};
    settings.recorders[1] = (struct suite_recorder){.folder = "other", .suffix = ".trace"};
    settings.recorder_count = 2;
    text_report_end(&text, &plain, &suite);
    assert_non_null(strstr(text_string(&text), "    capture: dir/s-a b.ipv6.2.pcapng\n"
                                               "    trace: other/s-a b.ipv6.2.trace\n"
                                               "    again: "));
    suite_result_free(&results[0]);
    suite_result_free(&results[1]);
}

static void test_what_was_not_performed_is_said(void **state)
{
    (void)state;
    one.telling = NULL;
    suite.interrupted = true;
    suite.totals = (struct suite_totals){.unfinished = 1};
    text_report_end(&text, &plain, &suite);
    assert_string_equal(text_string(&text),
                        "interrupted: what was done so far\n"
                        "0 passed, 0 failed, 0 inconclusive, 0 errors, 0 not applicable (0 known deviations) in 2.5 s; "
                        "1 not performed\n");
}

static void test_words_are_quoted_for_a_shell(void **state)
{
    (void)state;
    const struct {
        const char *word, *quoted;
    } rows[] = {
        {"a/b-c.pkt", "a/b-c.pkt"}, {"a b", "'a b'"},     {"it's", "'it'\\''s'"}, {"", "''"},
        {"-x.pkt", "./-x.pkt"},     {"-x y", "./'-x y'"}, {"$(x)", "'$(x)'"},     {"a\nb", "'a\nb'"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        text_clear(&text);
        shell_word_print(&text, rows[i].word);
        assert_string_equal(text_string(&text), rows[i].quoted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_result_is_one_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_fail_is_told_with_all_that_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_the_specification_says_is_told_with_its_rule, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_fail_names_what_it_was_recorded_in, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_was_not_performed_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words_are_quoted_for_a_shell, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
