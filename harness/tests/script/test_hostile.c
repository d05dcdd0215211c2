/* SPDX-License-Identifier: MIT */
/* Whatever comes in, there is a sound program or a message, and nothing else. */
#include "script_fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCRIPT_MOST = 8192 };

static char script[SCRIPT_MOST];
static size_t script_length;

/* Reads the script that uses all of the language. */
static int read_script(void **state)
{
    (void)state;
    int file = open(SHAKEDOWN_SOURCE_DIR "/corpus/scripts/language.pkt", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    ssize_t got = read(file, script, sizeof(script));
    script_length = got > 0 ? (size_t)got : 0;
    return close(file) == 0 && got > 0 && got < SCRIPT_MOST ? 0 : -1;
}

static void assert_value_sound(const struct value *value, unsigned height, struct span within)
{
    assert_in_range(value->height, 1, height);
    assert_in_range(value->at.offset, within.offset, within.offset + within.length);
    assert_in_range(value->at.offset + value->at.length, value->at.offset + 1, within.offset + within.length);
    if (value->kind == VALUE_STRING || value->kind == VALUE_NAME || value->kind == VALUE_CALL)
        assert_int_equal(value->text[value->text_length], '\0');
    for (size_t i = 0; i < value->count; i++)
        assert_value_sound(&value->items[i], value->height - 1, within);
    if (value->extent != NULL)
        assert_value_sound(value->extent, VALUE_HEIGHT_MOST, within);
}

static void assert_event_sound(const struct event *event)
{
    assert_true(event->time.start >= 0 && event->time.end >= event->time.start);
    assert_int_equal(event->at.offset, event->time.at.offset);
    if (event->kind == EVENT_CALL) {
        assert_int_equal(strlen(event->call.name), event->call.name_at.length);
        for (size_t i = 0; i < event->call.count; i++)
            assert_value_sound(&event->call.arguments[i], VALUE_HEIGHT_MOST, event->at);
        if (event->call.has_result)
            assert_value_sound(&event->call.result, VALUE_HEIGHT_MOST, event->at);
    } else if (event->kind == EVENT_COMMAND || event->kind == EVENT_CODE) {
        assert_in_range(event->body.length, 0, event->at.length);
    } else if (event->kind != EVENT_NOTHING) {
        assert_in_range(event->pattern.at.offset, event->at.offset, event->at.offset + event->at.length);
    }
}

static void assert_program_sound(const struct program *program)
{
    size_t behind = 0;
    for (size_t i = 0; i < program->event_count; i++) {
        const struct event *event = &program->events[i];
        assert_in_range(event->at.offset, behind, program->source.length);
        behind = event->at.offset + event->at.length;
        assert_in_range(behind, event->at.offset + 1, program->source.length);
        assert_event_sound(event);
    }
}

static void assert_diagnostics_sound(const struct parsed *parsed, size_t length)
{
    for (size_t i = 0; i < parsed->diagnostics.kept; i++) {
        struct span at = parsed->diagnostics.items[i].at;
        assert_in_range(at.offset, 0, length);
        /* A mark of two characters may be cut short by the end. */
        assert_in_range(at.length, 0, length - at.offset + 1);
    }
}

/* Parses LENGTH bytes, which need not be a script at all; true if they are one. */
static bool parse_anything(const char *bytes, size_t length)
{
    struct parsed parsed;
    parse_bytes(&parsed, bytes, length, NULL);
    bool done = parsed.done;
    if (done)
        assert_program_sound(&parsed.program);
    else
        assert_diagnostics_sound(&parsed, length);
    parsed_free(&parsed);
    return done;
}

static void the_whole_script_is_sound(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_bytes(&parsed, script, script_length, NULL);
    assert_string_equal(text_string(&parsed.errors), "");
    assert_int_equal(parsed.program.event_count, 21);
    assert_int_equal(parsed.program.option_count, 5);
    assert_int_equal(parsed.program.note_count, 7);
    assert_program_sound(&parsed.program);
    parsed_free(&parsed);
}

static void a_script_cut_short_anywhere_is_told_or_taken(void **state)
{
    (void)state;
    size_t sound = 0;
    for (size_t length = 0; length < script_length; length++) {
        char *exact = malloc(length + 1);
        assert_non_null(exact);
        memcpy(exact, script, length);
        sound += parse_anything(exact, length);
        free(exact);
    }
    /* A cut inside a word or between events leaves a script; one inside a list or a command does not. */
    assert_in_range(sound, 10, script_length / 2);
}

static void a_script_begun_anywhere_is_told_or_taken(void **state)
{
    (void)state;
    for (size_t start = 0; start < script_length; start++)
        (void)parse_anything(script + start, script_length - start);
}

static uint64_t random_state;

static size_t random_below(size_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % limit);
}

/* What mutations are made of, besides single bytes. */
static const char *const words[] = {"`",
                                    "%{",
                                    "}%",
                                    "/*",
                                    "*/",
                                    "//",
                                    "//: ",
                                    "#",
                                    "\n",
                                    "\"",
                                    "(",
                                    ")",
                                    "[",
                                    "]",
                                    "{",
                                    "}",
                                    ",",
                                    "...",
                                    "+0 ",
                                    "* ",
                                    "~",
                                    "<",
                                    ">",
                                    "|",
                                    "=",
                                    "0x",
                                    "99999999999999999999",
                                    "--",
                                    "\\",
                                    "-",
                                    "&",
                                    "nothing",
                                    "\r\n",
                                    "\t",
                                    "+0 f() = 0\n",
                                    "EAGAIN"};

/* Puts LENGTH bytes at WORD in the place of REMOVED bytes at OFFSET. */
static void text_splice(struct text *text, size_t offset, size_t removed, const char *word, size_t length)
{
    struct text spliced = text_growing();
    if (removed > text->length - offset)
        removed = text->length - offset;
    text_append_bytes(&spliced, text->data, offset);
    text_append_bytes(&spliced, word, length);
    text_append_bytes(&spliced, text->data + offset + removed, text->length - offset - removed);
    text_free(text);
    *text = spliced;
}

static void mutate(struct text *text)
{
    size_t offset = random_below(text->length + 1);
    const char *word = words[random_below(COUNT_OF(words))];
    char byte = (char)random_below(256);
    size_t from = random_below(script_length);
    switch (random_below(5)) {
    case 0:
        text_splice(text, offset, 1, &byte, 1);
        break;
    case 1:
        text_splice(text, offset, random_below(20), "", 0);
        break;
    case 2:
        text_splice(text, offset, 0, word, strlen(word));
        break;
    case 3:
        text_splice(text, offset, random_below(5), word, strlen(word));
        break;
    default:
        text_splice(text, offset, random_below(40), script + from, random_below(script_length - from));
        break;
    }
}

static void mutated_scripts_are_told_or_taken(void **state)
{
    (void)state;
    const char *seed = getenv("SHAKEDOWN_SEED");
    random_state = seed == NULL ? UINT64_C(0x9e3779b97f4a7c15) : strtoull(seed, NULL, 0) | 1;
    print_message("SHAKEDOWN_SEED=%#llx\n", (unsigned long long)random_state);
    for (size_t round = 0; round < 4000; round++) {
        struct text text = text_growing();
        text_append_bytes(&text, script, script_length);
        for (size_t count = 1 + random_below(6); count > 0; count--)
            mutate(&text);
        (void)parse_anything(text_string(&text), text.length);
        text_free(&text);
    }
}

static void a_nul_is_told(void **state)
{
    (void)state;
    static const char text[] = "//: title A\0\n0 close(3)\n";
    struct parsed parsed;
    parse_bytes(&parsed, text, sizeof(text) - 1, NULL);
    assert_string_equal(text_string(&parsed.errors), "1:12+1 a script is a text: it can't hold a NUL\n");
    parsed_free(&parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_script_is_sound),
        cmocka_unit_test(a_script_cut_short_anywhere_is_told_or_taken),
        cmocka_unit_test(a_script_begun_anywhere_is_told_or_taken),
        cmocka_unit_test(a_nul_is_told),
        cmocka_unit_test(mutated_scripts_are_told_or_taken),
    };
    return cmocka_run_group_tests(tests, read_script, NULL);
}
