/* SPDX-License-Identifier: MIT */
/* The specification's language: what is told of mistakes. */
#include "base/text_file.h"
#include "spec_fixture.h"

struct mistake {
    const char *text;
    const char *message;
};

static const struct mistake mistakes[] = {
    {"state LISTENN\n", "1:7: error: this state is not known; is `LISTEN` meant?"},
    {"arrives SYN\n", "1:1: error: no `state` or `rows` stands before this"},
    {"state LISTEN\narrives SIN\n", "2:9: error: this control bit is not known; is `SYN` meant?"},
    {"state LISTEN\narrives SYN when SEG.SEK = 1\n", "2:18: error: this name is not known; is `SEG.SEQ` meant?"},
    {"state LISTEN\narrives SYN when SEG.SEQ\n", "2:18: error: expected something true or false, and this is a number"},
    {"state LISTEN\narrives SYN\n  silent\n", "2:1: error: no clause says so"},
    {"state LISTEN\narrives SYN\n", "2:1: error: nothing is said of this"},
    {"state LISTEN\narrives SYN\n  silent\n  RFC9293 §3 RFC9293 §4\n", "4:3: error: expected one clause such as"},
    {"state LISTEN\narrives SYN\n  RFC9293 §3.10.7.2\n", "2:1: error: it is not said what is sent"},
    {"state LISTEN\narrives SYN\n  must send RST seq\n  RFC9293 §1\n", "3:20: error: expected a name, a number"},
    {"state LISTEN\nstate LISTEN\n", "2:7: error: this was already described"},
    {"stat LISTEN\n", "1:1: error: what this line begins with is not known; is `state` meant?"},
    {"choice a\n", "error: the states CLOSED, LISTEN, "},
    {"state LISTEN\narrives SYN\n  silent\n  silent\n  RFC9293 §1\n", "4:3: error: what is sent was already said"},
    {"state LISTEN\narrives SYN\n  go LISTN\n", "3:6: error: this state is not known; is `LISTEN` meant?"},
    {"state LISTEN\narrives SYN\n  clear PASIVE\n", "3:9: error: this fact is not known; is `PASSIVE` meant?"},
    {"state LISTEN\narrives SYN\n  clear\n", "3:8: error: expected a fact"},
    {"state LISTEN\narrives SYN\n  set SND.NTX = 1\n", "3:7: error: this variable is not known; is `SND.NXT`"},
    {"state LISTEN\narrives SYN\n  set ISS 1\n", "3:11: error: expected `=`"},
    {"state LISTEN\narrives SYN\n  choose a\n", "3:10: error: no `choice` line makes this choice known"},
    {"state LISTEN\narrives SYN\n  must ACK\n", "3:8: error: expected `send`"},
    {"state LISTEN\narrives SYN\n  must send ACK within R2\n", "3:24: error: this parameter is not known"},
    {"state LISTEN\narrives SYN when not ISS\n", "error: expected something true or false"},
    {"state LISTEN\narrives SYN when ISS in 1\n", "2:25: error: expected `[` or `(`"},
    {"state LISTEN\narrives SYN when (ISS = 1\n", "2:26: error: expected `)`"},
    {"state LISTEN\narrives SYN when PASSIVE + 1 = 2\n", "2:18: error: expected a number"},
    {"predicate p\n  ISS + ISS + ISS + ISS - ISS - ISS - ISS = 1\n",
     "2:42: error: there are more than 6 variables in this sum"},
    {"state LISTEN\nagain SYN\n", "2:10: error: expected `from`"},
    {"parameter R2 1\nstate LISTEN\nagain SYN from R2\n", "3:18: error: expected `doubling to`"},
    {"state LISTEN\nlapses R2\n", "2:8: error: expected `after`"},
    {"parameter R2 1\nstate LISTEN\nlapses after R2 of noise\n", "3:20: error: expected `silence`"},
    {"state LISTEN\ncalls CLOES\n", "2:7: error: this call is not known; is `CLOSE` meant?"},
    {"state LISTEN\nsends RST upon\n", "2:15: error: expected a call of the user's"},
    {"use all\n", "1:1: error: no `state` or `rows` stands before this"},
    {"rows all\nuse al\n", "2:5: error: the name of these rows is not known; is `all` meant?"},
    {"parameter\n", "1:10: error: expected the parameter's name"},
    {"parameter R2\n", "1:13: error: expected its value"},
    {"predicate\n", "1:10: error: expected the predicate's name"},
    {"choice\n", "1:7: error: expected the choice's name"},
    {"option mss\n", "1:11: error: expected the option's kind"},
    {"option mss 2\n  on SYN perhaps\n", "2:10: error: expected `never`, `may`, `if received` or `if agreed`"},
    {"option mss 2\n  on FIN may\n", "2:6: error: expected `SYN`, `SYN+ACK` or `RST`"},
    {"option mss 2\n  on SYN may\n", "1:1: error: no clause says so"},
    {"ecn\n  codes 010 011\n", "2:16: error: expected AE, CWR and ECE as three digits"},
    {"ecn\n  on SYN 012\n", "2:10: error: expected AE, CWR and ECE as three digits"},
    {"ecn\n  on SYN+ACK 000\n", "2:14: error: expected `to`, and what the SYN had"},
    {"ecn\n  on RST 000\n", "2:6: error: expected `SYN`, `SYN+ACK` or `ACK`"},
    {"ecn\n  on ACK 000\n", "2:10: error: expected `coded`"},
    {"ecn\n  on SYN 000\n", "1:1: error: no clause says so"},
    {"ecn\n  RFC3168 §6\necn\n", "3:1: error: this was already described"},
};

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
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

/* The first block of code behind `heading`. */
static void put_example(struct text *text, const char *document, const char *heading)
{
    const char *from = strstr(document, heading);
    assert_non_null(from);
    from = strstr(from, "```\n");
    assert_non_null(from);
    from += strlen("```\n");
    const char *to = strstr(from, "```\n");
    assert_non_null(to);
    text_append_bytes(text, from, (size_t)(to - from));
}

static void the_example_of_the_documentation_is_a_rule(void **state)
{
    (void)state;
    struct error error;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct spec spec;
    struct text document = text_growing();
    struct text text = text_growing();
    assert_true(text_file_read(SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", "specification", &text, &error));
    assert_true(text_file_read(SHAKEDOWN_SOURCE_DIR "/specs/README.md", "documentation", &document, &error));
    put_example(&text, text_string(&document), "### A rule in ten minutes");
    const struct source source = {"spec", text_string(&text), text.length};
    if (!spec_parse(&spec, &source, &diagnostics)) {
        text_clear(&document);
        diagnostics_print(&document, &source, &diagnostics);
        fail_msg("%s", text_string(&document));
    }
    text_free(&text);
    text_free(&document);
    spec_free(&spec);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(the_specification_describes_every_state),
        cmocka_unit_test(the_example_of_the_documentation_is_a_rule),
    };
    return cmocka_run_group_tests_name("parse_spec", tests, NULL, NULL);
}
