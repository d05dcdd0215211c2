/* SPDX-License-Identifier: MIT */
/* The laws of a specification: the one that comes with the program keeps them all, and what breaks one is told. */
#include "base/text_file.h"
#include "spec/laws.h"
#include "spec_fixture.h"

static const char clause_unknown[] = "RFC9293 MUST-13";

static bool knows_all(const void *context, const char *clause)
{
    (void)context;
    (void)clause;
    return true;
}

static bool knows_all_but_one(const void *context, const char *clause)
{
    return strcmp(clause, context) != 0;
}

/* The specification with the first FROM behind SECTION replaced by TO. */
static void parse_changed(struct spec *spec, const char *section, const char *from, const char *to)
{
    struct text whole = text_growing();
    struct text changed = text_growing();
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct error error;
    assert_true(text_file_read(SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", "specification", &whole, &error));
    text_append_character(&whole, '\n');
    const char *text = text_string(&whole);
    const char *at = strstr(text, section);
    assert_non_null(at);
    at = strstr(at, from);
    assert_non_null(at);
    text_append_bytes(&changed, text, (size_t)(at - text));
    text_append_string(&changed, to);
    text_append_string(&changed, at + strlen(from));
    const struct source source = {"changed.spec", text_string(&changed), changed.length};
    if (!spec_parse(spec, &source, &diagnostics))
        fail_msg("%s", diagnostics.items[0].message);
    arena_free(&arena);
    text_free(&changed);
    text_free(&whole);
}

static void assert_told(const char *section, const char *from, const char *to, const char *message)
{
    struct spec spec;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct laws laws = {.knows_clause = knows_all};
    struct error error;
    struct text text = text_growing();
    parse_changed(&spec, section, from, to);
    assert_true(laws_check(&spec, &laws, &diagnostics, &error));
    diagnostics_print(&text, &spec.source, &diagnostics);
    if (strstr(text_string(&text), message) == NULL)
        fail_msg("not told: %s\nbut: %s", message, text_string(&text));
    text_free(&text);
    arena_free(&arena);
    spec_free(&spec);
}

static void our_specification_keeps_them(void **state)
{
    (void)state;
    struct exchange exchange;
    struct laws laws = {.knows_clause = knows_all};
    struct error error;
    exchange_load(&exchange);
    assert_true(laws_check(&exchange.spec, &laws, &exchange.diagnostics, &error));
    assert_int_equal(exchange.diagnostics.count, 0);
    assert_true(laws.looked_at[LAW_COMPLETE] > 50000);
    exchange_free(&exchange);
}

static void a_situation_without_a_row_is_told(void **state)
{
    (void)state;
    assert_told("state LISTEN", "arrives any\n", "arrives any when SEG.LEN != 0\n",
                "in LISTEN no row says what happens when a segment with no control bit arrives, without text");
}

static void a_row_that_contradicts_one_above_it_is_told(void **state)
{
    (void)state;
    assert_told("state SYN-SENT", "arrives RST+ACK when SEG.ACK not in (ISS, SND.NXT]", "arrives RST+ACK",
                "this row contradicts the one in line");
    assert_told("state LISTEN", "arrives SYN\n", "arrives SYN when SEG.SEQ = SEG.SEQ + 1\n",
                "nothing that can arrive fits this row");
}

static void a_reset_for_a_reset_is_told(void **state)
{
    (void)state;
    assert_told("state CLOSED", "arrives RST\n  silent", "arrives RST\n  must send RST  seq SEG.ACK",
                "in CLOSED this row answers a RST with a RST");
    assert_told("rows synchronized", "arrives RST when SEG.SEQ = RCV.NXT\n  forget\n  silent",
                "arrives RST when SEG.SEQ = RCV.NXT\n  forget\n  must send RST", "this row answers a RST with a RST");
}

static void an_outcome_that_the_rfc_does_not_allow_is_told(void **state)
{
    (void)state;
    assert_told("state CLOSED", "  must send RST  seq SEG.ACK\n", "  silent\n",
                "in CLOSED this row breaks RFC 9293 section 3.5.2: what is for no connection");
    assert_told("rows synchronized", "arrives RST when SEG.SEQ = RCV.NXT\n  forget\n  silent\n  go CLOSED",
                "arrives RST when SEG.SEQ = RCV.NXT\n  silent", "a RST at the next number ends a connection");
    assert_told("rows synchronized", "arrives RST when not acceptable\n  silent",
                "arrives RST when not acceptable\n  forget\n  silent\n  go CLOSED",
                "a RST outside the window does nothing");
    assert_told("rows synchronized", "  choose before-5961\n  must send RST\n", "  choose before-5961\n  silent\n",
                "a SYN on a connection draws an ACK or a RST");
    assert_told("state SYN-SENT", "  must send SYN+ACK  seq ISS  ack IRS + 1\n", "  silent\n",
                "a SYN, text or a FIN that is taken is acknowledged");
    assert_told("state CLOSE-WAIT", "  acknowledge\n", "", "an acknowledgment of something new is taken");
    assert_told("rows synchronized",
                "  must send ACK  seq SND.NXT  ack RCV.NXT  throttled\n  RFC9293 §3.10.7.4, RFC5961 §5.2",
                "  acknowledge\n  silent\n  RFC9293 §3.10.7.4, RFC5961 §5.2",
                "an acknowledgment of what was never sent is not taken");
    assert_told("state FIN-WAIT-2", "arrives ACK+FIN when in-order", "arrives ACK+FIN", "a FIN counts only once");
    assert_told("state TIME-WAIT", "when SEG.SEQ > RCV.NXT or", "when SEG.SEQ < RCV.NXT or",
                "no newer than the old connection");
}

static void an_arrow_of_figure_5_that_no_row_has_is_told(void **state)
{
    (void)state;
    assert_told("state CLOSED", "calls OPEN ", "calls SEND ", "in CLOSED no row has a passive OPEN lead to LISTEN");
    assert_told("state SYN-RECEIVED", "upon CLOSE  when within", "upon ABORT  when within",
                "in SYN-RECEIVED no row has CLOSE, which sends a FIN lead to FIN-WAIT-1");
    assert_told("state LAST-ACK", "calls ABORT", "calls RECEIVE", "in LAST-ACK no row has ABORT lead to CLOSED");
    assert_told("state CLOSING", "use times-out", "", "in CLOSING no row has the time-out lead to CLOSED");
    assert_told("state CLOSING", "sends FIN+ACK", "sends FIN", "in CLOSING no row has its FIN, sent again");
}

static void what_nobody_may_send_is_told(void **state)
{
    (void)state;
    assert_told("rows talks\n", "within-offered-window and ", "", "whose number is outside of what may be sent");
    assert_told("rows talks\n", " and acknowledges-what-came", "", "that acknowledges what never came");
    assert_told("state LISTEN", "sends SYN when SEG.SEQ != OLD.NXT - 1", "sends SYN",
                "that begins where the connection before began");
}

static void a_state_that_nothing_leads_to_is_told(void **state)
{
    (void)state;
    struct exchange exchange;
    struct laws laws = {.knows_clause = knows_all};
    struct error error;
    struct text text = text_growing();
    exchange_load(&exchange);
    for (uint16_t i = 0; i < exchange.spec.row_count; i++) {
        const struct spec_row *row = &exchange.spec.rows[i];
        for (uint16_t j = 0; j < row->outcome_count; j++)
            if (row->outcomes[j].next == SPEC_FIN_WAIT_2)
                ((struct spec_outcome *)(uintptr_t)&row->outcomes[j])->next = SPEC_STATE_COUNT;
    }
    assert_true(laws_check(&exchange.spec, &laws, &exchange.diagnostics, &error));
    diagnostics_print(&text, &exchange.spec.source, &exchange.diagnostics);
    assert_non_null(strstr(text_string(&text), "no sequence of rows leads from CLOSED to FIN-WAIT-2"));
    text_free(&text);
    exchange_free(&exchange);
}

static void a_clause_that_the_catalogue_lacks_is_told(void **state)
{
    (void)state;
    struct exchange exchange;
    struct laws laws = {.knows_clause = knows_all_but_one, .context = clause_unknown};
    struct error error;
    struct text text = text_growing();
    exchange_load(&exchange);
    assert_true(laws_check(&exchange.spec, &laws, &exchange.diagnostics, &error));
    assert_int_equal(exchange.diagnostics.count, 1);
    diagnostics_print(&text, &exchange.spec.source, &exchange.diagnostics);
    assert_non_null(strstr(text_string(&text), "this cites RFC9293 MUST-13, which the catalogue"));
    assert_non_null(strstr(text_string(&text), "tcp-handshake.spec:"));
    text_free(&text);
    exchange_free(&exchange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_specification_keeps_them),
        cmocka_unit_test(a_situation_without_a_row_is_told),
        cmocka_unit_test(a_row_that_contradicts_one_above_it_is_told),
        cmocka_unit_test(a_reset_for_a_reset_is_told),
        cmocka_unit_test(an_outcome_that_the_rfc_does_not_allow_is_told),
        cmocka_unit_test(an_arrow_of_figure_5_that_no_row_has_is_told),
        cmocka_unit_test(what_nobody_may_send_is_told),
        cmocka_unit_test(a_state_that_nothing_leads_to_is_told),
        cmocka_unit_test(a_clause_that_the_catalogue_lacks_is_told),
    };
    return cmocka_run_group_tests_name("laws", tests, NULL, NULL);
}
