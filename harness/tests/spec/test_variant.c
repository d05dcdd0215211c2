/* SPDX-License-Identifier: MIT */
/* Amendments of a specification: what they replace, and what is told of one that makes no sense. */
#include "spec/variant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char base_text[] = "# of two states\n"
                                "state LISTEN\n"
                                "\n"
                                "arrives RST\n"
                                "  silent\n"
                                "  RFC1\n"
                                "\n"
                                "arrives SYN   when SEG.LEN = 1      # the first\n"
                                "  go SYN-RECEIVED\n"
                                "or\n"
                                "  silent\n"
                                "  RFC2\n"
                                "\n"
                                "rows more\n"
                                "arrives RST\n"
                                "  go CLOSED\n"
                                "  RFC3\n";
static const struct source base = {"base.spec", base_text, sizeof(base_text) - 1};

struct amended {
    struct variant variant;
    struct text text;
    struct text told;
    bool sound;
};

static struct amended amend(const char *text)
{
    const struct source source = {"some.spec", text, strlen(text)};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct amended made = {.text = text_growing(), .told = text_growing()};
    made.sound = variant_amend(&made.variant, &source, &base, &made.text, &diagnostics);
    assert_int_equal(made.sound, diagnostics.count == 0);
    diagnostics_print(&made.told, &source, &diagnostics);
    arena_free(&arena);
    return made;
}

static void end(struct amended *amended)
{
    text_free(&amended->text);
    text_free(&amended->told);
    variant_free(&amended->variant);
}

static void assert_amended(const char *text, const char *expected)
{
    struct amended made = amend(text);
    if (!made.sound)
        fail_msg("%s", text_string(&made.told));
    if (strstr(text_string(&made.text), expected) == NULL)
        fail_msg("not there: %s\nbut: %s", expected, text_string(&made.text));
    end(&made);
}

static void assert_told(const char *text, const char *message)
{
    struct amended made = amend(text);
    assert_false(made.sound);
    assert_int_equal(made.text.length, 0);
    if (strstr(text_string(&made.told), message) == NULL)
        fail_msg("not told: %s\nbut: %s", message, text_string(&made.told));
    end(&made);
}

static void a_row_gives_way_to_another(void **state)
{
    (void)state;
    assert_amended(
        "variant x\nstate LISTEN\ninstead of arrives SYN when SEG.LEN = 1\narrives SYN\n  go CLOSED\n  RFC4\n",
        "  RFC1\n\narrives SYN\n  go CLOSED\n  RFC4\n\n\nrows more\n");
}

static void a_row_can_be_left_out(void **state)
{
    (void)state;
    assert_amended("variant x\nstate LISTEN\ninstead of arrives SYN when SEG.LEN = 1 # not here\n",
                   "  RFC1\n\n\n\nrows more\n");
}

static void a_row_is_looked_for_under_its_own_head(void **state)
{
    (void)state;
    assert_amended("variant x\nrows more\ninstead of arrives RST\narrives RST\n  silent\n  RFC5",
                   "rows more\narrives RST\n  silent\n  RFC5\n");
}

static void what_is_said_and_assumed_is_kept(void **state)
{
    (void)state;
    struct amended made = amend("variant x\nsays It is  so.\nassume foreseen-numbers\n");
    assert_true(made.sound);
    assert_string_equal(made.variant.name, "x");
    assert_string_equal(made.variant.says, "It is so.");
    assert_true(made.variant.foreseen);
    assert_int_equal(made.variant.replaced, 0);
    assert_string_equal(text_string(&made.text), base_text);
    end(&made);
}

static void what_makes_no_sense_is_told(void **state)
{
    (void)state;
    assert_told("state LISTEN\ninstead of arrives RST\n", "no `variant` line");
    assert_told("variant x\ninstead of arrives RST\n", "some.spec:2:1: error: no `state` or `rows` stands before this");
    assert_told("variant x\nstate LISTEN\ninstead of arrives FIN\n",
                "some.spec:3:1: error: no row of `state LISTEN` begins with this line");
    assert_told("variant x\nstate LISTEN\narrives FIN\n", "some.spec:3:1: error: a line of a variant begins with");
    assert_told("variant x\nassume luck\n", "some.spec:2:1: error: what is assumed can only be");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_gives_way_to_another),
        cmocka_unit_test(a_row_can_be_left_out),
        cmocka_unit_test(a_row_is_looked_for_under_its_own_head),
        cmocka_unit_test(what_is_said_and_assumed_is_kept),
        cmocka_unit_test(what_makes_no_sense_is_told),
    };
    return cmocka_run_group_tests_name("variant", tests, NULL, NULL);
}
