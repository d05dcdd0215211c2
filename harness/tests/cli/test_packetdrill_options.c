/* SPDX-License-Identifier: MIT */
#include "cli/packetdrill_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MOST = 16 };

struct parsed_words {
    char line[512];
    char *words[WORDS_MOST];
    struct option_words rest;
    struct packetdrill_options options;
    struct error error;
    bool right;
};

static void parse_line(struct parsed_words *parsed, const char *line)
{
    char *rest = NULL;
    *parsed = (struct parsed_words){.right = false};
    assert_true(strlen(line) < sizeof(parsed->line));
    memcpy(parsed->line, line, strlen(line) + 1);
    for (char *word = strtok_r(parsed->line, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        parsed->words[parsed->rest.count++] = word;
    parsed->rest.words = parsed->words;
    parsed->right = packetdrill_options_parse(&parsed->options, &parsed->rest, &parsed->error);
}

static void test_options_are_understood_as_getopt_would(void **state)
{
    (void)state;
    struct parsed_words parsed;
    parse_line(&parsed, "--ip_version=ipv4 a.pkt --mtu 1520 -D A=1 -DB=2 --define=C=3 --tolerance_usec=9 --non_fatal "
                        "packet b.pkt -vv -- -c.pkt");
    assert_true(parsed.right);
    assert_int_equal(parsed.rest.count, 3);
    assert_string_equal(parsed.rest.words[0], "a.pkt");
    assert_string_equal(parsed.rest.words[1], "b.pkt");
    assert_string_equal(parsed.rest.words[2], "-c.pkt");
    assert_int_equal(parsed.options.definitions.count, 3);
    assert_string_equal(parsed.options.definitions.items[1].name, "B");
    assert_int_equal(parsed.options.count, 6);
    assert_string_equal(parsed.options.items[1].name, "mtu");
    assert_string_equal(parsed.options.items[1].value, "1520");
    assert_string_equal(parsed.options.items[2].name, "tolerance_usecs");
    assert_string_equal(parsed.options.items[3].value, "packet");
    assert_string_equal(parsed.options.items[5].name, "verbose");
    packetdrill_options_free(&parsed.options);
}

static void test_programs_to_run_first_are_seen_from_here(void **state)
{
    (void)state;
    struct parsed_words parsed;
    char expected[600];
    char here[256];
    assert_non_null(getcwd(here, sizeof(here)));
    parse_line(&parsed, "--init_scripts=set.sh,/bin/true x.pkt");
    assert_true(parsed.right);
    (void)snprintf(expected, sizeof(expected), "%s/set.sh,/bin/true", here);
    assert_string_equal(parsed.options.items[0].value, expected);
    packetdrill_options_free(&parsed.options);
}

static const struct {
    const char *line;
    const char *message;
} mistakes[] = {
    {"--mtu", "the option --mtu needs a value"},
    {"--mtu=nine a.pkt", "the option --mtu takes a number of bytes from 68 to 65535"},
    {"-x", "unknown option -x"},
    {"-D", "the option -D needs a value: NAME=VALUE"},
    {"-D A", "a definition is NAME=VALUE, not `A`"},
    {"--dry_run=yes", "the option --dry_run takes no value"},
    {"--tollerance_usecs=1", "unknown option --tollerance_usecs; did you mean --tolerance_usecs?"},
};

static void test_what_makes_no_sense_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct parsed_words parsed;
        parse_line(&parsed, mistakes[i].line);
        assert_false(parsed.right);
        assert_int_equal(parsed.error.code, ERROR_USAGE);
        assert_string_equal(parsed.error.text, mistakes[i].message);
        packetdrill_options_free(&parsed.options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_are_understood_as_getopt_would),
        cmocka_unit_test(test_programs_to_run_first_are_seen_from_here),
        cmocka_unit_test(test_what_makes_no_sense_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
