/* SPDX-License-Identifier: MIT */
/* Both ends of connections, followed by the specification that the project comes with. */
#include "spec/peer.h"

#include "packet/packet.h"
#include "spec_fixture.h"

enum { CLIENT, SERVER, ENDS };

struct ends {
    struct exchange exchange; /* for its specification alone */
    struct peer *peers[ENDS];
    nanoseconds now;
};

static int load(void **state)
{
    static struct ends ends;
    struct error error;
    ends = (struct ends){.now = 0};
    exchange_load(&ends.exchange);
    ends.peers[CLIENT] = peer_open(&ends.exchange.spec, SPEC_CLOSED, &error);
    ends.peers[SERVER] = peer_open(&ends.exchange.spec, SPEC_LISTEN, &error);
    *state = &ends;
    return ends.peers[CLIENT] != NULL && ends.peers[SERVER] != NULL ? 0 : -1;
}

static int unload(void **state)
{
    struct ends *ends = *state;
    peer_close(ends->peers[CLIENT]);
    peer_close(ends->peers[SERVER]);
    exchange_free(&ends->exchange);
    return 0;
}

/* A segment of FROM's, as bytes that live until the next one. */
static struct bytes segment_of(size_t from, uint16_t flags, uint32_t sequence, uint32_t acknowledgment)
{
    static uint8_t wire[64];
    struct error error;
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct packet packet = {.network = NETWORK_IPV4, .transport = TRANSPORT_TCP};
    packet.ipv4.time_to_live = 64;
    memcpy(packet.ipv4.source, (uint8_t[]){192, 0, 2, (uint8_t)(1 + from)}, 4);
    memcpy(packet.ipv4.destination, (uint8_t[]){192, 0, 2, (uint8_t)(2 - from)}, 4);
    packet.tcp = (struct tcp_header){.source_port = (uint16_t)(1000 + from),
                                     .destination_port = (uint16_t)(1001 - from),
                                     .sequence = sequence,
                                     .acknowledgment = acknowledgment,
                                     .flags = flags,
                                     .window = 1000};
    assert_true(packet_build(&packet, &writer, &error));
    return byte_writer_written(&writer);
}

/* FROM sends it, and it arrives at the other end. */
static void passes(struct ends *ends, size_t from, struct bytes segment)
{
    ends->now += NANOSECONDS_PER_MILLISECOND;
    assert_true(peer_sends(ends->peers[from], segment, ends->now));
    assert_true(peer_arrives(ends->peers[1 - from], segment, ends->now));
}

static void assert_state(const struct ends *ends, size_t end, enum spec_state expected)
{
    enum spec_state state;
    assert_true(peer_state(ends->peers[end], &state));
    assert_string_equal(spec_state_name(state), spec_state_name(expected));
}

static void assert_number(const struct ends *ends, size_t end, enum spec_variable variable, uint32_t expected)
{
    uint32_t value;
    if (!peer_number(ends->peers[end], variable, &value))
        fail_msg("%s is not known", spec_variable_name(variable));
    assert_int_equal(value, expected);
}

static void both_ends_hold_each_others_number(void **state)
{
    struct ends *ends = *state;
    uint32_t value;
    passes(ends, CLIENT, segment_of(CLIENT, TCP_SYN, UINT32_MAX, 0));
    assert_state(ends, CLIENT, SPEC_SYN_SENT);
    assert_state(ends, SERVER, SPEC_SYN_RECEIVED);
    assert_number(ends, CLIENT, SPEC_ISS, UINT32_MAX);
    assert_number(ends, CLIENT, SPEC_SND_NXT, 0);
    assert_number(ends, SERVER, SPEC_IRS, UINT32_MAX);
    assert_number(ends, SERVER, SPEC_RCV_NXT, 0);
    assert_false(peer_number(ends->peers[SERVER], SPEC_ISS, &value));
    assert_false(peer_number(ends->peers[CLIENT], SPEC_IRS, &value));
    passes(ends, SERVER, segment_of(SERVER, TCP_SYN | TCP_ACK, 5000, 0));
    assert_state(ends, CLIENT, SPEC_ESTABLISHED);
    assert_state(ends, SERVER, SPEC_SYN_RECEIVED);
    assert_number(ends, CLIENT, SPEC_SND_UNA, 0);
    assert_number(ends, SERVER, SPEC_SND_UNA, 5000);
    passes(ends, CLIENT, segment_of(CLIENT, TCP_ACK, 0, 5001));
    assert_state(ends, CLIENT, SPEC_ESTABLISHED);
    assert_state(ends, SERVER, SPEC_ESTABLISHED);
    assert_number(ends, CLIENT, SPEC_IRS, 5000);
    assert_number(ends, SERVER, SPEC_SND_UNA, 5001);
}

static void what_no_rule_allows_changes_nothing(void **state)
{
    struct ends *ends = *state;
    passes(ends, CLIENT, segment_of(CLIENT, TCP_SYN, 1000, 0));
    assert_false(peer_sends(ends->peers[SERVER], segment_of(SERVER, TCP_SYN | TCP_ACK, 5000, 1000), ends->now));
    assert_state(ends, SERVER, SPEC_SYN_RECEIVED);
    passes(ends, SERVER, segment_of(SERVER, TCP_SYN | TCP_ACK, 5000, 1001));
    assert_state(ends, CLIENT, SPEC_ESTABLISHED);
}

static void the_rule_that_took_a_segment_is_told(void **state)
{
    struct ends *ends = *state;
    assert_null(peer_rule(ends->peers[SERVER]));
    passes(ends, CLIENT, segment_of(CLIENT, TCP_SYN, 1000, 0));
    const struct spec_row *rule = peer_rule(ends->peers[SERVER]);
    assert_non_null(rule);
    assert_string_equal(ends->exchange.spec.clauses[rule->clauses[0]], "RFC9293 \xc2\xa7"
                                                                       "3.10.7.2");
    assert_null(peer_rule(ends->peers[CLIENT]));
}

static void a_connection_is_refused(void **state)
{
    struct ends *ends = *state;
    assert_true(peer_sends(ends->peers[CLIENT], segment_of(CLIENT, TCP_SYN, 1000, 0), 0));
    assert_true(peer_arrives(ends->peers[CLIENT], segment_of(SERVER, TCP_RST | TCP_ACK, 0, 1001), 0));
    assert_state(ends, CLIENT, SPEC_CLOSED);
}

static void syns_cross_and_make_one_connection(void **state)
{
    struct ends *ends = *state;
    assert_true(peer_sends(ends->peers[CLIENT], segment_of(CLIENT, TCP_SYN, 1000, 0), 0));
    assert_true(peer_arrives(ends->peers[CLIENT], segment_of(SERVER, TCP_SYN, 5000, 0), 0));
    assert_state(ends, CLIENT, SPEC_SYN_RECEIVED);
    assert_true(peer_sends(ends->peers[CLIENT], segment_of(CLIENT, TCP_SYN | TCP_ACK, 1000, 5001), 0));
    assert_true(peer_arrives(ends->peers[CLIENT], segment_of(SERVER, TCP_SYN | TCP_ACK, 5000, 1001), 0));
    assert_state(ends, CLIENT, SPEC_ESTABLISHED);
    assert_number(ends, CLIENT, SPEC_IRS, 5000);
}

static void a_connection_ends_on_both_sides(void **state)
{
    struct ends *ends = *state;
    passes(ends, CLIENT, segment_of(CLIENT, TCP_SYN, 1000, 0));
    passes(ends, SERVER, segment_of(SERVER, TCP_SYN | TCP_ACK, 5000, 1001));
    passes(ends, CLIENT, segment_of(CLIENT, TCP_ACK, 1001, 5001));
    passes(ends, CLIENT, segment_of(CLIENT, TCP_FIN | TCP_ACK, 1001, 5001));
    assert_state(ends, CLIENT, SPEC_FIN_WAIT_1);
    assert_state(ends, SERVER, SPEC_CLOSE_WAIT);
    passes(ends, SERVER, segment_of(SERVER, TCP_ACK, 5001, 1002));
    assert_state(ends, CLIENT, SPEC_FIN_WAIT_2);
    passes(ends, SERVER, segment_of(SERVER, TCP_FIN | TCP_ACK, 5001, 1002));
    assert_state(ends, CLIENT, SPEC_TIME_WAIT);
    assert_state(ends, SERVER, SPEC_LAST_ACK);
    passes(ends, CLIENT, segment_of(CLIENT, TCP_ACK, 1002, 5002));
    assert_state(ends, SERVER, SPEC_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_ends_hold_each_others_number, load, unload),
        cmocka_unit_test_setup_teardown(what_no_rule_allows_changes_nothing, load, unload),
        cmocka_unit_test_setup_teardown(the_rule_that_took_a_segment_is_told, load, unload),
        cmocka_unit_test_setup_teardown(a_connection_is_refused, load, unload),
        cmocka_unit_test_setup_teardown(syns_cross_and_make_one_connection, load, unload),
        cmocka_unit_test_setup_teardown(a_connection_ends_on_both_sides, load, unload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
