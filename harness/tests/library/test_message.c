/* SPDX-License-Identifier: MIT */
/* What goes over the channel comes back as it was; what is no message is refused, and touches nothing. */
#include "library/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <unistd.h>

struct channel {
    int ends[2];
    struct message_buffer buffer;
    struct error error;
};

static int set_up(void **state)
{
    struct channel *channel = test_calloc(1, sizeof(*channel));
    *state = channel;
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel->ends);
}

static int tear_down(void **state)
{
    struct channel *channel = *state;
    message_buffer_free(&channel->buffer);
    if (channel->ends[0] >= 0)
        (void)close(channel->ends[0]);
    (void)close(channel->ends[1]);
    test_free(channel);
    return 0;
}

static struct bytes bytes_of(const char *string)
{
    return (struct bytes){(const uint8_t *)string, strlen(string)};
}

/* Puts COUNT bytes on the channel, and nothing behind them. */
static void give(struct channel *channel, const void *bytes, size_t count)
{
    assert_int_equal(send(channel->ends[0], bytes, count, MSG_NOSIGNAL), count);
    assert_int_equal(close(channel->ends[0]), 0);
    channel->ends[0] = -1;
}

static void an_order_comes_as_it_was(void **state)
{
    struct channel *channel = *state;
    const struct order order = {ORDER_WAIT, -5, bytes_of("+0 close(3) = 0")};
    struct order came;
    assert_true(order_send(channel->ends[0], &order, &channel->error));
    assert_true(order_receive(channel->ends[1], &channel->buffer, &came, &channel->error));
    assert_int_equal(came.kind, ORDER_WAIT);
    assert_int_equal(came.span, -5);
    assert_true(bytes_equal(came.text, order.text));
}

static void an_answer_comes_as_it_was(void **state)
{
    struct channel *channel = *state;
    const struct answer answer = {.verdict = VERDICT_FAIL,
                                  .origin = 7,
                                  .headline = bytes_of("expected silence"),
                                  .found = true,
                                  .value = -1,
                                  .call_failed = 11,
                                  .packet = bytes_of("EEEE"),
                                  .time = 99,
                                  .sequence = 0xffffffff,
                                  .acknowledgment = 1};
    struct answer came;
    assert_true(answer_send(channel->ends[0], &answer, &channel->error));
    assert_true(answer_receive(channel->ends[1], &channel->buffer, NANOSECONDS_NEVER, &came, &channel->error));
    assert_int_equal(came.verdict, VERDICT_FAIL);
    assert_true(bytes_equal(came.headline, answer.headline));
    assert_true(bytes_equal(came.packet, answer.packet));
    assert_int_equal(came.detail.length + came.output.length, 0);
    assert_true(came.found && came.origin == 7 && came.value == -1 && came.call_failed == 11);
    assert_true(came.time == 99 && came.sequence == 0xffffffff && came.acknowledgment == 1);
}

static const struct garbage {
    uint8_t bytes[24];
    size_t count;
    enum error_code code;
} garbage[] = {
    {{0}, 0, ERROR_INTERRUPTED},                   /* nothing at all */
    {{0, 0, 0}, 3, ERROR_INTERRUPTED},             /* a length cut short */
    {{0, 0, 0, 0}, 4, ERROR_MALFORMED},            /* an empty message */
    {{0, 0, 0, 9, 1}, 5, ERROR_INTERRUPTED},       /* less than was announced */
    {{255, 255, 255, 255, 1}, 5, ERROR_TOO_LARGE}, /* more than any message has */
    {{0, 0, 0, 1, 200}, 5, ERROR_MALFORMED},       /* of no kind */
    {{0, 0, 0, 13, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}, 17, ERROR_MALFORMED}, /* a text beyond its end */
    {{0, 0, 0, 13, 200}, 17, ERROR_MALFORMED}, /* all there, but of no kind */
};

static void garbage_is_no_order(void **state)
{
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        struct channel *channel = *state;
        struct order order = {.span = 77};
        give(channel, garbage[i].bytes, garbage[i].count);
        assert_false(order_receive(channel->ends[1], &channel->buffer, &order, &channel->error));
        assert_int_equal(channel->error.code, garbage[i].code);
        assert_int_equal(order.span, 77);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

static void garbage_is_no_answer(void **state)
{
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        struct channel *channel = *state;
        struct answer answer = {.value = 77};
        give(channel, garbage[i].bytes, garbage[i].count);
        assert_false(answer_receive(channel->ends[1], &channel->buffer, NANOSECONDS_NEVER, &answer, &channel->error));
        assert_int_equal(channel->error.code, garbage[i].code);
        assert_int_equal(answer.value, 77);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

static void nothing_in_time_is_told(void **state)
{
    struct channel *channel = *state;
    struct answer answer;
    assert_false(answer_receive(channel->ends[1], &channel->buffer, clock_now(), &answer, &channel->error));
    assert_int_equal(channel->error.code, ERROR_TIMED_OUT);
}

static void an_end_that_is_gone_is_told_without_a_signal(void **state)
{
    struct channel *channel = *state;
    const struct order order = {ORDER_SEND, 0, bytes_of("x")};
    give(channel, "", 0);
    assert_false(order_send(channel->ends[1], &order, &channel->error));
    assert_int_equal(channel->error.code, ERROR_INTERRUPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_order_comes_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_comes_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(garbage_is_no_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(garbage_is_no_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_in_time_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_end_that_is_gone_is_told_without_a_signal, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
