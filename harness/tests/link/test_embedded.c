/* SPDX-License-Identifier: MIT */
#include "link/embedded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct link *link;
    nanoseconds now;
    size_t packets;
    uint8_t last;
};

static void take(void *context, struct bytes packet)
{
    struct fixture *fixture = context;
    fixture->packets++;
    fixture->last = packet.data[0];
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct error error;
    assert_non_null(fixture);
    const struct link_embedded_peer peer = {fixture, take, &fixture->now};
    assert_true(link_embedded_open(&peer, &fixture->link, &error));
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    link_close(fixture->link);
    free(fixture);
    return 0;
}

static void gives_packets_to_the_peer_at_its_own_time(void **state)
{
    struct fixture *fixture = *state;
    const uint8_t data[] = {7, 8};
    struct link_frame sent;
    struct error error;
    fixture->now = 42;
    assert_true(link_send(fixture->link, (struct bytes){data, sizeof(data)}, &sent, &error));
    assert_int_equal(fixture->packets, 1);
    assert_int_equal(fixture->last, 7);
    assert_int_equal(sent.time.earliest, 42);
    assert_int_equal(sent.time.latest, 42);
}

static void gives_back_what_came_in_its_order_and_time(void **state)
{
    struct fixture *fixture = *state;
    struct link_frame frame;
    struct error error;
    bool came = true;
    assert_true(link_next(fixture->link, &frame, &came, &error));
    assert_false(came);
    for (uint8_t i = 0; i < 200; i++) {
        uint8_t data[300] = {i};
        fixture->now = i;
        link_embedded_put(fixture->link, (struct bytes){data, sizeof(data)});
    }
    for (int i = 0; i < 200; i++) {
        assert_true(link_embedded_waiting(fixture->link));
        assert_true(link_next(fixture->link, &frame, &came, &error));
        assert_true(came);
        assert_int_equal(frame.packet.length, 300);
        assert_int_equal(frame.packet.data[0], i);
        assert_int_equal(frame.time.latest, i);
    }
    assert_false(link_embedded_waiting(fixture->link));
}

static void forgets_what_came_when_it_is_cleared(void **state)
{
    struct fixture *fixture = *state;
    const uint8_t data[] = {1};
    link_embedded_put(fixture->link, (struct bytes){data, sizeof(data)});
    link_embedded_clear(fixture->link);
    assert_false(link_embedded_waiting(fixture->link));
}

static void says_so_when_a_stack_floods(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t data[65000];
    struct link_frame frame;
    struct error error;
    bool came;
    for (int i = 0; i < 2000; i++)
        link_embedded_put(fixture->link, (struct bytes){data, sizeof(data)});
    assert_false(link_next(fixture->link, &frame, &came, &error));
    assert_int_equal(error.code, ERROR_LINK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gives_packets_to_the_peer_at_its_own_time, setup, teardown),
        cmocka_unit_test_setup_teardown(gives_back_what_came_in_its_order_and_time, setup, teardown),
        cmocka_unit_test_setup_teardown(forgets_what_came_when_it_is_cleared, setup, teardown),
        cmocka_unit_test_setup_teardown(says_so_when_a_stack_floods, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
