/* SPDX-License-Identifier: MIT */
#include "engine/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct packet segment(uint16_t flags, uint32_t sequence, uint32_t acknowledgment)
{
    return (struct packet){
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        .tcp = {.flags = flags, .sequence = sequence, .acknowledgment = acknowledgment},
    };
}

static struct pattern expecting(uint16_t flags, uint32_t sequence)
{
    return (struct pattern){
        .packet = segment(flags, sequence, 0),
        .given = FIELD_BIT(FIELD_FLAGS) | FIELD_BIT(FIELD_SEQUENCE),
    };
}

static void inject(struct connection *connection, uint16_t flags, uint32_t sequence, uint32_t acknowledgment)
{
    struct packet packet = segment(flags, sequence, acknowledgment);
    connection_to_live(connection, &packet);
    connection_note_injected(connection, &packet);
}

static struct packet see(struct connection *connection, const struct pattern *pattern, struct packet live)
{
    struct packet script = live;
    connection_to_script(connection, pattern, &script);
    connection_note_seen(connection, pattern, &live);
    return script;
}

static void before_any_isn_numbers_are_literal(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct packet packet = segment(TCP_ACK, 500, 777);
    connection_to_live(&connection, &packet);
    assert_int_equal(packet.tcp.sequence, 500);
    assert_int_equal(packet.tcp.acknowledgment, 777);
    struct pattern pattern = expecting(TCP_RST, 777);
    struct packet answer = see(&connection, &pattern, segment(TCP_RST, 777, 0));
    assert_int_equal(answer.tcp.sequence, 777);
}

static void a_passive_open_maps_both_ways(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn_ack = expecting(TCP_SYN | TCP_ACK, 0);
    inject(&connection, TCP_SYN, 1000, 0);
    struct packet seen = see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 0xfffffff0, 1001));
    assert_int_equal(seen.tcp.sequence, 0);
    assert_int_equal(seen.tcp.acknowledgment, 1001);

    struct packet ack = segment(TCP_ACK, 1, 1);
    connection_to_live(&connection, &ack);
    assert_int_equal(ack.tcp.sequence, 1001);
    assert_int_equal(ack.tcp.acknowledgment, 0xfffffff1);

    struct pattern data = expecting(TCP_ACK, 1);
    seen = see(&connection, &data, segment(TCP_ACK, 0xfffffff1, 1011));
    assert_int_equal(seen.tcp.sequence, 1);
    assert_int_equal(seen.tcp.acknowledgment, 11);
}

static void an_active_open_acknowledges_the_live_isn(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn = expecting(TCP_SYN, 0);
    struct packet seen = see(&connection, &syn, segment(TCP_SYN, 4000, 0));
    assert_int_equal(seen.tcp.sequence, 0);
    struct packet syn_ack = segment(TCP_SYN | TCP_ACK, 70, 1);
    connection_to_live(&connection, &syn_ack);
    assert_int_equal(syn_ack.tcp.sequence, 70);
    assert_int_equal(syn_ack.tcp.acknowledgment, 4001);
    connection_note_injected(&connection, &syn_ack);
    struct pattern ack = expecting(TCP_ACK, 1);
    seen = see(&connection, &ack, segment(TCP_ACK, 4001, 71));
    assert_int_equal(seen.tcp.sequence, 1);
    assert_int_equal(seen.tcp.acknowledgment, 1);
}

static void a_retransmitted_syn_with_another_isn_is_noticed(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn_ack = expecting(TCP_SYN | TCP_ACK, 0);
    inject(&connection, TCP_SYN, 0, 0);
    (void)see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 9000, 1));
    struct packet again = see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 9005, 1));
    assert_int_equal(again.tcp.sequence, 5);
}

static void an_incarnation_after_a_reset_has_isns_of_its_own(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn_ack = expecting(TCP_SYN | TCP_ACK, 0);
    inject(&connection, TCP_SYN, 90, 0);
    (void)see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 300, 91));
    struct packet reset = segment(TCP_RST, 1, 0);
    connection_to_live(&connection, &reset);
    assert_int_equal(reset.tcp.sequence, 91);
    connection_note_injected(&connection, &reset);
    inject(&connection, TCP_SYN, 100, 0);
    struct packet seen = see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 400, 101));
    assert_int_equal(seen.tcp.sequence, 0);
    struct packet ack = segment(TCP_ACK, 1, 1);
    connection_to_live(&connection, &ack);
    assert_int_equal(ack.tcp.sequence, 101);
    assert_int_equal(ack.tcp.acknowledgment, 401);
}

static void a_challenge_ack_leaves_the_numbers_as_they_were(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn_ack = expecting(TCP_SYN | TCP_ACK, 0);
    struct pattern ack = expecting(TCP_ACK, 1);
    inject(&connection, TCP_SYN, 0, 0);
    (void)see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 300, 1));
    inject(&connection, TCP_SYN, 5000, 0);
    struct packet challenge = see(&connection, &ack, segment(TCP_ACK, 301, 1));
    assert_int_equal(challenge.tcp.sequence, 1);
    assert_int_equal(challenge.tcp.acknowledgment, 1);
    struct packet reset = segment(TCP_RST, 1, 0);
    connection_to_live(&connection, &reset);
    assert_int_equal(reset.tcp.sequence, 1);
}

static void an_ignored_reset_does_not_forget_the_numbers(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn_ack = expecting(TCP_SYN | TCP_ACK, 0);
    struct pattern ack = expecting(TCP_ACK, 1);
    inject(&connection, TCP_SYN, 0, 0);
    (void)see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 300, 1));
    inject(&connection, TCP_RST, 900000, 0);
    inject(&connection, TCP_SYN, 1, 0);
    struct packet challenge = see(&connection, &ack, segment(TCP_ACK, 301, 1));
    assert_int_equal(challenge.tcp.sequence, 1);
    assert_int_equal(challenge.tcp.acknowledgment, 1);
}

static void a_reset_of_no_connection_answers_the_latest_syn(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern reset = expecting(TCP_RST | TCP_ACK, 0);
    inject(&connection, TCP_SYN, 100, 0);
    struct packet seen = see(&connection, &reset, segment(TCP_RST | TCP_ACK, 0, 101));
    assert_int_equal(seen.tcp.sequence, 0);
    assert_int_equal(seen.tcp.acknowledgment, 1);
    inject(&connection, TCP_SYN, 5000, 0);
    seen = see(&connection, &reset, segment(TCP_RST | TCP_ACK, 0, 5001));
    assert_int_equal(seen.tcp.acknowledgment, 1);
}

static void a_second_syn_ack_counts_once_it_is_the_one_acknowledged(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn = expecting(TCP_SYN, 0);
    struct pattern ack = expecting(TCP_ACK, 1);
    (void)see(&connection, &syn, segment(TCP_SYN, 4000, 0));
    inject(&connection, TCP_SYN | TCP_ACK, 300, 91);
    struct pattern reset = expecting(TCP_RST, 91);
    struct packet seen = see(&connection, &reset, segment(TCP_RST, 4091, 0));
    assert_int_equal(seen.tcp.sequence, 91);
    inject(&connection, TCP_SYN | TCP_ACK, 400, 1);
    seen = see(&connection, &ack, segment(TCP_ACK, 4001, 401));
    assert_int_equal(seen.tcp.sequence, 1);
    assert_int_equal(seen.tcp.acknowledgment, 1);
    struct packet data = segment(TCP_ACK, 1, 1);
    connection_to_live(&connection, &data);
    assert_int_equal(data.tcp.sequence, 401);
}

static void isns_wrap(void **state)
{
    (void)state;
    struct connection connection = {0};
    struct pattern syn_ack = expecting(TCP_SYN | TCP_ACK, 0);
    inject(&connection, TCP_SYN, 0xffffffff, 0);
    struct packet seen = see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 0xffffffff, 0));
    assert_int_equal(seen.tcp.acknowledgment, 0);
    struct packet ack = segment(TCP_ACK, 1, 1);
    connection_to_live(&connection, &ack);
    assert_int_equal(ack.tcp.sequence, 0);
    assert_int_equal(ack.tcp.acknowledgment, 0);
}

static void an_echo_is_the_live_value_of_what_the_script_saw(void **state)
{
    (void)state;
    struct connection connection = {0};
    assert_int_equal(connection_echo_to_live(&connection, 42), 42);
    connection_note_timestamp(&connection, 100, 500000, 0);
    connection_note_timestamp(&connection, 300, 500123, 0);
    assert_int_equal(connection_echo_to_live(&connection, 100), 500000);
    assert_int_equal(connection_echo_to_live(&connection, 300), 500123);
    assert_int_equal(connection_echo_to_live(&connection, 110), 500010);
    assert_int_equal(connection_echo_to_live(&connection, 0), 0);
    assert_int_equal(connection_timestamp_to_script(&connection, 500007), 107);
}

static void old_timestamps_make_room_for_new_ones(void **state)
{
    (void)state;
    struct connection connection = {0};
    for (uint32_t i = 0; i < 3 * CONNECTION_TIMESTAMPS_MOST; i++)
        connection_note_timestamp(&connection, 1000 + i, 7 * i, 0);
    uint32_t last = 3 * CONNECTION_TIMESTAMPS_MOST - 1;
    assert_int_equal(connection_echo_to_live(&connection, 1000 + last), 7 * last);
    assert_int_equal(connection.timestamp_count, CONNECTION_TIMESTAMPS_MOST);
}

static void blocks_of_sack_map_both_ways(void **state)
{
    (void)state;
    static const uint8_t written[] = {1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 3, 0xe9};
    uint8_t options[sizeof(written)];
    struct connection connection = {0};
    struct pattern syn_ack = expecting(TCP_SYN | TCP_ACK, 0);
    inject(&connection, TCP_SYN, 1000, 0);
    (void)see(&connection, &syn_ack, segment(TCP_SYN | TCP_ACK, 0xfffffff0, 1001));

    memcpy(options, written, sizeof(options));
    connection_sack_to_live(&connection, TCP_ACK, options, sizeof(options));
    assert_int_equal(load_be32(options + 4), 0xfffffff1);
    assert_int_equal(load_be32(options + 8), 1001 - 16);

    memcpy(options, written, sizeof(options));
    store_be32(options + 4, 1001);
    store_be32(options + 8, 2001);
    connection_sack_to_script(&connection, TCP_ACK, options, sizeof(options));
    assert_memory_equal(options, written, sizeof(options));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_any_isn_numbers_are_literal),
        cmocka_unit_test(a_passive_open_maps_both_ways),
        cmocka_unit_test(an_active_open_acknowledges_the_live_isn),
        cmocka_unit_test(a_retransmitted_syn_with_another_isn_is_noticed),
        cmocka_unit_test(an_incarnation_after_a_reset_has_isns_of_its_own),
        cmocka_unit_test(a_challenge_ack_leaves_the_numbers_as_they_were),
        cmocka_unit_test(an_ignored_reset_does_not_forget_the_numbers),
        cmocka_unit_test(a_reset_of_no_connection_answers_the_latest_syn),
        cmocka_unit_test(a_second_syn_ack_counts_once_it_is_the_one_acknowledged),
        cmocka_unit_test(isns_wrap),
        cmocka_unit_test(an_echo_is_the_live_value_of_what_the_script_saw),
        cmocka_unit_test(old_timestamps_make_room_for_new_ones),
        cmocka_unit_test(blocks_of_sack_map_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
