/* SPDX-License-Identifier: MIT */
#include "suite/discovery.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    struct discovery discovery;
    struct error error;
};

static void make(const struct fixture *fixture, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", fixture->folder, name);
    if (name[strlen(name) - 1] == '/') {
        assert_int_equal(mkdir(path, 0700), 0);
        return;
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

/* A folder with scripts and what is none. */
static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL)
        return -1;
    *state = fixture;
    (void)snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/test_discovery.XXXXXX");
    if (mkdtemp(fixture->folder) == NULL)
        return -1;
    static const char *const names[] = {"b/",          "a/",      "empty/",       "a/2.pkt",
                                        "a/10.pkt",    "b/x.pkt", "b/readme.txt", "top.pkt",
                                        ".hidden.pkt", "b/.pkt",  "b/deep/",      "b/deep/y.pkt"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        make(fixture, names[i]);
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    discovery_free(&fixture->discovery);
    (void)nftw(fixture->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return 0;
}

static bool find(struct fixture *fixture, const char *const *names, size_t count)
{
    char paths[4][256];
    const char *pointers[4];
    assert_true(count <= COUNT_OF(paths));
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%s%s", fixture->folder, names[i]);
        pointers[i] = paths[i];
    }
    return discovery_find(&fixture->discovery, pointers, count, &fixture->error);
}

static void assert_found(const struct fixture *fixture, const char *const *names, size_t count)
{
    assert_int_equal(fixture->discovery.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(fixture->discovery.scripts[i].path + strlen(fixture->folder), names[i]);
}

static void test_a_folder_gives_its_scripts_sorted(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {""};
    static const char *const expected[] = {"/a/10.pkt", "/a/2.pkt", "/b/deep/y.pkt", "/b/x.pkt", "/top.pkt"};
    assert_true(find(fixture, given, 1));
    assert_found(fixture, expected, COUNT_OF(expected));
    for (size_t i = 0; i < fixture->discovery.count; i++)
        assert_true(fixture->discovery.scripts[i].from_folder);
}

static void test_arguments_keep_their_order_and_files_may_have_any_name(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {"/b/readme.txt", "/b/deep/", "/a"};
    static const char *const expected[] = {"/b/readme.txt", "/b/deep/y.pkt", "/a/10.pkt", "/a/2.pkt"};
    assert_true(find(fixture, given, 3));
    assert_found(fixture, expected, COUNT_OF(expected));
    assert_false(fixture->discovery.scripts[0].from_folder);
    assert_string_equal(fixture->discovery.scripts[0].name, "readme.txt");
    assert_string_equal(fixture->discovery.scripts[1].name, "deep/y.pkt");
    assert_string_equal(fixture->discovery.scripts[2].name, "a/10.pkt");
}

static void test_scripts_of_the_same_name_are_told_apart(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {"/b/deep/y.pkt", "/a/2.pkt", "/c/2.pkt", "/d/2.pkt"};
    static const unsigned expected[] = {0, 0, 1, 2};
    make(fixture, "c/");
    make(fixture, "d/");
    make(fixture, "c/2.pkt");
    make(fixture, "d/2.pkt");
    assert_true(find(fixture, given, COUNT_OF(given)));
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(fixture->discovery.scripts[i].namesakes, expected[i]);
}

static void test_what_comes_twice_is_taken_once(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {"/a/2.pkt", "/a", "/a/10.pkt"};
    static const char *const expected[] = {"/a/2.pkt", "/a/10.pkt"};
    assert_true(find(fixture, given, 3));
    assert_found(fixture, expected, COUNT_OF(expected));
    assert_true(fixture->discovery.scripts[0].from_folder);
}

static void test_a_missing_path_is_named(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {"/a", "/nowhere.pkt"};
    assert_false(find(fixture, given, 2));
    assert_int_equal(fixture->error.code, ERROR_NOT_FOUND);
    assert_non_null(strstr(fixture->error.text, "nowhere.pkt"));
}

static void test_a_folder_without_scripts_is_one_error(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {"/empty"};
    assert_false(find(fixture, given, 1));
    assert_non_null(strstr(fixture->error.text, "there are no scripts (*.pkt) in the folder"));
    assert_non_null(strstr(fixture->error.text, "/empty"));
}

static void test_a_folder_without_scripts_costs_the_others_nothing(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {"/empty/", "/a/2.pkt", "/empty/", "/b"};
    static const char *const expected[] = {"/empty/", "/a/2.pkt", "/b/deep/y.pkt", "/b/x.pkt"};
    assert_true(find(fixture, given, COUNT_OF(given)));
    assert_found(fixture, expected, COUNT_OF(expected));
    assert_string_equal(fixture->discovery.scripts[0].name, "empty/");
    assert_non_null(strstr(fixture->discovery.scripts[0].fault, "there are no scripts (*.pkt) in the folder"));
    for (size_t i = 1; i < COUNT_OF(expected); i++)
        assert_null(fixture->discovery.scripts[i].fault);
}

static void test_links_to_folders_are_not_followed(void **state)
{
    struct fixture *fixture = *state;
    char link[256];
    (void)snprintf(link, sizeof(link), "%s/a/loop", fixture->folder);
    assert_int_equal(symlink("..", link), 0);
    static const char *const given[] = {"/a"};
    assert_true(find(fixture, given, 1));
    assert_int_equal(fixture->discovery.count, 2);
}

static void test_the_folder_that_one_is_in_names_nothing(void **state)
{
    struct fixture *fixture = *state;
    static const char *const given[] = {"/a/."};
    assert_true(find(fixture, given, 1));
    assert_string_equal(fixture->discovery.scripts[0].name, "10.pkt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_folder_gives_its_scripts_sorted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_arguments_keep_their_order_and_files_may_have_any_name, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scripts_of_the_same_name_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_comes_twice_is_taken_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_missing_path_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_folder_without_scripts_is_one_error, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_folder_without_scripts_costs_the_others_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_links_to_folders_are_not_followed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_folder_that_one_is_in_names_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
