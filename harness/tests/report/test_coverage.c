/* SPDX-License-Identifier: MIT */
/*
 * What becomes of each requirement of the catalogue: rules judge it, scripts test it, or a reason says why neither can
 * be.
 */
#include "spec/spec.h"
#include "suite/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <glob.h>

#include <cmocka.h>

enum { ENTRIES_MOST = 512 };

struct fixture {
    struct arena arena;
    struct catalogue catalogue;
    struct spec spec;
    bool judged[ENTRIES_MOST];
    bool tested[ENTRIES_MOST];
};

static struct fixture fixture;

static size_t entry_of(const char *who, const char *clause, size_t length)
{
    const struct catalogue_entry *entry = catalogue_find(&fixture.catalogue, clause, length);
    if (entry == NULL)
        fail_msg("%s cites %.*s, which is not in the catalogue", who, (int)length, clause);
    return (size_t)(entry - fixture.catalogue.entries);
}

static void note_rules(void)
{
    for (uint16_t i = 0; i < fixture.spec.clause_count; i++) {
        const char *clause = fixture.spec.clauses[i];
        fixture.judged[entry_of("the specification", clause, strlen(clause))] = true;
    }
}

static void note_citations(const char *path, const char *cited)
{
    while (*cited != '\0') {
        size_t whole = strcspn(cited, ",");
        size_t length = whole;
        while (length > 0 && cited[length - 1] == ' ')
            length--;
        fixture.tested[entry_of(path, cited, length)] = true;
        cited += whole;
        cited += strspn(cited, ", ");
    }
}

static void note_script(const char *path)
{
    struct program program;
    struct error error;
    struct diagnostics diagnostics = {.arena = &fixture.arena};
    assert_true(program_load(path, &(struct program_settings){0}, &diagnostics, &program, &error));
    for (size_t i = 0; i < program.note_count; i++)
        if (strcmp(program.notes[i].key, "requirement") == 0)
            note_citations(path, program.notes[i].value);
    program_free(&program);
}

static int load(void **state)
{
    struct error error;
    struct text text = text_growing();
    struct diagnostics diagnostics = {.arena = &fixture.arena};
    glob_t files = {0};
    (void)state;
    assert_true(catalogue_load(&fixture.catalogue, SHAKEDOWN_SOURCE_DIR "/specs/requirements", &text, &error));
    assert_true(spec_load(&fixture.spec, SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", &diagnostics, &error));
    assert_int_equal(diagnostics.count, 0);
    assert_true(fixture.catalogue.count < ENTRIES_MOST);
    note_rules();
    assert_int_equal(glob(SHAKEDOWN_SOURCE_DIR "/specs/suites/*/*.pkt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        note_script(files.gl_pathv[i]);
    globfree(&files);
    text_free(&text);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    spec_free(&fixture.spec);
    catalogue_free(&fixture.catalogue);
    arena_free(&fixture.arena);
    return 0;
}

static void every_requirement_is_judged_or_tested_or_a_reason_is_given(void **state)
{
    size_t without = 0;
    (void)state;
    for (size_t i = 0; i < fixture.catalogue.count; i++) {
        const struct catalogue_entry *entry = &fixture.catalogue.entries[i];
        if (fixture.judged[i] || fixture.tested[i] || entry->unseen != NULL || entry->outside != NULL)
            continue;
        print_error("%s has neither a rule nor a script, and no reason says why\n", entry->requirement);
        without++;
    }
    assert_int_equal(without, 0);
}

static void no_reason_is_given_for_what_is_judged_or_tested(void **state)
{
    (void)state;
    for (size_t i = 0; i < fixture.catalogue.count; i++) {
        const struct catalogue_entry *entry = &fixture.catalogue.entries[i];
        bool excused = entry->unseen != NULL || entry->outside != NULL;
        if (excused && (fixture.judged[i] || fixture.tested[i]))
            fail_msg("%s has a rule or a script, and a reason why it can't", entry->requirement);
        if (entry->unseen != NULL && entry->outside != NULL)
            fail_msg("%s has two reasons", entry->requirement);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_requirement_is_judged_or_tested_or_a_reason_is_given),
        cmocka_unit_test(no_reason_is_given_for_what_is_judged_or_tested),
    };
    return cmocka_run_group_tests_name("coverage", tests, load, unload);
}
