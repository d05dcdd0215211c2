/* SPDX-License-Identifier: MIT */
/* The specification's language: what is told of mistakes. */
#include "spec_fixture.h"

struct mistake {
    const char *text;
    const char *message;
};

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"state LISTENN\n", "1:7: error: this state is not known; is `LISTEN` meant?"},
        {"arrives SYN\n", "1:1: error: no `state` or `rows` stands before this"},
        {"state LISTEN\narrives SIN\n", "2:9: error: this control bit is not known; is `SYN` meant?"},
        {"state LISTEN\narrives SYN when SEG.SEK = 1\n", "2:18: error: this name is not known; is `SEG.SEQ` meant?"},
        {"state LISTEN\narrives SYN when SEG.SEQ\n",
         "2:18: error: expected something true or false, and this is a number"},
        {"state LISTEN\narrives SYN\n  silent\n", "2:1: error: no clause says so"},
        {"state LISTEN\narrives SYN\n  RFC9293 §3.10.7.2\n", "2:1: error: it is not said what is sent"},
        {"state LISTEN\narrives SYN\n  must send RST seq\n  RFC9293 §1\n", "3:20: error: expected a name, a number"},
        {"state LISTEN\nstate LISTEN\n", "2:7: error: this was already described"},
        {"stat LISTEN\n", "1:1: error: no `state` or `rows` stands before this"},
        {"choice a\n", "error: the state CLOSED is not described"},
    };
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct arena arena = {0};
        struct diagnostics diagnostics = {.arena = &arena};
        struct spec spec;
        struct text text = text_growing();
        const struct source source = {"spec", mistakes[i].text, strlen(mistakes[i].text)};
        assert_false(spec_parse(&spec, &source, &diagnostics));
        diagnostics_print(&text, &source, &diagnostics);
        if (strstr(text_string(&text), mistakes[i].message) == NULL)
            fail_msg("expected %s in:\n%s", mistakes[i].message, text_string(&text));
        text_free(&text);
        spec_free(&spec);
        arena_free(&arena);
    }
}

static void the_specification_describes_every_state(void **state)
{
    (void)state;
    struct exchange exchange;
    exchange_load(&exchange);
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        assert_true(exchange.spec.states[i].count > 0);
    exchange_free(&exchange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(the_specification_describes_every_state),
    };
    return cmocka_run_group_tests_name("parse_spec", tests, NULL, NULL);
}
