/* SPDX-License-Identifier: MIT */
/*
 * Exchanges whose verdict is known, told over both IP versions and with numbers that wrap; and what becomes of the
 * verdicts when the specification lacks one of its rows.
 */
#include "base/text_file.h"
#include "exchange_text.h"

static struct exchange exchange;
static struct text texts[2];

static int load(void **state)
{
    static const char *const paths[] = {SHAKEDOWN_SOURCE_DIR "/harness/tests/spec/exchanges/handshake.exchange",
                                        SHAKEDOWN_SOURCE_DIR "/harness/tests/spec/exchanges/connection.exchange"};
    struct error error;
    (void)state;
    exchange_load(&exchange);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        texts[i] = text_growing();
        assert_true(text_file_read(paths[i], "exchanges", &texts[i], &error));
    }
    return 0;
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        text_free(&texts[i]);
    exchange_free(&exchange);
    return 0;
}

/* The next line that says `verdict`, with the exchange that it belongs to; NULL behind the last. */
static const char *next_verdict(const char *line, const char **name, const char **says)
{
    for (; *line != '\0'; line = line_after(line)) {
        (void)line_is(line, "exchange", name);
        if (line_is(line, "verdict", says))
            return line;
    }
    return NULL;
}

static enum verdict verdict_said(const char *says)
{
    if (strncmp(says, "pass\n", 5) == 0 || strncmp(says, "lax ", 4) == 0)
        return VERDICT_PASS;
    if (strncmp(says, "inconclusive\n", 13) == 0)
        return VERDICT_INCONCLUSIVE;
    assert_true(strncmp(says, "fail", 4) == 0);
    return VERDICT_FAIL;
}

/* True if some connection passes, but not strictly. */
static bool is_lax(void)
{
    bool lax = false;
    for (size_t i = 0; i < judge_connection_count(exchange.judge); i++)
        lax = lax || judge_connection_at(exchange.judge, i)->lax;
    return lax;
}

/* True if the last violation cites what stands behind `fail` or `lax`. */
static bool cites(const char *says)
{
    says = strpbrk(says, " \n");
    if (*says == '\n')
        return true;
    const struct judge_violation *violation =
        judge_violation_at(exchange.judge, judge_violation_count(exchange.judge) - 1);
    size_t length = strcspn(says + 1, "\n");
    for (uint16_t i = 0; i < violation->clause_count; i++) {
        const char *clause = exchange.spec.clauses[violation->clauses[i]];
        if (strlen(clause) == length && strncmp(clause, says + 1, length) == 0)
            return true;
    }
    return false;
}

static bool is_as_said(const struct telling *telling, const char *line, const char *name, const char *says, bool tell)
{
    enum verdict verdict = tell_exchange(&exchange, *telling, line);
    bool lax = strncmp(says, "lax ", 4) == 0;
    bool right = verdict == verdict_said(says) && (verdict == VERDICT_FAIL || lax == is_lax()) &&
                 (judge_violation_count(exchange.judge) == 0 || cites(says));
    if (!right && tell) {
        print_error("%.*s: not as said: %.*s\n", (int)strcspn(name, "\n"), name, (int)strcspn(says, "\n"), says);
        if (judge_violation_count(exchange.judge) > 0)
            print_error("  %s\n", judge_violation_at(exchange.judge, 0)->text);
        else if (judge_connection_at(exchange.judge, 0)->reason != NULL)
            print_error("  %s\n", judge_connection_at(exchange.judge, 0)->reason);
    }
    return right;
}

/* How many exchanges have another verdict than is said; stops at the first if TELL is false. */
static size_t wrong_verdicts(const struct telling *how, bool tell)
{
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct telling telling = *how;
        const char *name = "";
        const char *says;
        telling.text = text_string(&texts[i]);
        for (const char *line = telling.text; (line = next_verdict(line, &name, &says)) != NULL;
             line = line_after(line)) {
            wrong += !is_as_said(&telling, line_after(line), name, says, tell);
            if (wrong > 0 && !tell)
                return wrong;
        }
    }
    return wrong;
}

static void exchanges_have_the_verdicts_that_they_say(void **state)
{
    (void)state;
    const struct telling plain = {.ipv6 = false};
    assert_int_equal(wrong_verdicts(&plain, true), 0);
}

static void the_ip_version_makes_no_difference(void **state)
{
    (void)state;
    const struct telling ipv6 = {.ipv6 = true};
    assert_int_equal(wrong_verdicts(&ipv6, true), 0);
}

static void numbers_wrap(void **state)
{
    (void)state;
    /* All of the numbers that come up pass 2^32, in turn. */
    for (uint32_t i = 0; i < 40; i++) {
        const struct telling shifted = {.local_shift = UINT32_MAX - 4990 - i, .remote_shift = UINT32_MAX - 990 - i};
        assert_int_equal(wrong_verdicts(&shifted, true), 0);
    }
}

/* A copy of the list without the row NUMBER, which may not be in it. */
static struct spec_state_rows rows_without(const struct spec_state_rows *rows, uint16_t number)
{
    struct spec_state_rows fewer = {.described = true};
    const struct spec_row **list = calloc((size_t)rows->count + 1, sizeof(struct spec_row *));
    assert_non_null(list);
    for (uint16_t i = 0; i < rows->count; i++)
        if (rows->rows[i]->number != number)
            list[fewer.count++] = rows->rows[i];
    fewer.rows = list;
    return fewer;
}

static size_t wrong_without_row(const struct spec *whole, uint16_t number)
{
    const struct telling plain = {.ipv6 = false};
    exchange.spec = *whole;
    exchange.spec.everywhere = rows_without(&whole->everywhere, number);
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        exchange.spec.states[i] = rows_without(&whole->states[i], number);
    size_t wrong = wrong_verdicts(&plain, false);
    free((void *)exchange.spec.everywhere.rows);
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++)
        free((void *)exchange.spec.states[i].rows);
    exchange.spec = *whole;
    return wrong;
}

static void without_any_of_its_rows_a_verdict_changes(void **state)
{
    (void)state;
    const struct spec whole = exchange.spec;
    const struct telling plain = {.ipv6 = false};
    size_t idle = 0;
    assert_int_equal(wrong_verdicts(&plain, false), 0);
    for (uint16_t i = 0; i < whole.row_count; i++) {
        if (wrong_without_row(&whole, i) > 0)
            continue;
        uint32_t number = source_position(&whole.source, whole.rows[i].at.offset).line;
        print_error("no verdict depends on the row in line %u\n", number);
        idle++;
    }
    assert_int_equal(idle, 0);
}

static void without_any_of_its_options_a_verdict_changes(void **state)
{
    (void)state;
    const struct telling plain = {.ipv6 = false};
    const struct spec whole = exchange.spec;
    struct spec_option fewer[32];
    assert_true(whole.option_count <= COUNT_OF(fewer));
    for (uint16_t i = 0; i < whole.option_count; i++) {
        exchange.spec = whole;
        exchange.spec.options = fewer;
        exchange.spec.option_count = 0;
        for (uint16_t j = 0; j < whole.option_count; j++)
            if (j != i)
                fewer[exchange.spec.option_count++] = whole.options[j];
        if (wrong_verdicts(&plain, false) == 0)
            fail_msg("no verdict depends on the option %s", whole.options[i].name);
    }
    exchange.spec = whole;
    exchange.spec.ecn.given = false;
    assert_true(wrong_verdicts(&plain, false) > 0);
    exchange.spec = whole;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchanges_have_the_verdicts_that_they_say),
        cmocka_unit_test(the_ip_version_makes_no_difference),
        cmocka_unit_test(numbers_wrap),
        cmocka_unit_test(without_any_of_its_rows_a_verdict_changes),
        cmocka_unit_test(without_any_of_its_options_a_verdict_changes),
    };
    return cmocka_run_group_tests_name("exchanges", tests, load, unload);
}
