/* SPDX-License-Identifier: MIT */
/* The catalogue of requirements: its grammar, and that ours lacks none that there is and none that a script cites. */
#include "suite/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <glob.h>

#include <cmocka.h>

#define FOLDER SHAKEDOWN_SOURCE_DIR "/specs/requirements"

struct fixture {
    struct arena arena;
    struct diagnostics diagnostics;
    struct catalogue catalogue;
    struct text text;
};

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    fixture = (struct fixture){.text = text_growing()};
    fixture.diagnostics.arena = &fixture.arena;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    catalogue_free(&fixture.catalogue);
    arena_free(&fixture.arena);
    text_free(&fixture.text);
    return 0;
}

static bool add(const char *text)
{
    struct source source = {"x.conf", text, strlen(text)};
    bool added = catalogue_add(&fixture.catalogue, &source, &fixture.diagnostics);
    diagnostics_print(&fixture.text, &source, &fixture.diagnostics);
    return added;
}

#define ENTRY(name) "[" name "]\nsection = 3.5\nlevel = MUST\nsays = It works, # always.\n"

static void test_entries_are_read(void **state)
{
    (void)state;
    assert_true(add(ENTRY("RFC1 MUST-1") "# more\n" ENTRY("RFC1 \xc2\xa7"
                                                          "2")));
    assert_true(add(ENTRY("RFC2 MAY-1")));
    assert_int_equal(fixture.catalogue.count, 3);
    const struct catalogue_entry *entry = catalogue_find(&fixture.catalogue, "RFC1 MUST-1, and", 11);
    assert_non_null(entry);
    assert_string_equal(entry->section, "3.5");
    assert_string_equal(entry->level, "MUST");
    assert_string_equal(entry->says, "It works, # always.");
    assert_null(catalogue_find(&fixture.catalogue, "RFC1 MUST-1", 10));
}

static void test_errors_show_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[A]\nsection = 1\nlevel = MUST\n", "x.conf:1:2: error: this entry has no `says`\n    [A]\n     ^\n"},
        {"[A]\nlevel = must\n", "x.conf:2:9: error: expected a level: MUST, SHOULD or MAY"},
        {"[A]\nsays = a\nsays = b\n", "x.conf:3:8: error: this is given twice"},
        {ENTRY("A") ENTRY("A"), "x.conf:5:2: error: this requirement has an entry already"},
        {"[A]\nsay = x\n",
         "x.conf:2:1: error: unknown key: expected section, level, says, unseen or outside; did you mean `says`?"},
        {"[]\n", "x.conf:1:2: error: expected a requirement, such as RFC9293 MUST-10"},
        {"says = x\n", "x.conf:1:1: error: expected `[requirement]` before the first key"},
        {"!\n", "x.conf:1:1: error: expected `[requirement]` or a key, found `!`"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(setup(NULL), 0);
        assert_false(add(rows[i].text));
        if (strstr(text_string(&fixture.text), rows[i].message) == NULL)
            assert_string_equal(text_string(&fixture.text), rows[i].message);
        assert_int_equal(teardown(NULL), 0);
    }
    assert_int_equal(setup(NULL), 0);
}

static void parse(const char *text, struct program *program)
{
    struct source source = {"x.pkt", text, strlen(text)};
    assert_true(program_parse(&source, &(struct program_settings){0}, &fixture.diagnostics, program));
}

static void test_what_a_script_cites_is_told_with_its_sentence(void **state)
{
    (void)state;
    struct program program;
    assert_true(add(ENTRY("RFC1 MUST-1") ENTRY("RFC1 MUST-2")));
    parse("//: requirement RFC1 MUST-1 , RFC9 MAY-1\n//: requirement RFC1 MUST-2\n0 close(3) = 0\n", &program);
    catalogue_print(&fixture.text, &fixture.catalogue, &program);
    assert_string_equal(text_string(&fixture.text), "RFC1 MUST-1: It works, # always.\n"
                                                    "RFC9 MAY-1\n"
                                                    "RFC1 MUST-2: It works, # always.\n");
    text_clear(&fixture.text);
    catalogue_print(&fixture.text, NULL, &program);
    assert_string_equal(text_string(&fixture.text), "RFC1 MUST-1\nRFC9 MAY-1\nRFC1 MUST-2\n");
    struct bytes missing = catalogue_missing(&fixture.catalogue, &program);
    assert_int_equal(missing.length, strlen("RFC9 MAY-1"));
    assert_memory_equal(missing.data, "RFC9 MAY-1", missing.length);
    program_free(&program);
}

static void load_ours(void)
{
    struct error error = {.text = ""};
    bool loaded = catalogue_load(&fixture.catalogue, FOLDER, &fixture.text, &error);
    assert_string_equal(error.text, "");
    assert_string_equal(text_string(&fixture.text), "");
    assert_true(loaded);
}

/* RFC 9293 numbers its requirements without a gap. */
static void test_every_requirement_of_rfc_9293_is_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        unsigned most;
        const char *level;
    } kinds[] = {{"MUST", 69, "MUST"}, {"SHLD", 31, "SHOULD"}, {"REC", 1, "SHOULD"}, {"MAY", 18, "MAY"}};
    size_t found = 0;
    load_ours();
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        for (unsigned number = 1; number <= kinds[i].most; number++, found++) {
            char name[32];
            struct text text = text_in(name, sizeof(name));
            text_append_format(&text, "RFC9293 %s-%u", kinds[i].kind, number);
            const struct catalogue_entry *entry = catalogue_find(&fixture.catalogue, name, strlen(name));
            if (entry == NULL)
                fail_msg("%s is missing", name);
            else
                assert_string_equal(entry->level, kinds[i].level);
        }
    }
    assert_int_equal(found, 119);
}

static void check_script(const char *path)
{
    struct program program;
    struct error error;
    if (!program_load(path, &(struct program_settings){0}, &fixture.diagnostics, &program, &error))
        fail_msg("%s", error.text);
    struct bytes missing = catalogue_missing(&fixture.catalogue, &program);
    if (missing.length > 0)
        fail_msg("%s cites %.*s, which is not in the catalogue", path, (int)missing.length, (const char *)missing.data);
    program_free(&program);
}

static void test_all_that_scripts_cite_is_in_it(void **state)
{
    (void)state;
    glob_t files = {0};
    load_ours();
    assert_int_equal(glob(SHAKEDOWN_SOURCE_DIR "/specs/suites/*/*.pkt", 0, NULL, &files), 0);
    assert_true(files.gl_pathc > 100);
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_script(files.gl_pathv[i]);
    globfree(&files);
}

static void test_a_folder_without_any_is_told(void **state)
{
    (void)state;
    struct error error;
    assert_false(catalogue_load(&fixture.catalogue, "/nowhere", &fixture.text, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_non_null(strstr(error.text, "/nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_entries_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors_show_their_place, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_a_script_cites_is_told_with_its_sentence, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_requirement_of_rfc_9293_is_in_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_that_scripts_cite_is_in_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_folder_without_any_is_told, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
