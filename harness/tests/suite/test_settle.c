/* SPDX-License-Identifier: MIT */
/* Results put together by hand, and what a run with them came to. */
#include "suite/settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SCRIPTS = 3, REPEAT = 2, CASES = 4 };

/* Scripts s/a.pkt (both versions), s/b.pkt and other/c.pkt (IPv4), all from a folder, performed twice each. */
static struct suite_script scripts[SCRIPTS];
static struct suite_result results[CASES][REPEAT];
static struct suite_case cases[CASES];
static struct suite_settings settings;
static struct deviations deviations;
static struct deviations judged_deviations;
static struct suite suite;

static int setup(void **state)
{
    (void)state;
    static const char *const paths[SCRIPTS] = {"x/s/a.pkt", "x/s/b.pkt", "x/other/c.pkt"};
    static const int of_script[CASES] = {0, 0, 1, 2};
    for (int i = 0; i < SCRIPTS; i++)
        scripts[i] = (struct suite_script){.path = paths[i],
                                           .requirements = "",
                                           .from_folder = true,
                                           .versions = 1 << IP_VERSION_IPV4,
                                           .check = VERDICT_PASS};
    scripts[0].versions |= 1 << IP_VERSION_IPV6;
    for (int i = 0; i < CASES; i++) {
        cases[i] = (struct suite_case){.script = &scripts[of_script[i]], .results = results[i]};
        for (int j = 0; j < REPEAT; j++)
            results[i][j] = (struct suite_result){.there = true, .verdict = VERDICT_PASS};
    }
    cases[1].ip_version = IP_VERSION_IPV6;
    settings = (struct suite_settings){.repeat = REPEAT};
    suite = (struct suite){
        .settings = &settings, .scripts = scripts, .script_count = SCRIPTS, .cases = cases, .case_count = CASES};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&suite.arena);
    deviations_free(&deviations);
    deviations_free(&judged_deviations);
    return 0;
}

static void settle(void)
{
    struct error error;
    assert_true(suite_settle(&suite, &error));
}

static void parse(const char *text, struct deviations *parsed)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct source source = {"known.conf", text, strlen(text)};
    assert_true(deviations_parse(&source, &diagnostics, parsed));
    arena_free(&arena);
}

static void know(const char *text)
{
    parse(text, &deviations);
    settings.deviations = &deviations;
}

static void know_judged(const char *text)
{
    static const struct spec any;
    parse(text, &judged_deviations);
    settings.judged_deviations = &judged_deviations;
    settings.spec = &any;
}

static void judge(int one, enum verdict verdict)
{
    for (int j = 0; j < REPEAT; j++)
        results[one][j].judged = (struct suite_judged){.there = true, .verdict = verdict};
}

static void give(int one, enum verdict verdict)
{
    for (int j = 0; j < REPEAT; j++)
        results[one][j].verdict = verdict;
}

#define ENTRY(script) "[" script "]\nreason = x\nreference = y\n"

static void test_verdicts_are_counted_by_case(void **state)
{
    (void)state;
    give(1, VERDICT_ERROR);
    give(2, VERDICT_INCONCLUSIVE);
    give(3, VERDICT_NOT_APPLICABLE);
    settle();
    const size_t expected[VERDICT_COUNT] = {1, 0, 1, 1, 1};
    assert_memory_equal(suite.totals.verdicts, expected, sizeof(expected));
    assert_int_equal(suite_exit_status(&suite), 2);
}

static void test_the_exit_status_tells_the_worst(void **state)
{
    (void)state;
    settle();
    assert_int_equal(suite_exit_status(&suite), 0);
    give(3, VERDICT_NOT_APPLICABLE);
    settle();
    assert_int_equal(suite_exit_status(&suite), 0);
    give(2, VERDICT_ERROR);
    settle();
    assert_int_equal(suite_exit_status(&suite), 2);
    give(0, VERDICT_FAIL);
    settle();
    assert_int_equal(suite_exit_status(&suite), 1);
}

static void test_the_heaviest_of_several_verdicts_decides(void **state)
{
    (void)state;
    results[2][1].verdict = VERDICT_FAIL;
    settle();
    assert_true(cases[2].changed);
    assert_int_equal(cases[2].verdict, VERDICT_FAIL);
    assert_ptr_equal(cases[2].telling, &results[2][1]);
    assert_int_equal(suite.totals.changed, 1);
    assert_int_equal(suite.totals.verdicts[VERDICT_FAIL], 1);
}

static void test_a_case_that_was_not_performed_is_not_counted_as_anything(void **state)
{
    (void)state;
    results[0][1].there = false;
    settle();
    assert_null(cases[0].telling);
    assert_int_equal(suite.totals.unfinished, 1);
    assert_int_equal(suite.totals.verdicts[VERDICT_PASS], CASES - 1);
    assert_int_equal(suite_exit_status(&suite), 2);
}

static void test_a_known_deviation_is_a_pass(void **state)
{
    (void)state;
    know(ENTRY("s/a.pkt"));
    give(0, VERDICT_FAIL);
    give(1, VERDICT_FAIL);
    settle();
    assert_int_equal(suite.totals.verdicts[VERDICT_PASS], CASES);
    assert_int_equal(suite.totals.deviations, 2);
    assert_ptr_equal(cases[0].deviation, &deviations.items[0]);
    assert_int_equal(suite.stale_count, 0);
    assert_int_equal(suite_exit_status(&suite), 0);
}

static void test_a_deviation_does_not_excuse_an_error(void **state)
{
    (void)state;
    know(ENTRY("s/a.pkt"));
    give(0, VERDICT_ERROR);
    settle();
    assert_int_equal(suite.totals.verdicts[VERDICT_ERROR], 1);
}

static void test_an_entry_is_stale_once_all_its_versions_pass(void **state)
{
    (void)state;
    know(ENTRY("s/a.pkt"));
    settle();
    assert_int_equal(suite.stale_count, 1);
    assert_int_equal(suite_exit_status(&suite), 1);
    give(1, VERDICT_FAIL);
    settle();
    assert_int_equal(suite.stale_count, 0);
    assert_int_equal(suite_exit_status(&suite), 0);
}

static void test_an_entry_is_not_stale_if_a_version_was_left_out(void **state)
{
    (void)state;
    know(ENTRY("s/a.pkt"));
    results[1][0].there = false;
    settle();
    assert_int_equal(suite.stale_count, 0);
}

static void test_an_entry_for_one_version_is_stale_by_that_version(void **state)
{
    (void)state;
    know("[s/a.pkt]\nip = 6\nreason = x\nreference = y\n");
    give(0, VERDICT_FAIL);
    settle();
    assert_int_equal(suite.stale_count, 1);
    assert_int_equal(suite.totals.verdicts[VERDICT_FAIL], 1);
}

static void test_an_entry_whose_script_should_be_there_is_an_error(void **state)
{
    (void)state;
    know(ENTRY("s/gone.pkt") ENTRY("elsewhere/d.pkt") ENTRY("d.pkt"));
    settle();
    assert_int_equal(suite.unmatched_count, 1);
    assert_ptr_equal(suite.unmatched[0], &deviations.items[0]);
    assert_int_equal(suite_exit_status(&suite), 2);
    for (int i = 0; i < SCRIPTS; i++)
        scripts[i].from_folder = false;
    settle();
    assert_int_equal(suite.unmatched_count, 0);
}

static void test_a_broken_should_or_may_is_graded(void **state)
{
    (void)state;
    scripts[1].level = REQUIREMENT_SHOULD;
    scripts[2].level = REQUIREMENT_MAY;
    give(2, VERDICT_FAIL);
    give(3, VERDICT_FAIL);
    settle();
    assert_int_equal(suite.totals.non_strict, 2);
    assert_int_equal(suite_exit_status(&suite), 0);
    settings.strict = true;
    settle();
    assert_int_equal(suite.totals.non_strict, 1);
    assert_int_equal(suite.totals.verdicts[VERDICT_FAIL], 1);
    assert_int_equal(suite_exit_status(&suite), 1);
}

static void test_the_specification_counts_where_a_requirement_is_cited(void **state)
{
    (void)state;
    scripts[1].requirements = "RFC1 X";
    judge(2, VERDICT_FAIL);
    judge(3, VERDICT_FAIL);
    settle();
    assert_int_equal(cases[2].verdict, VERDICT_FAIL);
    assert_true(cases[2].by_judge);
    assert_int_equal(cases[3].verdict, VERDICT_PASS);
    assert_int_equal(suite.totals.judged, 2);
    assert_int_equal(suite.totals.disagreed, 1);
    settings.strict = true;
    settle();
    assert_int_equal(cases[3].verdict, VERDICT_FAIL);
    assert_int_equal(suite.totals.disagreed, 0);
}

static void test_a_known_deviation_of_a_script_does_not_excuse_what_the_specification_says(void **state)
{
    (void)state;
    know(ENTRY("s/b.pkt"));
    scripts[1].requirements = "RFC1 X";
    give(2, VERDICT_FAIL);
    judge(2, VERDICT_PASS);
    settle();
    assert_int_equal(cases[2].verdict, VERDICT_PASS);
    results[2][1].judged.verdict = VERDICT_FAIL;
    settle();
    assert_int_equal(cases[2].verdict, VERDICT_FAIL);
    assert_true(cases[2].by_judge);
}

static void test_an_error_stays_one_whatever_was_judged(void **state)
{
    (void)state;
    scripts[1].requirements = "RFC1 X";
    give(2, VERDICT_ERROR);
    judge(2, VERDICT_FAIL);
    settle();
    assert_int_equal(cases[2].verdict, VERDICT_ERROR);
}

static void test_what_was_judged_late_is_worth_another_attempt(void **state)
{
    (void)state;
    judge(2, VERDICT_INCONCLUSIVE);
    results[2][0].judged.late = true;
    assert_false(suite_worth_again(&settings, &cases[2], &results[2][0]));
    scripts[1].requirements = "RFC1 X";
    assert_true(suite_worth_again(&settings, &cases[2], &results[2][0]));
    assert_false(suite_worth_again(&settings, &cases[2], &results[2][1]));
}

static void test_a_judged_entry_is_stale_once_its_script_shows_it_no_more(void **state)
{
    (void)state;
    know_judged("[LISTEN/R]\nshown = s/b.pkt\nreason = x\nreference = y\n" ENTRY("LISTEN/S"));
    settle();
    assert_int_equal(suite.stale_count, 0);
    judge(2, VERDICT_PASS);
    settle();
    assert_int_equal(suite.stale_count, 1);
    assert_ptr_equal(suite.stale[0], &judged_deviations.items[0]);
    assert_ptr_equal(suite_entry_source(&suite, suite.stale[0]), &judged_deviations.source);
    results[3][1].judged.known = 1;
    settle();
    assert_int_equal(suite.stale_count, 0);
    assert_int_equal(suite.unmatched_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(test_verdicts_are_counted_by_case),
        TEST(test_the_exit_status_tells_the_worst),
        TEST(test_the_heaviest_of_several_verdicts_decides),
        TEST(test_a_case_that_was_not_performed_is_not_counted_as_anything),
        TEST(test_a_known_deviation_is_a_pass),
        TEST(test_a_deviation_does_not_excuse_an_error),
        TEST(test_an_entry_is_stale_once_all_its_versions_pass),
        TEST(test_an_entry_is_not_stale_if_a_version_was_left_out),
        TEST(test_an_entry_for_one_version_is_stale_by_that_version),
        TEST(test_an_entry_whose_script_should_be_there_is_an_error),
        TEST(test_a_broken_should_or_may_is_graded),
        TEST(test_the_specification_counts_where_a_requirement_is_cited),
        TEST(test_a_known_deviation_of_a_script_does_not_excuse_what_the_specification_says),
        TEST(test_an_error_stays_one_whatever_was_judged),
        TEST(test_what_was_judged_late_is_worth_another_attempt),
        TEST(test_a_judged_entry_is_stale_once_its_script_shows_it_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
