/* SPDX-License-Identifier: MIT */
/* Scripts as texts. */
#include "collection_fixture.h"
#include "generate/words.h"
#include "generate/writer.h"
#include "script/program.h"

/* The script of that name; fails if there is none. */
static struct text script_named(const struct collected *collected, const char *name)
{
    const struct candidates *candidates = &collected->collection.candidates;
    struct text script = text_growing();
    bool found = false;
    for (size_t i = 0; i < candidates->count && !found; i++) {
        struct text own = text_growing();
        words_name(&own, &candidates->items[i]);
        found = candidates->items[i].chosen && strcmp(text_string(&own), name) == 0;
        if (found)
            script_write(&script, &candidates->items[i]);
        text_free(&own);
    }
    assert_true(found);
    return script;
}

static void a_script_reads_as_one_that_was_written_by_hand(void **state)
{
    struct text script = script_named(*state, "established-rst-seq-edge");
    assert_string_equal(text_string(&script), "//: title In ESTABLISHED a RST at RCV.NXT + RCV.WND is not answered\n"
                                              "//: requirement RFC9293 §3.10.7.4\n"
                                              "//: note written by shakedown spec generate\n"
                                              "\n"
                                              "// arrives RST when not acceptable\n"
                                              "\n"
                                              "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                                              "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                                              "+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n"
                                              "+0~+0.5 > SE?W?A? 0:0(0) <...>\n"
                                              "+0.3 < S. 1000:1000(0) ack 1 win 32792 <mss 1460>\n"
                                              "+0~+0.5 > . 1:1(0) ack 1 win $window\n"
                                              "\n"
                                              "+0.1 < R $window+1:$window+1(0) win 32792\n"
                                              "+0~+0.2 > nothing\n"
                                              "\n"
                                              "+0.1 < . 1:11(10) ack 1 win 32792\n"
                                              "+0~+0.5 > . 1:1(0) ack 11\n");
    text_free(&script);
}

static bool cites(const struct program *program)
{
    return program_note(program, "title") != NULL && program_note(program, "requirement") != NULL;
}

static void every_script_is_a_sound_one_with_a_title_and_a_requirement(void **state)
{
    const struct collected *collected = *state;
    const struct candidates *candidates = &collected->collection.candidates;
    for (size_t i = 0; i < candidates->count; i++) {
        struct text script = text_growing();
        struct arena arena = {0};
        struct diagnostics diagnostics = {.arena = &arena};
        struct program program;
        if (!candidates->items[i].chosen)
            continue;
        script_write(&script, &candidates->items[i]);
        const struct source source = {"generated.pkt", text_string(&script), script.length};
        const struct program_settings settings = {0};
        bool sound = program_parse(&source, &settings, &diagnostics, &program);
        if (!sound || diagnostics.count > 0)
            fail_msg("%s", text_string(&script));
        assert_true(cites(&program));
        program_free(&program);
        arena_free(&arena);
        text_free(&script);
    }
}

static void no_two_scripts_have_one_name(void **state)
{
    const struct collected *collected = *state;
    const struct candidates *candidates = &collected->collection.candidates;
    struct text names = text_growing();
    text_append_character(&names, '\n');
    for (size_t i = 0; i < candidates->count; i++) {
        struct text name = text_growing();
        if (!candidates->items[i].chosen)
            continue;
        text_append_character(&name, '\n');
        words_name(&name, &candidates->items[i]);
        text_append_character(&name, '\n');
        if (strstr(text_string(&names), text_string(&name)) != NULL)
            fail_msg("%s", text_string(&name));
        text_append_string(&names, text_string(&name) + 1);
        text_free(&name);
    }
    text_free(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_reads_as_one_that_was_written_by_hand),
        cmocka_unit_test(every_script_is_a_sound_one_with_a_title_and_a_requirement),
        cmocka_unit_test(no_two_scripts_have_one_name),
    };
    return cmocka_run_group_tests(tests, collected_setup, collected_teardown);
}
