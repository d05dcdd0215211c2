/* SPDX-License-Identifier: MIT */
/* The rules of scripts that specs/README.md lists: each has a script that shows it, and each script holds. */
#include "program.h"

#include <ctype.h>
#include <glob.h>

#define LANGUAGE SHAKEDOWN_SOURCE_DIR "/specs/suites/language/"

/* The section on rules, as a text of its own. */
static struct text read_rules(void)
{
    FILE *file = fopen(SHAKEDOWN_SOURCE_DIR "/specs/README.md", "re");
    struct text all = text_growing();
    struct text rules = text_growing();
    char line[4096];
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL)
        text_append_string(&all, line);
    assert_int_equal(fclose(file), 0);
    const char *start = strstr(text_string(&all), "\n### Rules\n");
    assert_non_null(start);
    const char *end = strstr(start + 1, "\n### ");
    assert_non_null(end);
    text_append_bytes(&rules, start, (size_t)(end - start));
    text_free(&all);
    return rules;
}

/* The next name in backquotes, of letters and hyphens, that begins with PREFIX; NULL behind the last. */
static const char *next_name(const char *at, const char *prefix, char *name, size_t room)
{
    while ((at = strchr(at, '`')) != NULL) {
        size_t length = 0;
        at++;
        while (islower((unsigned char)at[length]) || at[length] == '-')
            length++;
        if (at[length] != '`' || length >= room || strncmp(at, prefix, strlen(prefix)) != 0)
            continue;
        memcpy(name, at, length);
        name[length] = '\0';
        return at + length + 1;
    }
    return NULL;
}

static void check_named(const char *prefix, size_t least)
{
    struct text rules = read_rules();
    const char *at = text_string(&rules);
    char name[128];
    size_t count = 0;
    while ((at = next_name(at, prefix, name, sizeof(name))) != NULL) {
        char path[512];
        (void)snprintf(path, sizeof(path), LANGUAGE "%s.pkt", name);
        if (access(path, R_OK) != 0)
            fail_msg("the rules name %s, which is not there", path);
        count++;
    }
    assert_true(count >= least);
    text_free(&rules);
}

static void test_each_rule_names_a_script(void **state)
{
    (void)state;
    check_named("rule-", 9);
    check_named("connections-", 6);
}

static void test_each_script_of_a_rule_is_named(void **state)
{
    (void)state;
    struct text rules = read_rules();
    static const char *const patterns[] = {LANGUAGE "rule-*.pkt", LANGUAGE "connections-*.pkt"};
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        glob_t files = {0};
        assert_int_equal(glob(patterns[i], 0, NULL, &files), 0);
        for (size_t j = 0; j < files.gl_pathc; j++) {
            char quoted[256];
            const char *name = strrchr(files.gl_pathv[j], '/') + 1;
            (void)snprintf(quoted, sizeof(quoted), "`%.*s`", (int)(strlen(name) - strlen(".pkt")), name);
            if (strstr(text_string(&rules), quoted) == NULL)
                fail_msg("the rules do not name %s", quoted);
        }
        globfree(&files);
    }
    text_free(&rules);
}

/* Runs the scripts of the language that FILTER fits. On a busy machine some may prove nothing; none may fail. */
static void assert_hold(struct program *program, const char *filter)
{
    char line[512];
    (void)snprintf(line, sizeof(line), "run " LANGUAGE " --filter %s", filter);
    assert_int_not_equal(program_run(program, line), 1);
    assert_says(program->output, " 0 failed");
    assert_says(program->output, " 0 errors");
}

static void test_the_rules_hold(void **state)
{
    assert_hold(*state, "rule-*");
    assert_hold(*state, "connections-*");
}

static void test_expectations_of_every_kind_hold(void **state)
{
    assert_hold(*state, "expect-*");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_rule_names_a_script, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_each_script_of_a_rule_is_named, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_the_rules_hold, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_expectations_of_every_kind_hold, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
