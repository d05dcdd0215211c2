/* SPDX-License-Identifier: MIT */
#include "suite/requirement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct program program_with(struct program_note *notes, size_t count)
{
    return (struct program){.notes = notes, .note_count = count};
}

static void test_the_strictest_level_cited_counts(void **state)
{
    (void)state;
    struct {
        const char *values[2];
        enum requirement_level level;
    } rows[] = {
        {{"RFC9293 MUST-10", NULL}, REQUIREMENT_MUST},
        {{"RFC9293 SHLD-5", NULL}, REQUIREMENT_SHOULD},
        {{"RFC9293 REC-2", NULL}, REQUIREMENT_SHOULD},
        {{"RFC9293 MAY-3", NULL}, REQUIREMENT_MAY},
        {{"RFC9293 MAY-3, SHLD-5", NULL}, REQUIREMENT_SHOULD},
        {{"RFC9293 MAY-3", "RFC9293 MUST-1"}, REQUIREMENT_MUST},
        {{"RFC9293 SHLD-3", "RFC5961 section 4"}, REQUIREMENT_MUST},
        {{"RFC9293 section 3.10.7.1", NULL}, REQUIREMENT_MUST},
        {{"DISMAY-3", NULL}, REQUIREMENT_MUST},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct program_note notes[] = {{.key = "title", .value = "MAY-1"},
                                       {.key = "requirement", .value = rows[i].values[0]},
                                       {.key = "requirement", .value = rows[i].values[1]}};
        struct program program = program_with(notes, rows[i].values[1] == NULL ? 2 : 3);
        assert_int_equal(requirement_level(&program), rows[i].level);
    }
    struct program program = program_with(NULL, 0);
    assert_int_equal(requirement_level(&program), REQUIREMENT_MUST);
}

static void test_a_requirement_is_cited_by_whole_words(void **state)
{
    (void)state;
    struct program_note notes[] = {{.key = "title", .value = "MUST-4"},
                                   {.key = "requirement", .value = "RFC9293 MUST-101, MUST-10"},
                                   {.key = "requirement", .value = "RFC5961 section 4.2"}};
    struct program program = program_with(notes, 3);
    static const char *const cited[] = {"MUST-10", "MUST-101", "RFC9293", "RFC9293 MUST-101", "RFC5961 section 4.2"};
    static const char *const not_cited[] = {"MUST-1", "MUST", "MUST-4", "RFC929", "section 4", "10", ""};
    for (size_t i = 0; i < COUNT_OF(cited); i++)
        assert_true(requirement_cited(&program, cited[i]));
    for (size_t i = 0; i < COUNT_OF(not_cited); i++)
        assert_false(requirement_cited(&program, not_cited[i]));
}

static void test_all_notes_are_printed(void **state)
{
    (void)state;
    struct program_note notes[] = {{.key = "requirement", .value = "RFC9293 MUST-10"},
                                   {.key = "title", .value = "x"},
                                   {.key = "requirement", .value = "RFC5961 section 4"}};
    struct program program = program_with(notes, 3);
    char buffer[128];
    struct text text = text_in(buffer, sizeof(buffer));
    requirement_print(&text, &program);
    assert_string_equal(buffer, "RFC9293 MUST-10, RFC5961 section 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_strictest_level_cited_counts),
        cmocka_unit_test(test_a_requirement_is_cited_by_whole_words),
        cmocka_unit_test(test_all_notes_are_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
