/* SPDX-License-Identifier: MIT */
/* The specification drawn, shown, and counted. */
#include "report/row_coverage.h"
#include "report/row_text.h"
#include "report/state_graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct fixture {
    struct spec spec;
    struct arena arena;
    struct text text;
};

static struct fixture fixture;

static int setup(void **state)
{
    struct error error;
    (void)state;
    fixture = (struct fixture){.text = text_growing()};
    struct diagnostics diagnostics = {.arena = &fixture.arena};
    return spec_load(&fixture.spec, SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", &diagnostics, &error) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    spec_free(&fixture.spec);
    arena_free(&fixture.arena);
    text_free(&fixture.text);
    return 0;
}

static void has(const char *wanted)
{
    if (strstr(text_string(&fixture.text), wanted) == NULL)
        fail_msg("no `%s` in\n%s", wanted, text_string(&fixture.text));
}

static void has_not(const char *unwanted)
{
    assert_null(strstr(text_string(&fixture.text), unwanted));
}

static void every_state_is_drawn_once_and_closed_twice(void **state)
{
    (void)state;
    state_graph_print(&fixture.text, &fixture.spec, NULL);
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "<B>%s</B>", spec_state_name(i));
        const char *first = strstr(text_string(&fixture.text), name);
        assert_non_null(first);
        assert_int_equal(strstr(first + 1, name) != NULL, i == SPEC_CLOSED);
    }
}

static void arrows_have_bits_and_rules(void **state)
{
    (void)state;
    state_graph_print(&fixture.text, &fixture.spec, NULL);
    has("n1 -> n3 [label=\"SYN / SYN+ACK\\n\", tooltip=\"arrives SYN when SEG.COOKIE != 0\\n    RFC7413 §4.1, ");
    /* What is part of another line is a line all the same. */
    has("n5 -> n6 [label=\"ACK / ACK\\nACK\\n\"");
    has_not("penwidth=");
}

static void what_ends_a_connection_anywhere_is_no_arrow(void **state)
{
    (void)state;
    state_graph_print(&fixture.text, &fixture.spec, NULL);
    has_not("n4 -> n11");
    has("ends by\\nRST\\n");
    has("n9 -> n11 [label=\"ACK\\n\"");
}

static void what_was_met_is_painted(void **state)
{
    struct row_coverage coverage;
    const struct spec_state_rows *rows = &fixture.spec.states[SPEC_CLOSED];
    (void)state;
    assert_true(row_coverage_make(&coverage, &fixture.spec));
    for (uint16_t i = 0; i < rows->count; i++)
        if (rows->rows[i]->kind == SPEC_ROW_SENDS)
            coverage.times[(size_t)SPEC_CLOSED * fixture.spec.row_count + rows->rows[i]->number] = 7;
    state_graph_print(&fixture.text, &fixture.spec, &coverage);
    has("met 7 times");
    has("color=\"#1a7f37\"");
    has("color=\"#cf222e\"");
    text_clear(&fixture.text);
    row_coverage_print(&fixture.text, &coverage);
    has("CLOSED: 1 of ");
    has("        7  sends SYN when SEG.SEQ != OLD.NXT - 1\n");
    has("      not  arrives RST\n");
    row_coverage_free(&coverage);
}

static void a_state_is_shown_with_its_rows_as_they_stand(void **state)
{
    (void)state;
    state_text(&fixture.text, &fixture.spec, SPEC_CLOSED, NULL);
    has("\n  arrives any without ACK\n      must send RST+ACK  seq 0  ack SEG.SEQ + SEG.LEN\n      RFC9293 "
        "§3.10.7.1\n");
    has_not("#");
}

static void all_states_are_shown_by_what_leads_out(void **state)
{
    (void)state;
    states_text(&fixture.text, &fixture.spec);
    has("CLOSED, 5 rows\n");
    has("    calls OPEN  go LISTEN\n");
    has_not("arrives any without ACK");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_state_is_drawn_once_and_closed_twice),   TEST(arrows_have_bits_and_rules),
        TEST(what_ends_a_connection_anywhere_is_no_arrow),  TEST(what_was_met_is_painted),
        TEST(a_state_is_shown_with_its_rows_as_they_stand), TEST(all_states_are_shown_by_what_leads_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
