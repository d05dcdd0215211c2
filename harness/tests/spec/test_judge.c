/* SPDX-License-Identifier: MIT */
/* The judge, by the specification that the project comes with, over exchanges that are told here. */
#include "spec_fixture.h"

#define TO_STACK   true
#define FROM_STACK false

static int load(void **state)
{
    static struct exchange exchange;
    exchange_load(&exchange);
    *state = &exchange;
    return 0;
}

static int unload(void **state)
{
    exchange_free(*state);
    return 0;
}

/* The first violation cites CLAUSE. */
static void assert_cites(const struct exchange *exchange, const char *clause)
{
    assert_true(judge_violation_count(exchange->judge) > 0);
    const struct judge_violation *violation = judge_violation_at(exchange->judge, 0);
    for (uint16_t i = 0; i < violation->clause_count; i++)
        if (strcmp(exchange->spec.clauses[violation->clauses[i]], clause) == 0)
            return;
    fail_msg("%s is not cited: %s", clause, violation->text);
}

#define JUDGE(exchange, told) judge_exchange(exchange, told, COUNT_OF(told))
static enum verdict judge_exchange(struct exchange *exchange, const struct told *told, size_t count)
{
    exchange_begin(exchange, true);
    exchange_tell_all(exchange, told, count);
    return exchange_end(exchange);
}

static void handshakes_of_both_roles_pass(void **state)
{
    static const struct told passive[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},     {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, NULL, 0, 0},
        {1, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 0},   {1, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 100},
        {1, FROM_STACK, TCP_ACK, 5001, 1101, NULL, 0, 0},
    };
    static const struct told active[] = {
        {10, FROM_STACK, TCP_SYN, 4294967295, 0, NULL, 0, 0},
        {1, TO_STACK, TCP_SYN | TCP_ACK, 77, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_ACK, 0, 78, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, passive), VERDICT_PASS);
    assert_int_equal(JUDGE(*state, active), VERDICT_PASS);
}

static void a_wrong_acknowledgment_of_a_syn_is_a_violation(void **state)
{
    static const struct told told[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1000, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_FAIL);
    assert_cites(*state, "RFC9293 §3.10.7.2");
}

static void a_judge_that_is_started_again_knows_nothing_of_before(void **state)
{
    struct exchange *exchange = *state;
    static const struct told wrong[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1000, NULL, 0, 0},
    };
    /* Were anybody else at the port, silence would do. */
    static const struct told unanswered[] = {{10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0}};
    assert_int_equal(JUDGE(exchange, wrong), VERDICT_FAIL);
    judge_restart(exchange->judge);
    assert_int_equal(judge_verdict(exchange->judge), VERDICT_PASS);
    assert_int_equal(judge_connection_count(exchange->judge), 0);
    assert_int_equal(judge_violation_count(exchange->judge), 0);
    for (uint16_t i = 0; i < exchange->spec.clause_count; i++) {
        assert_int_equal(judge_clause_tally(exchange->judge, i).exercised, 0);
        assert_int_equal(judge_clause_tally(exchange->judge, i).violated, 0);
    }
    exchange_start(exchange, true);
    exchange_tell_all(exchange, unanswered, COUNT_OF(unanswered));
    assert_int_equal(exchange_end(exchange), VERDICT_FAIL);
    assert_int_equal(judge_violation_at(exchange->judge, 0)->event, 3);
}

static void an_answer_that_never_comes_is_a_violation(void **state)
{
    static const struct told told[] = {{10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0}};
    assert_int_equal(JUDGE(*state, told), VERDICT_FAIL);
}

static void a_reset_answered_with_a_reset_is_a_violation(void **state)
{
    static const struct told told[] = {
        {10, TO_STACK, TCP_RST, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_RST | TCP_ACK, 0, 1000, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_FAIL);
    assert_cites(*state, "RFC9293 §3.10.7.1");
}

static void a_closed_port_answers_with_a_reset(void **state)
{
    static const struct told told[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_RST | TCP_ACK, 0, 1001, NULL, 0, 0},
        {10, TO_STACK, TCP_ACK, 1000, 7, NULL, 0, 0},
        {1, FROM_STACK, TCP_RST, 7, 0, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_PASS);
}

static void what_was_sent_before_a_segment_was_taken_is_explained(void **state)
{
    /* The SYN-ACK is sent again while the last ACK is on its way. */
    static const struct told told[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, NULL, 0, 0},
        {1000, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 0},
        {0, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_PASS);
}

static void an_option_that_was_not_offered_is_a_violation(void **state)
{
    static const struct told told[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, "\3\3\7\1", 4, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_FAIL);
    assert_cites(*state, "RFC7323 §2.2");
}

static void a_syn_repeated_before_its_time_is_a_violation(void **state)
{
    static const struct told told[] = {
        {10, FROM_STACK, TCP_SYN, 5000, 0, NULL, 0, 0},
        {1000, FROM_STACK, TCP_SYN, 5000, 0, NULL, 0, 0},
        {1000, FROM_STACK, TCP_SYN, 5000, 0, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_FAIL);
    assert_cites(*state, "RFC6298 §5.5");
}

static void a_connection_seen_from_its_middle_is_inconclusive(void **state)
{
    static const struct told told[] = {
        {10, FROM_STACK, TCP_ACK, 5000, 1000, NULL, 0, 100},
        {1, TO_STACK, TCP_ACK, 1000, 5100, NULL, 0, 0},
    };
    exchange_begin(*state, false);
    exchange_tell_all(*state, told, COUNT_OF(told));
    assert_int_equal(exchange_end(*state), VERDICT_INCONCLUSIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshakes_of_both_roles_pass),
        cmocka_unit_test(a_wrong_acknowledgment_of_a_syn_is_a_violation),
        cmocka_unit_test(a_judge_that_is_started_again_knows_nothing_of_before),
        cmocka_unit_test(an_answer_that_never_comes_is_a_violation),
        cmocka_unit_test(a_reset_answered_with_a_reset_is_a_violation),
        cmocka_unit_test(a_closed_port_answers_with_a_reset),
        cmocka_unit_test(what_was_sent_before_a_segment_was_taken_is_explained),
        cmocka_unit_test(an_option_that_was_not_offered_is_a_violation),
        cmocka_unit_test(a_syn_repeated_before_its_time_is_a_violation),
        cmocka_unit_test(a_connection_seen_from_its_middle_is_inconclusive),
    };
    return cmocka_run_group_tests_name("judge", tests, load, unload);
}
