/* SPDX-License-Identifier: MIT */
/* The examples in the chapter on segments are what the parser takes, and it names every word that there is. */
#include "packet/tcp_option.h"
#include "packet_fixture.h"

#include <stdio.h>

static struct text chapter;

/* Keeps the chapter alone: up to the next of its level. */
static int read_chapter(void **state)
{
    (void)state;
    struct text text = text_growing();
    FILE *file = fopen(SHAKEDOWN_SOURCE_DIR "/specs/README.md", "r");
    if (file == NULL)
        return -1;
    for (int character; (character = getc(file)) != EOF;)
        text_append_character(&text, (char)character);
    chapter = text_growing();
    const char *start = strstr(text_string(&text), "\n## Segments\n");
    const char *end = start == NULL ? NULL : strstr(start + 1, "\n## ");
    if (end != NULL)
        text_append_bytes(&chapter, start, (size_t)(end - start));
    text_free(&text);
    return fclose(file) == 0 && end != NULL ? 0 : -1;
}

static int free_chapter(void **state)
{
    (void)state;
    text_free(&chapter);
    return 0;
}

static void parse_line(struct arena *arena, const char *line, size_t length, struct pattern *pattern)
{
    struct diagnostics diagnostics = {.arena = arena};
    const struct source source = {"specs/README.md", line, length};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    if (!pattern_parse(&scanner, arena, NULL, pattern) || !scanner_at_end(&scanner)) {
        struct text messages = text_growing();
        diagnostics_print(&messages, &source, &diagnostics);
        print_error("%.*s\n%s", (int)length, line, text_string(&messages));
        text_free(&messages);
        fail();
    }
}

/* An example is a sound segment, and so is what is printed of it, which says the same. */
static void check_example(const char *line, size_t length)
{
    struct arena arena = {0};
    struct pattern written, printed;
    struct text text = text_growing();
    parse_line(&arena, line, length, &written);
    pattern_print(&text, &written);
    parse_line(&arena, text_string(&text), text.length, &printed);
    assert_true(pattern_equal(&written, &printed));
    text_free(&text);
    arena_free(&arena);
}

static void examples_are_sound(void **state)
{
    (void)state;
    static const char opening[] = "\n```segment\n";
    const char *at = strstr(text_string(&chapter), opening);
    size_t count = 0;
    assert_non_null(at);
    for (at += strlen(opening); *at != '`'; count++) {
        const char *end = strchr(at, '\n');
        assert_non_null(end);
        check_example(at, (size_t)(end - at));
        at = end + 1;
    }
    assert_in_range(count, 15, 100);
}

static void names_of_options_are_mentioned(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 256; kind++) {
        const char *name = tcp_option_name((uint8_t)kind);
        struct text quoted = text_growing();
        /* The registered kinds without a form of their own are only exemplified. */
        if (name == NULL || (kind >= 6 && kind <= 27 && kind != TCP_OPTION_TIMESTAMPS && kind != TCP_OPTION_MD5))
            continue;
        text_append_format(&quoted, "`%s", name);
        if (strstr(text_string(&chapter), text_string(&quoted)) == NULL)
            fail_msg("the chapter does not say %s", name);
        text_free(&quoted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_sound),
        cmocka_unit_test(names_of_options_are_mentioned),
    };
    return cmocka_run_group_tests(tests, read_chapter, free_chapter);
}
