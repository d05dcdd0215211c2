/* SPDX-License-Identifier: MIT */
#include "report/conformity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ENTRY(name, level) "[" name "]\nsection = 3\nlevel = " level "\nsays = What " name " asks for.\n"

static const char catalogue_text[] = ENTRY("RFC1 MUST-1", "MUST") ENTRY("RFC1 MUST-2", "MUST")
    ENTRY("RFC1 \xc2\xa7"
          "3",
          "MUST") "unseen = Nobody sees it.\n" ENTRY("RFC1 SHLD-4", "SHOULD")
        ENTRY("RFC1 MUST-5", "MUST") "outside = About something else.\n";

enum { CASES = 2, STACKS = 2 };

/* Two scripts on two stacks, and what they came to. */
static struct fixture {
    struct catalogue catalogue;
    struct spec spec;
    struct program_note notes[CASES][1];
    struct suite_script scripts[STACKS][CASES];
    struct suite_case cases[STACKS][CASES];
    struct suite_result results[STACKS][CASES];
    struct suite_settings settings[STACKS];
    struct suite suites[STACKS];
    struct conformity_stack stacks[STACKS];
    struct conformity_report report;
    struct text text;
} fixture;

static const char *const clauses[] = {"RFC1 \xc2\xa7"
                                      "3"};

static void setup_case(size_t stack, size_t index, const char *path)
{
    fixture.scripts[stack][index] = (struct suite_script){
        .path = path,
        .check = VERDICT_PASS,
        .requirements = fixture.notes[index][0].value,
        .clauses = "",
        .program = {.notes = fixture.notes[index], .note_count = 1},
    };
    fixture.results[stack][index] = suite_result_of(VERDICT_PASS, "");
    fixture.cases[stack][index] = (struct suite_case){.script = &fixture.scripts[stack][index],
                                                      .results = &fixture.results[stack][index],
                                                      .telling = &fixture.results[stack][index],
                                                      .verdict = VERDICT_PASS};
}

static int setup(void **state)
{
    (void)state;
    static const char *const names[STACKS] = {"one", "the other"};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    const struct source source = {"x.conf", catalogue_text, strlen(catalogue_text)};
    fixture = (struct fixture){.text = text_growing(), .spec = {.clauses = clauses, .clause_count = 1}};
    bool added = catalogue_add(&fixture.catalogue, &source, &diagnostics);
    arena_free(&arena);
    fixture.notes[0][0] = (struct program_note){.key = "requirement", .value = "RFC1 MUST-1, RFC1 SHLD-4"};
    fixture.notes[1][0] = (struct program_note){.key = "requirement", .value = "RFC1 MUST-2"};
    for (size_t stack = 0; stack < STACKS; stack++) {
        setup_case(stack, 0, "s/first.pkt");
        setup_case(stack, 1, "s/second.pkt");
        fixture.settings[stack] = (struct suite_settings){.repeat = 1, .spec = &fixture.spec};
        fixture.suites[stack] =
            (struct suite){.settings = &fixture.settings[stack], .cases = fixture.cases[stack], .case_count = CASES};
        fixture.stacks[stack] = (struct conformity_stack){
            .name = names[stack], .suite = &fixture.suites[stack], .report = {.command = "shakedown run"}};
    }
    fixture.report = (struct conformity_report){.stacks = fixture.stacks, .stack_count = STACKS};
    return added ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t stack = 0; stack < STACKS; stack++)
        for (size_t i = 0; i < CASES; i++)
            suite_result_free(&fixture.results[stack][i]);
    conformity_free(&fixture.report);
    catalogue_free(&fixture.catalogue);
    text_free(&fixture.text);
    return 0;
}

static void comes_to(size_t stack, size_t index, enum verdict verdict)
{
    fixture.results[stack][index].verdict = verdict;
    fixture.cases[stack][index].verdict = verdict;
}

static void assert_row(const char *requirement, enum conformity first, enum conformity second)
{
    for (size_t i = 0; i < fixture.report.row_count; i++) {
        const struct conformity_row *row = &fixture.report.rows[i];
        if (strcmp(row->requirement, requirement) != 0)
            continue;
        assert_string_equal(conformity_name(row->of[0]), conformity_name(first));
        assert_string_equal(conformity_name(row->of[1]), conformity_name(second));
        return;
    }
    fail_msg("no row of %s", requirement);
}

static void test_scripts_say_what_became_of_what_they_cite(void **state)
{
    (void)state;
    comes_to(0, 0, VERDICT_FAIL);
    comes_to(1, 0, VERDICT_NOT_APPLICABLE);
    comes_to(1, 1, VERDICT_INCONCLUSIVE);
    assert_true(conformity_reckon(&fixture.report, &fixture.catalogue));
    assert_row("RFC1 MUST-1", CONFORMITY_VIOLATED, CONFORMITY_NOT_APPLICABLE);
    assert_row("RFC1 SHLD-4", CONFORMITY_VIOLATED, CONFORMITY_NOT_APPLICABLE);
    assert_row("RFC1 MUST-2", CONFORMITY_PASSED, CONFORMITY_UNDECIDED);
    assert_row(clauses[0], CONFORMITY_NOT_EXERCISED, CONFORMITY_NOT_EXERCISED);
    assert_int_equal(fixture.report.outside, 1);
    assert_int_equal(fixture.report.row_count, 4);
    assert_int_equal(conformity_count(&fixture.report, 0, "MUST", CONFORMITY_VIOLATED), 1);
    assert_int_equal(conformity_count(&fixture.report, 0, NULL, CONFORMITY_VIOLATED), 2);
}

static void test_the_specification_says_what_became_of_its_clauses(void **state)
{
    (void)state;
    for (size_t stack = 0; stack < STACKS; stack++)
        for (size_t i = 0; i < CASES; i++) {
            fixture.results[stack][i].judged.there = true;
            clause_set_add(&fixture.results[stack][i].judged.kept, 0);
        }
    clause_set_add(&fixture.results[1][1].judged.broken, 0);
    assert_true(conformity_reckon(&fixture.report, &fixture.catalogue));
    assert_row(clauses[0], CONFORMITY_PASSED, CONFORMITY_VIOLATED);
}

static void test_what_the_specification_says_of_a_script_without_requirements_does_not_count(void **state)
{
    (void)state;
    fixture.scripts[1][1].requirements = "";
    fixture.results[1][1].judged.there = true;
    clause_set_add(&fixture.results[1][1].judged.broken, 0);
    assert_true(conformity_reckon(&fixture.report, &fixture.catalogue));
    assert_row(clauses[0], CONFORMITY_NOT_EXERCISED, CONFORMITY_NOT_EXERCISED);
}

static void test_a_known_deviation_is_none_of_the_violations(void **state)
{
    (void)state;
    struct deviation entry = {.script = "s/first.pkt", .versions = ~0U, .reason = "so", .reference = "there"};
    const struct deviations deviations = {.items = &entry, .count = 1};
    fixture.settings[0].deviations = &deviations;
    comes_to(0, 0, VERDICT_FAIL);
    fixture.results[0][1].judged.there = true;
    clause_set_add(&fixture.results[0][1].judged.excused, 0);
    assert_true(conformity_reckon(&fixture.report, &fixture.catalogue));
    assert_row("RFC1 MUST-1", CONFORMITY_KNOWN_DEVIATION, CONFORMITY_PASSED);
    assert_row(clauses[0], CONFORMITY_KNOWN_DEVIATION, CONFORMITY_NOT_EXERCISED);
}

static void test_what_is_outside_or_unknown_is_there_once_a_script_cites_it(void **state)
{
    (void)state;
    fixture.notes[1][0].value = "RFC1 MUST-5, RFC9 MUST-9";
    assert_true(conformity_reckon(&fixture.report, &fixture.catalogue));
    assert_row("RFC1 MUST-5", CONFORMITY_PASSED, CONFORMITY_PASSED);
    assert_row("RFC9 MUST-9", CONFORMITY_PASSED, CONFORMITY_PASSED);
    assert_int_equal(fixture.report.outside, 0);
}

static void test_stacks_stand_side_by_side(void **state)
{
    (void)state;
    comes_to(0, 0, VERDICT_FAIL);
    fixture.suites[0].totals.verdicts[VERDICT_FAIL] = 1;
    assert_true(conformity_reckon(&fixture.report, &fixture.catalogue));
    conformity_print_text(&fixture.text, &fixture.report);
    const char *said = text_string(&fixture.text);
    assert_non_null(strstr(said, "MUST         one              the other\n"
                                 "RFC1 MUST-1  VIOLATED         passed\n"
                                 "    What RFC1 MUST-1 asks for.\n"
                                 "RFC1 MUST-2  passed           passed\n"
                                 "RFC1 \xc2\xa7"
                                 "3      not exercised    not exercised\n"
                                 "    Nobody sees it.\n"
                                 "\n"
                                 "SHOULD       one              the other\n"
                                 "RFC1 SHLD-4  violated         passed\n"));
    assert_non_null(strstr(said, "1 more of the catalogue have nothing to do with the handshake.\n"));
    assert_non_null(strstr(said, "\none\n\nFAIL  s/first.pkt [ipv4]\n"));
    assert_non_null(strstr(said, "    again: shakedown run --ip 4 s/first.pkt\n"));
    assert_non_null(strstr(said, "    MUST   1 violated, 1 passed, 1 not exercised\n"));
    assert_int_equal(conformity_exit_status(&fixture.report), 1);
}

static void test_programs_read_it_as_json(void **state)
{
    (void)state;
    comes_to(1, 0, VERDICT_FAIL);
    assert_true(conformity_reckon(&fixture.report, &fixture.catalogue));
    conformity_print_json(&fixture.text, &fixture.report);
    const char *said = text_string(&fixture.text);
    assert_non_null(strstr(said, "{\"type\":\"requirement\",\"requirement\":\"RFC1 MUST-1\",\"level\":\"MUST\","
                                 "\"says\":\"What RFC1 MUST-1 asks for.\","
                                 "\"stacks\":{\"one\":\"passed\",\"the other\":\"violated\"}}\n"));
    assert_non_null(strstr(said, "{\"type\":\"case\",\"stack\":\"the other\",\"path\":\"s/first.pkt\","));
    assert_non_null(strstr(said, "\"again\":\"shakedown run --ip 4 s/first.pkt\"}\n"));
    assert_non_null(strstr(said, "{\"type\":\"stack\",\"stack\":\"the other\",\"verdicts\":{\"pass\":0,"));
    assert_non_null(strstr(said, "\"requirements\":{\"MUST\":{\"not exercised\":1,\"not applicable\":0,\"passed\":1,"
                                 "\"known deviation\":0,\"undecided\":0,\"violated\":1},"));
}

static void test_a_fail_outweighs_what_could_not_be_decided(void **state)
{
    (void)state;
    assert_int_equal(conformity_exit_status(&fixture.report), 0);
    fixture.suites[0].totals.verdicts[VERDICT_INCONCLUSIVE] = 1;
    assert_int_equal(conformity_exit_status(&fixture.report), 2);
    fixture.suites[1].totals.verdicts[VERDICT_FAIL] = 1;
    assert_int_equal(conformity_exit_status(&fixture.report), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_scripts_say_what_became_of_what_they_cite, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_specification_says_what_became_of_its_clauses, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_what_the_specification_says_of_a_script_without_requirements_does_not_count, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_known_deviation_is_none_of_the_violations, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_outside_or_unknown_is_there_once_a_script_cites_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_stacks_stand_side_by_side, setup, teardown),
        cmocka_unit_test_setup_teardown(test_programs_read_it_as_json, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_fail_outweighs_what_could_not_be_decided, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
