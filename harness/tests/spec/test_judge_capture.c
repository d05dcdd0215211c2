/* SPDX-License-Identifier: MIT */
/*
 * The judge over captures: what a path may have done (lost, doubled, overtaken) is held against nobody, what a capture
 * lacks makes no fail, and a stack that is broken is found all the same.
 */
#include "spec_fixture.h"

#include <malloc.h>

#define TO_STACK   true
#define FROM_STACK false
#define OPENING                                                                                               \
    {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0}, {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, NULL, 0, 0}, \
    {                                                                                                         \
        1, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 0                                                          \
    }

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

#define JUDGE(exchange, told) judge_capture(exchange, told, COUNT_OF(told))
static enum verdict judge_capture(struct exchange *exchange, const struct told *told, size_t count)
{
    exchange_begin(exchange, false);
    exchange_tell_all(exchange, told, count);
    return exchange_end(exchange);
}

static void assert_inconclusive(struct exchange *exchange, const char *why)
{
    const struct judge_connection *connection = judge_connection_at(exchange->judge, 0);
    assert_int_equal(connection->verdict, VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(connection->reason, why));
}

static const struct told wrong[] = {
    {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
    {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1000, NULL, 0, 0},
};

static void a_wrong_number_in_the_handshake_is_a_fail(void **state)
{
    assert_int_equal(JUDGE(*state, wrong), VERDICT_FAIL);
}

/* Bits that nobody ever sends, an option that was not offered, text behind the FIN, an ACK of less than before: nothing
 * that a capture may lack explains them. */
static void what_no_packet_can_explain_is_a_fail(void **state)
{
    static const char scale[] = "\1\3\3\7";
    static const struct told bits[] = {OPENING, {5, FROM_STACK, TCP_SYN | TCP_FIN, 5001, 0, NULL, 0, 0}};
    static const struct told option[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, scale, 4, 0},
    };
    static const struct told text[] = {
        OPENING,
        {5, FROM_STACK, TCP_FIN | TCP_ACK, 5001, 1001, NULL, 0, 0},
        {1, TO_STACK, TCP_ACK, 1001, 5002, NULL, 0, 0},
        {5, FROM_STACK, TCP_ACK, 5002, 1001, NULL, 0, 10},
    };
    static const struct told less[] = {
        OPENING,
        {1, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 100},
        {1, FROM_STACK, TCP_ACK, 5001, 1101, NULL, 0, 0},
        {5, FROM_STACK, TCP_ACK, 5001, 1001, NULL, 0, 10},
    };
    assert_int_equal(JUDGE(*state, bits), VERDICT_FAIL);
    assert_int_equal(JUDGE(*state, option), VERDICT_FAIL);
    assert_int_equal(JUDGE(*state, text), VERDICT_FAIL);
    assert_int_equal(JUDGE(*state, less), VERDICT_FAIL);
}

/* The same in a run that saw all, or in a capture that is said to, is the stack's fault. */
#define ASSERT_EXPLAINED_BY_WHAT_IS_MISSING(exchange, told, why) \
    assert_explained_by_what_is_missing(exchange, told, COUNT_OF(told), why)
static void assert_explained_by_what_is_missing(struct exchange *exchange, const struct told *told, size_t count,
                                                const char *why)
{
    assert_int_equal(judge_capture(exchange, told, count), VERDICT_INCONCLUSIVE);
    assert_inconclusive(exchange, why);
    exchange_begin(exchange, true);
    exchange_tell_all(exchange, told, count);
    assert_int_equal(exchange_end(exchange), VERDICT_FAIL);
    exchange_begin(exchange, false);
    judge_take_for_complete(exchange->judge);
    exchange_tell_all(exchange, told, count);
    assert_int_equal(exchange_end(exchange), VERDICT_FAIL);
}

static void what_a_missing_packet_explains_is_no_fail(void **state)
{
    static const char stamps[] = "\1\1\10\12\0\0\0\7\0\0\0\1";
    static const char stamps_offered[] = "\1\1\10\12\0\0\0\1\0\0\0\0";
    static const char stamps_late[] = "\1\1\10\12\0\0\0\10\0\0\0\11";
    static const struct told syn_ack[] = {{10, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, NULL, 0, 0}};
    static const struct told another[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 778001, NULL, 0, 0},
    };
    static const struct told reset[] = {OPENING, {5, FROM_STACK, TCP_RST, 99999999, 0, NULL, 0, 0}};
    static const struct told window[] = {OPENING, {5, FROM_STACK, TCP_ACK, 6001, 1001, NULL, 0, 100}};
    static const struct told one_way[] = {
        {10, FROM_STACK, TCP_SYN, 5000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_ACK, 5001, 1001, NULL, 0, 0},
    };
    static const struct told echo[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, stamps_offered, 12, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, stamps, 12, 0},
        {1, TO_STACK, TCP_ACK, 1001, 5001, stamps, 12, 0},
        {1, FROM_STACK, TCP_ACK, 5001, 1001, stamps_late, 12, 10},
    };
    ASSERT_EXPLAINED_BY_WHAT_IS_MISSING(*state, syn_ack, "in one direction alone");
    ASSERT_EXPLAINED_BY_WHAT_IS_MISSING(*state, another, "a SYN that the capture lacks");
    ASSERT_EXPLAINED_BY_WHAT_IS_MISSING(*state, reset, "a segment that the capture lacks");
    ASSERT_EXPLAINED_BY_WHAT_IS_MISSING(*state, window, "a segment that the capture lacks");
    ASSERT_EXPLAINED_BY_WHAT_IS_MISSING(*state, one_way, "in one direction alone");
    ASSERT_EXPLAINED_BY_WHAT_IS_MISSING(*state, echo, "a segment that the capture lacks");
}

/* A wrong number, and then the peer's own word that another SYN was there. */
static void a_fail_is_taken_back_when_something_turns_out_to_be_missing(void **state)
{
    static const struct told told[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1003, NULL, 0, 0},
        {1, TO_STACK, TCP_ACK, 1003, 5701, NULL, 0, 0},
    };
    struct exchange *exchange = *state;
    assert_int_equal(judge_capture(exchange, told, 2), VERDICT_FAIL);
    assert_int_equal(JUDGE(exchange, told), VERDICT_INCONCLUSIVE);
    for (uint16_t i = 0; i < exchange->spec.clause_count; i++)
        assert_int_equal(judge_clause_tally(exchange->judge, i).violated, 0);
}

static void a_doubled_syn_ack_tells_nothing_new(void **state)
{
    static const struct told told[] = {
        OPENING,
        {1, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 100},
        {5, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, NULL, 0, 0},
        {1, FROM_STACK, TCP_ACK, 5001, 1101, NULL, 0, 0},
        {1, FROM_STACK, TCP_ACK, 5001, 1101, NULL, 0, 200},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_PASS);
}

static void an_ack_may_be_overtaken_by_a_later_one(void **state)
{
    static const struct told told[] = {
        OPENING,
        {1, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 100},
        {1, TO_STACK, TCP_ACK, 1101, 5001, NULL, 0, 100},
        {1, FROM_STACK, TCP_ACK, 5001, 1201, NULL, 0, 0},
        {1, FROM_STACK, TCP_ACK, 5001, 1101, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_PASS);
    exchange_begin(*state, true);
    exchange_tell_all(*state, told, COUNT_OF(told));
    assert_int_equal(exchange_end(*state), VERDICT_FAIL);
}

static void text_may_be_overtaken_by_a_reset(void **state)
{
    static const struct told told[] = {
        OPENING,
        {5, FROM_STACK, TCP_ACK, 5101, 1001, NULL, 0, 100},
        {1, FROM_STACK, TCP_RST | TCP_ACK, 5201, 1001, NULL, 0, 0},
        {1, FROM_STACK, TCP_ACK, 5001, 1001, NULL, 0, 100},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_PASS);
}

/* Where the capture was taken on the stack, one answer that is not there may be missing; not all. */
static void silence_on_the_stack_is_evidence_once_it_lasts(void **state)
{
    static const struct told other[] = {OPENING, {1, TO_STACK, TCP_RST, 1001, 0, NULL, 0, 0}};
    static const struct told told[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {1000, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {2000, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {4000, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
    };
    struct exchange *exchange = *state;
    for (size_t asked = 1; asked <= COUNT_OF(told); asked++) {
        exchange_begin_on_stack(exchange);
        exchange->port = 40001;
        exchange_tell_all(exchange, other, COUNT_OF(other));
        exchange->port = 0;
        exchange_tell_all(exchange, told, asked);
        assert_int_equal(exchange_end(exchange), asked == COUNT_OF(told) ? VERDICT_FAIL : VERDICT_INCONCLUSIVE);
    }
    exchange_begin_on_stack(exchange); /* one direction alone: nothing that the stack says is there */
    exchange_tell_all(exchange, told, COUNT_OF(told));
    assert_int_equal(exchange_end(exchange), VERDICT_INCONCLUSIVE);
    assert_inconclusive(exchange, "an answer that was due");
}

static void silence_is_no_evidence(void **state)
{
    static const struct told told[] = {
        {10, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
        {100000, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},
    };
    assert_int_equal(JUDGE(*state, told), VERDICT_PASS);
}

static void an_acknowledgment_of_what_was_not_captured_is_a_gap(void **state)
{
    static const struct told by_peer[] = {OPENING, {5, TO_STACK, TCP_ACK, 1001, 6001, NULL, 0, 0}};
    static const struct told by_stack[] = {OPENING, {5, FROM_STACK, TCP_ACK, 5001, 2001, NULL, 0, 0}};
    assert_int_equal(JUDGE(*state, by_peer), VERDICT_INCONCLUSIVE);
    assert_inconclusive(*state, "that the capture lacks");
    assert_int_equal(JUDGE(*state, by_stack), VERDICT_INCONCLUSIVE);
    assert_inconclusive(*state, "that the capture lacks");
}

static void what_began_before_the_capture_is_not_judged(void **state)
{
    static const struct told told[] = {{5, FROM_STACK, TCP_ACK, 5001, 2001, NULL, 0, 0}};
    assert_int_equal(JUDGE(*state, told), VERDICT_INCONCLUSIVE);
    assert_inconclusive(*state, "before the capture");
}

static void a_doubt_about_a_packet_is_one_about_its_connection(void **state)
{
    struct exchange *exchange = *state;
    exchange->doubt = "a fragment";
    assert_int_equal(JUDGE(exchange, wrong), VERDICT_INCONCLUSIVE);
    exchange->doubt = NULL;
    assert_inconclusive(exchange, "a fragment");
}

static void fails_of_a_capture_with_losses_do_not_count(void **state)
{
    struct exchange *exchange = *state;
    assert_int_equal(JUDGE(exchange, wrong), VERDICT_FAIL);
    judge_doubt_failures(exchange->judge, "lost");
    assert_int_equal(judge_verdict(exchange->judge), VERDICT_INCONCLUSIVE);
    assert_inconclusive(exchange, "lost");
}

static void a_fail_that_is_excused_is_a_pass(void **state)
{
    struct exchange *exchange = *state;
    assert_int_equal(JUDGE(exchange, wrong), VERDICT_FAIL);
    assert_int_equal(judge_violation_at(exchange->judge, 0)->flags, TCP_SYN | TCP_ACK);
    judge_excuse(exchange->judge, 0);
    assert_int_equal(judge_verdict(exchange->judge), VERDICT_PASS);
    assert_true(judge_connection_at(exchange->judge, 0)->excused);
}

/* Connections from port 1 on, one each tenth of a second, opened and closed. */
enum { CONNECTIONS = 20000 };
static void tell_each(struct exchange *exchange)
{
    const uint16_t fin = TCP_FIN | TCP_ACK;
    for (exchange->port = 1; exchange->port <= CONNECTIONS; exchange->port++) {
        const struct told told[] = {
            {94, TO_STACK, TCP_SYN, 1000, 0, NULL, 0, 0},   {1, FROM_STACK, TCP_SYN | TCP_ACK, 5000, 1001, NULL, 0, 0},
            {1, TO_STACK, TCP_ACK, 1001, 5001, NULL, 0, 0}, {1, TO_STACK, fin, 1001, 5001, NULL, 0, 0},
            {1, FROM_STACK, fin, 5001, 1002, NULL, 0, 0},   {2, TO_STACK, TCP_ACK, 1002, 5002, NULL, 0, 0},
        };
        exchange_tell_all(exchange, told, COUNT_OF(told));
    }
    exchange->port = 0;
}

static void tell_many(struct exchange *exchange)
{
    exchange_begin(exchange, false);
    tell_each(exchange);
}

static void connections_that_are_over_take_little_memory(void **state)
{
    struct exchange *exchange = *state;
    judge_close(exchange->judge);
    exchange->judge = NULL;
    size_t before = mallinfo2().uordblks;
    tell_many(exchange);
    size_t taken = mallinfo2().uordblks - before;
    assert_int_equal(judge_connection_count(exchange->judge), CONNECTIONS);
    if (taken > (size_t)CONNECTIONS * 800)
        fail_msg("%zu bytes a connection", taken / CONNECTIONS);
    assert_int_equal(exchange_end(exchange), VERDICT_PASS);
}

/* What is kept is no more than those that are open, and that went wrong, however many there were. */
static void connections_that_passed_are_forgotten_where_nobody_asks_for_them(void **state)
{
    struct exchange *exchange = *state;
    static const struct told late = {1, FROM_STACK, TCP_ACK, 5002, 1002, NULL, 0, 0};
    exchange_renew_judge(exchange);
    judge_forget_passed(exchange->judge);
    exchange_start(exchange, false);
    exchange->port = CONNECTIONS + 1;
    exchange_tell_all(exchange, wrong, COUNT_OF(wrong));
    tell_each(exchange);
    size_t kept = judge_connection_count(exchange->judge);
    assert_true(kept < CONNECTIONS / 2);
    assert_int_equal(kept + judge_forgotten_count(exchange->judge), CONNECTIONS + 1);
    exchange->port = 2; /* what is long over tells nothing */
    exchange_tell(exchange, &late);
    assert_int_equal(judge_connection_count(exchange->judge), kept);
    exchange->port = 3; /* another begins in its place, and goes wrong */
    exchange_tell_all(exchange, wrong, COUNT_OF(wrong));
    exchange->port = 0;
    assert_int_equal(judge_connection_count(exchange->judge), kept + 1);
    assert_int_equal(exchange_end(exchange), VERDICT_FAIL);
    size_t failed = 0;
    for (size_t i = 0; i < judge_connection_count(exchange->judge); i++)
        failed += judge_connection_at(exchange->judge, i)->verdict == VERDICT_FAIL;
    assert_int_equal(failed, 2);
}

static void a_connection_that_was_over_may_begin_anew(void **state)
{
    struct exchange *exchange = *state;
    static const struct told late = {1, FROM_STACK, TCP_ACK, 5002, 1002, NULL, 0, 0};
    static const struct told again[] = {
        {1, TO_STACK, TCP_SYN, 9000, 0, NULL, 0, 0},
        {1, FROM_STACK, TCP_SYN | TCP_ACK, 7000, 9002, NULL, 0, 0},
    };
    tell_many(exchange);
    exchange->port = 2; /* what is long over tells nothing */
    exchange_tell(exchange, &late);
    exchange->port = 1; /* another begins in its place, and goes wrong */
    exchange_tell_all(exchange, again, COUNT_OF(again));
    exchange->port = 0;
    assert_int_equal(exchange_end(exchange), VERDICT_FAIL);
    assert_int_equal(judge_connection_at(exchange->judge, 0)->verdict, VERDICT_FAIL);
    assert_int_equal(judge_connection_at(exchange->judge, 1)->verdict, VERDICT_PASS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_number_in_the_handshake_is_a_fail),
        cmocka_unit_test(what_no_packet_can_explain_is_a_fail),
        cmocka_unit_test(what_a_missing_packet_explains_is_no_fail),
        cmocka_unit_test(a_fail_is_taken_back_when_something_turns_out_to_be_missing),
        cmocka_unit_test(silence_on_the_stack_is_evidence_once_it_lasts),
        cmocka_unit_test(a_doubled_syn_ack_tells_nothing_new),
        cmocka_unit_test(an_ack_may_be_overtaken_by_a_later_one),
        cmocka_unit_test(text_may_be_overtaken_by_a_reset),
        cmocka_unit_test(silence_is_no_evidence),
        cmocka_unit_test(an_acknowledgment_of_what_was_not_captured_is_a_gap),
        cmocka_unit_test(what_began_before_the_capture_is_not_judged),
        cmocka_unit_test(a_doubt_about_a_packet_is_one_about_its_connection),
        cmocka_unit_test(fails_of_a_capture_with_losses_do_not_count),
        cmocka_unit_test(a_fail_that_is_excused_is_a_pass),
        cmocka_unit_test(connections_that_are_over_take_little_memory),
        cmocka_unit_test(connections_that_passed_are_forgotten_where_nobody_asks_for_them),
        cmocka_unit_test(a_connection_that_was_over_may_begin_anew),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
