/* SPDX-License-Identifier: MIT */
#include "suite/deviations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct diagnostics diagnostics;
    struct deviations deviations;
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
    deviations_free(&fixture.deviations);
    arena_free(&fixture.arena);
    text_free(&fixture.text);
    return 0;
}

static bool parse(const char *text)
{
    struct source source = {"known.conf", text, strlen(text)};
    bool parsed = deviations_parse(&source, &fixture.diagnostics, &fixture.deviations);
    diagnostics_print(&fixture.text, &source, &fixture.diagnostics);
    return parsed;
}

static void test_names_below_each_other_share_the_keys(void **state)
{
    (void)state;
    assert_true(parse("[a/one.pkt]\n"
                      "[a/two.pkt]\n"
                      "ip = 6\n"
                      "reason = x\n"
                      "reference = y\n"
                      "[a/three.pkt]\n"
                      "reason = z\n"
                      "reference = y\n"));
    assert_int_equal(fixture.deviations.count, 3);
    const struct deviation *items = fixture.deviations.items;
    assert_string_equal(items[0].reason, "x");
    assert_string_equal(items[1].reason, "x");
    assert_string_equal(items[0].reference, "y");
    assert_int_equal(items[0].versions, 1 << IP_VERSION_IPV6);
    assert_string_equal(items[2].reason, "z");
    assert_int_not_equal(items[2].versions, items[0].versions);
}

static void test_a_name_at_the_end_has_no_keys_to_share(void **state)
{
    (void)state;
    assert_false(parse("[a/one.pkt]\nreason = x\nreference = y\n[a/two.pkt]\n"));
    assert_non_null(strstr(text_string(&fixture.text), "this entry has no reason"));
}

static void test_entries_are_read(void **state)
{
    (void)state;
    assert_true(parse("# known\n"
                      "\n"
                      "[handshake/syn-back-off.pkt]\n"
                      "ip = 4, 6\n"
                      "reason = since 6.5 SYNs are first sent again at a constant interval # not a comment\n"
                      "reference=ip-sysctl.rst, tcp_syn_linear_timeouts   \n"
                      "[ other/b.pkt ]   # a comment\r\n"
                      "reason = x\r\n"
                      "reference = y"));
    assert_int_equal(fixture.deviations.count, 2);
    const struct deviation *one = &fixture.deviations.items[0];
    assert_string_equal(one->script, "handshake/syn-back-off.pkt");
    assert_int_equal(one->versions, 1 << IP_VERSION_IPV4 | 1 << IP_VERSION_IPV6);
    assert_string_equal(one->reason, "since 6.5 SYNs are first sent again at a constant interval # not a comment");
    assert_string_equal(one->reference, "ip-sysctl.rst, tcp_syn_linear_timeouts");
    assert_string_equal(fixture.deviations.items[1].script, "other/b.pkt");
    assert_string_equal(fixture.deviations.items[1].reason, "x");
    assert_int_equal(fixture.deviations.items[1].versions, IP_VERSIONS_ALL);
}

static void test_an_empty_file_has_no_entries(void **state)
{
    (void)state;
    assert_true(parse(""));
    assert_int_equal(fixture.deviations.count, 0);
}

static void test_errors_show_their_place_and_what_was_expected(void **state)
{
    (void)state;
    const struct {
        const char *text, *message;
    } rows[] = {
        {"[a.pkt]\nreason = x\n", "known.conf:1:2: error: this entry has no reference\n    [a.pkt]\n     ^~~~~\n"},
        {"[a.pkt]\nreference = x\n", "known.conf:1:2: error: this entry has no reason"},
        {"reason = x\n", "known.conf:1:1: error: expected `[script]` before the first key"},
        {"[a.pkt\nreason = x\n", "known.conf:1:7: error: expected `]`"},
        {"[]\n", "known.conf:1:2: error: expected the end of a script's path"},
        {"[a.pkt] x\nreason=a\nreference=b", "known.conf:1:9: error: expected the end of the line, found `x`"},
        {"[a.pkt]\nreson = x\n",
         "known.conf:2:1: error: unknown key: expected ip, reason, reference, specification or shown; did you mean "
         "`reason`?\n    reson = x\n    ^~~~~\n"},
        {"[a.pkt]\nreason x\n", "known.conf:2:8: error: expected `=`, found `x`"},
        {"[a.pkt]\nreason =\n", "error: expected a value"},
        {"[a.pkt]\nip = 5\n", "known.conf:2:6: error: expected IP versions: 4, 6, mapped or all"},
        {"[a.pkt]\nreason=a\nreference=b\n[a.pkt]\n", "known.conf:4:2: error: this script has an entry already"},
        {"?\n", "known.conf:1:1: error: expected `[script]` or a key, found `?`"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(setup(NULL), 0);
        assert_false(parse(rows[i].text));
        if (strstr(text_string(&fixture.text), rows[i].message) == NULL)
            assert_string_equal(text_string(&fixture.text), rows[i].message);
        assert_int_equal(teardown(NULL), 0);
    }
}

static void test_an_entry_is_found_by_the_end_of_the_path(void **state)
{
    (void)state;
    assert_true(parse("[handshake/a.pkt]\nip = 6\nreason = x\nreference = y\n"));
    const struct deviations *all = &fixture.deviations;
    assert_non_null(deviations_find(all, "specs/suites/handshake/a.pkt", IP_VERSION_IPV6));
    assert_non_null(deviations_find(all, "handshake/a.pkt", IP_VERSION_IPV6));
    assert_null(deviations_find(all, "specs/suites/handshake/a.pkt", IP_VERSION_IPV4));
    assert_null(deviations_find(all, "a.pkt", IP_VERSION_IPV6));
    assert_null(deviations_find(all, "my-handshake/a.pkt", IP_VERSION_IPV6));
    assert_null(deviations_find(all, "handshake/a.pkt.orig", IP_VERSION_IPV6));
}

static void test_a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct error error;
    assert_false(deviations_load("/nowhere/known.conf", &fixture.text, &fixture.deviations, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_non_null(strstr(error.text, "/nowhere/known.conf"));
}

static void test_the_deviations_of_linux_are_sound(void **state)
{
    (void)state;
    struct error error = {.text = ""};
    bool loaded = deviations_load(SHAKEDOWN_SOURCE_DIR "/targets/stacks/linux/deviations.conf", &fixture.text,
                                  &fixture.deviations, &error);
    assert_string_equal(error.text, "");
    assert_string_equal(text_string(&fixture.text), "");
    assert_true(loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_entries_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names_below_each_other_share_the_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_name_at_the_end_has_no_keys_to_share, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_empty_file_has_no_entries, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors_show_their_place_and_what_was_expected, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_entry_is_found_by_the_end_of_the_path, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_not_there_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_deviations_of_linux_are_sound, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
