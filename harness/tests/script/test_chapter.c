/* SPDX-License-Identifier: MIT */
/* The examples in the chapter on scripts are what the parser takes, and the messages are its own. */
#include "script/print.h"
#include "script_fixture.h"

#include <fcntl.h>
#include <unistd.h>

static struct text chapter;

/* Keeps the chapter alone: up to the next of its level. */
static int read_chapter(void **state)
{
    (void)state;
    struct text text = text_growing();
    int file = open(SHAKEDOWN_SOURCE_DIR "/specs/README.md", O_RDONLY | O_CLOEXEC);
    ssize_t got = 1;
    if (file < 0)
        return -1;
    while (got > 0 && text_reserve(&text, 65536)) {
        got = read(file, text.data + text.length, 65536);
        text.length += got > 0 ? (size_t)got : 0;
    }
    text_append_character(&text, '\n');
    const char *start = strstr(text_string(&text), "\n## Scripts\n");
    const char *end = start == NULL ? NULL : strstr(start + 1, "\n## ");
    chapter = text_growing();
    if (start != NULL)
        text_append_bytes(&chapter, start, end == NULL ? strlen(start) : (size_t)(end - start + 1));
    text_free(&text);
    return close(file) == 0 && start != NULL ? 0 : -1;
}

static int free_chapter(void **state)
{
    (void)state;
    text_free(&chapter);
    return 0;
}

/* The next block that OPENING begins, at or behind *FROM, which moves behind it. */
static bool next_block(const char **from, const char *opening, struct text *block)
{
    const char *start = strstr(*from, opening);
    if (start == NULL)
        return false;
    start += strlen(opening);
    const char *end = strstr(start, "```\n");
    assert_non_null(end);
    text_clear(block);
    text_append_bytes(block, start, (size_t)(end - start));
    *from = end + strlen("```\n");
    return true;
}

static void examples_are_sound(void **state)
{
    (void)state;
    struct text block = text_growing();
    const char *from = text_string(&chapter);
    size_t count = 0;
    while (next_block(&from, "```pkt\n", &block)) {
        struct parsed parsed;
        parse_sound(&parsed, text_string(&block));
        parsed_free(&parsed);
        count++;
    }
    assert_in_range(count, 3, 100);
    text_free(&block);
}

static void messages_are_those_of_the_parser(void **state)
{
    (void)state;
    struct text wrong = text_growing();
    struct text messages = text_growing();
    struct text shown = text_growing();
    const char *from = text_string(&chapter);
    size_t count = 0;
    while (next_block(&from, "```pkt-wrong\n", &wrong)) {
        struct parsed parsed;
        const struct source source = {"script.pkt", text_string(&wrong), wrong.length};
        assert_true(next_block(&from, "```pkt-messages\n", &messages));
        parse_text(&parsed, text_string(&wrong));
        text_clear(&shown);
        diagnostics_print(&shown, &source, &parsed.diagnostics);
        assert_string_equal(text_string(&shown), text_string(&messages));
        parsed_free(&parsed);
        count++;
    }
    assert_in_range(count, 1, 100);
    text_free(&shown);
    text_free(&messages);
    text_free(&wrong);
}

static void the_canonical_form_is_as_shown(void **state)
{
    (void)state;
    struct text before = text_growing();
    struct text after = text_growing();
    struct text formatted = text_growing();
    struct parsed parsed;
    const char *from = strstr(text_string(&chapter), "\n### Canonical form\n");
    assert_non_null(from);
    assert_true(next_block(&from, "```pkt\n", &before) && next_block(&from, "```pkt\n", &after));
    parse_sound(&parsed, text_string(&before));
    program_format(&formatted, &parsed.program);
    assert_string_equal(text_string(&formatted), text_string(&after));
    parsed_free(&parsed);
    text_free(&formatted);
    text_free(&after);
    text_free(&before);
}

/* Every key that a note may have is in the chapter's table, and every key in the table is known. */
static void notes_of_the_table_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *value;
    } notes[] = {{"title", "x"},   {"requirement", "RFC9293 MUST-1"},
                 {"timeout", "1"}, {"slow", "x"},
                 {"link", "raw"},  {"ip", "4"},
                 {"note", "x"}};
    const char *row = strstr(text_string(&chapter), "| key | value |");
    assert_non_null(row);
    row = strchr(strchr(row, '\n') + 1, '\n') + 1;
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        struct text script = text_growing();
        struct parsed parsed;
        text_append_format(&script, "| `%s` |", notes[i].key);
        assert_memory_equal(row, text_string(&script), script.length);
        text_clear(&script);
        text_append_format(&script, "//: %s %s\n0 f()\n", notes[i].key, notes[i].value);
        parse_sound(&parsed, text_string(&script));
        parsed_free(&parsed);
        text_free(&script);
        row = strchr(row, '\n') + 1;
    }
    assert_int_equal(*row, '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_sound),
        cmocka_unit_test(messages_are_those_of_the_parser),
        cmocka_unit_test(the_canonical_form_is_as_shown),
        cmocka_unit_test(notes_of_the_table_are_known),
    };
    return cmocka_run_group_tests(tests, read_chapter, free_chapter);
}
