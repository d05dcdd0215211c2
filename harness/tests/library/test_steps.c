/* SPDX-License-Identifier: MIT */
/* Segments, silence, lines of the language and time, on the live kernel. */
#include "stack_fixture.h"

static void test_a_segment_is_decoded(void **state)
{
    struct shakedown_stack *stack = *state;
    (void)listener_on(stack, AF_INET);
    shakedown_send(stack, "S %u:%u(0) win 65535 <mss 1400,sackOK,TS val 77 ecr 0,nop,wscale 5>", 1000U, 1000U);
    shakedown_expect(stack, "S. 500:500(0) ack 1001 <...>");
    assert_passed(stack);
    const struct shakedown_segment *segment = shakedown_last_segment(stack);
    assert_non_null(segment);
    assert_int_equal(segment->stack_port, 8080);
    assert_int_equal(segment->remote_port, 49152);
    assert_int_equal(segment->flags, SHAKEDOWN_SYN | SHAKEDOWN_ACK);
    assert_int_equal(segment->sequence, 500);
    assert_int_equal(segment->acknowledgment, 1001);
    assert_int_equal(segment->live_acknowledgment, 1001);
    assert_true(segment->window > 0);
    assert_int_equal(segment->mss, 1460);
    assert_true(segment->window_scale >= 0);
    assert_int_equal(segment->sack_permitted, 1);
    assert_int_equal(segment->has_timestamps, 1);
    assert_int_equal(segment->timestamp_echo, 77);
    assert_int_equal(segment->payload_length, 0);
    assert_true(segment->packet_length == 20 + 20 + segment->options_length);
    assert_true(segment->time > 0.0 && segment->time <= shakedown_now(stack));
    assert_non_null(strstr(segment->text, "8080 > 49152 S. "));
    size_t length = 0;
    const uint8_t *mss = shakedown_segment_option(segment, 2, &length);
    assert_non_null(mss);
    assert_int_equal(length, 2);
    assert_int_equal(mss[0] << 8 | mss[1], 1460);
    assert_null(shakedown_segment_option(segment, 19, &length));
}

static void test_a_verdict_sticks_until_it_is_cleared(void **state)
{
    struct shakedown_stack *stack = *state;
    (void)listener_on(stack, AF_INET);
    shakedown_send(stack, "S 0:0(0) win 1000 <mss 1000>");
    enum shakedown_verdict verdict = shakedown_expect(stack, "R. 0:0(0) ack 1");
    assert_failed(stack, "expected RST,ACK; got SYN,ACK");
    assert_non_null(strstr(shakedown_detail(stack), "+0 > R. 0:0(0) ack 1"));
    assert_non_null(strstr(shakedown_detail(stack), "Flags [S], seq 0"));
    assert_int_equal(shakedown_last_segment(stack)->flags, SHAKEDOWN_SYN | SHAKEDOWN_ACK);
    /* This one is not sent: nothing answers it later. */
    assert_int_equal(shakedown_send(stack, "40001 > 8080 S 0:0(0) win 1000"), verdict);
    assert_failed(stack, "expected RST,ACK; got SYN,ACK");
    shakedown_clear(stack);
    assert_string_equal(shakedown_headline(stack), "");
    assert_int_equal(shakedown_expect_nothing(stack, 0.05), SHAKEDOWN_PASS);
    assert_int_equal(shakedown_verdict(stack), SHAKEDOWN_PASS);
}

static void test_a_text_that_is_wrong_is_shown_with_a_caret(void **state)
{
    struct shakedown_stack *stack = *state;
    assert_int_equal(shakedown_send(stack, "S 0:0(0 win 1000"), SHAKEDOWN_ERROR);
    assert_string_equal(shakedown_detail(stack), "shakedown_send:1:14: error: expected `)`, found `win`\n"
                                                 "    +0 < S 0:0(0 win 1000\n"
                                                 "                 ^~~\n");
    shakedown_clear(stack);
    assert_int_equal(shakedown_call(stack, "getsockopt(3, SOL_SOCKET, SO_EROR, ..., ...)"), -ENOTRECOVERABLE);
    assert_non_null(strstr(shakedown_detail(stack), "did you mean `SO_ERROR`?"));
    shakedown_clear(stack);
    assert_passed(stack);
}

static void refused(struct shakedown_stack *stack, enum shakedown_verdict verdict, const char *headline)
{
    assert_int_equal(verdict, SHAKEDOWN_ERROR);
    assert_string_equal(shakedown_headline(stack), headline);
    shakedown_clear(stack);
}

static void test_a_text_is_what_the_function_takes(void **state)
{
    struct shakedown_stack *stack = *state;
    refused(stack, shakedown_expect(stack, "nothing"), "expected one segment, which the stack is to send");
    refused(stack, shakedown_send(stack, "S 0:0(0)\n+0 < S 0:0(0)"), "expected one segment to send");
    refused(stack, shakedown_perform(stack, "--mtu=1280\n+0 < S 0:0(0)"),
            "options are given when the stack is opened, not in a text");
    refused(stack, shakedown_perform(stack, "`true`\n+0 < S 0:0(0)"), "a command needs a time, such as `+0`");
    refused(stack, shakedown_perform(stack, "+0 %%{ pass }%%"),
            "code can't stand in a text: what it would say the program itself says");
}

static void test_silence_is_expected_and_broken(void **state)
{
    struct shakedown_stack *stack = *state;
    shakedown_send(stack, "R 0:0(0)");
    assert_int_equal(shakedown_expect_nothing(stack, 0.05), SHAKEDOWN_PASS);
    shakedown_send(stack, "S 0:0(0) win 1000");
    assert_int_not_equal(shakedown_expect_nothing(stack, 0.05), SHAKEDOWN_PASS);
    assert_non_null(strstr(shakedown_headline(stack), "expected silence; got RST,ACK"));
}

static void test_a_segment_that_does_not_come_is_a_fail_in_time(void **state)
{
    struct shakedown_stack *stack = *state;
    double before = shakedown_now(stack);
    shakedown_expect_within(stack, 0.1, "S 0:0(0) <...>");
    assert_true(shakedown_now(stack) - before >= 0.1);
    assert_failed(stack, "expected SYN; nothing came");
}

static void test_whatever_comes_is_received_in_order(void **state)
{
    struct shakedown_stack *stack = *state;
    int found = 1;
    assert_int_equal(shakedown_receive(stack, 0.0, &found), SHAKEDOWN_PASS);
    assert_false(found);
    assert_null(shakedown_last_segment(stack));
    shakedown_send(stack, "40001 > 8080 S 0:0(0) win 1000");
    shakedown_send(stack, "40002 > 8080 . 0:0(0) ack 7 win 1000");
    assert_int_equal(shakedown_receive(stack, 1.0, &found), SHAKEDOWN_PASS);
    assert_true(found);
    assert_int_equal(shakedown_last_segment(stack)->remote_port, 40001);
    assert_int_equal(shakedown_last_segment(stack)->flags, SHAKEDOWN_RST | SHAKEDOWN_ACK);
    shakedown_receive(stack, 1.0, &found);
    assert_true(found);
    assert_int_equal(shakedown_last_segment(stack)->remote_port, 40002);
    assert_int_equal(shakedown_last_segment(stack)->sequence, 7);
    assert_passed(stack);
}

static void test_bytes_are_sent_as_they_are(void **state)
{
    struct shakedown_stack *stack = *state;
    int found = 0;
    shakedown_send(stack, "S 5:5(0) win 1000");
    shakedown_expect(stack, "R. 0:0(0) ack 1");
    assert_passed(stack);
    uint8_t packet[128];
    size_t length = shakedown_last_segment(stack)->packet_length;
    memcpy(packet, shakedown_last_segment(stack)->packet, length);
    /* What the stack said, turned round: the addresses and the ports change places, and no checksum with them. */
    for (size_t i = 0; i < 4; i++) {
        uint8_t kept = packet[12 + i];
        packet[12 + i] = packet[16 + i];
        packet[16 + i] = kept;
    }
    for (size_t i = 0; i < 2; i++) {
        uint8_t kept = packet[20 + i];
        packet[20 + i] = packet[22 + i];
        packet[22 + i] = kept;
    }
    packet[33] = SHAKEDOWN_ACK;
    packet[37] = (uint8_t)(packet[37] + SHAKEDOWN_RST); /* of the checksum: a bit less there is a bit more here */
    assert_int_equal(shakedown_send_bytes(stack, packet, length), SHAKEDOWN_PASS);
    shakedown_receive(stack, 1.0, &found);
    assert_passed(stack);
    assert_true(found);
    assert_int_equal(shakedown_last_segment(stack)->flags, SHAKEDOWN_RST);
    assert_int_equal(shakedown_last_segment(stack)->live_sequence, 6);
}

static void test_a_program_that_takes_its_time_is_not_late(void **state)
{
    struct shakedown_stack *stack = *state;
    (void)listener_on(stack, AF_INET);
    shakedown_sleep(stack, 0.3);
    shakedown_send(stack, "S 0:0(0) win 1000 <mss 1000>");
    shakedown_sleep(stack, 0.3);
    shakedown_expect(stack, "S. 0:0(0) ack 1 <...>");
    shakedown_perform(stack, "+0 < . 1:1(0) ack 1 win 1000\n+.01 < P. 1:11(10) ack 1 win 1000\n+0 > . 1:1(0) ack 11");
    assert_passed(stack);
}

static void test_a_name_has_its_value_in_later_texts(void **state)
{
    struct shakedown_stack *stack = *state;
    (void)listener_on(stack, AF_INET);
    shakedown_send(stack, "S 0:0(0) win 1000 <mss 1000>");
    shakedown_expect(stack, "S. 0:0(0) ack 1 win $window <...>");
    assert_passed(stack);
    int window = shakedown_last_segment(stack)->window;
    shakedown_send(stack, "40001 > 8080 S 0:0(0) win $window <mss 1000>");
    shakedown_expect(stack, "8080 > 40001 S. 0:0(0) ack 1 win %d <...>", window);
    shakedown_expect_within(stack, 0.01, "40001 > 8080 S 0:0(0) win $other <...>");
    shakedown_clear(stack);
    assert_int_equal(shakedown_send(stack, "S 0:0(0) win $third"), SHAKEDOWN_ERROR);
    assert_non_null(strstr(shakedown_headline(stack), "`$third` has no value"));
}

static void test_times_are_waited_for(void **state)
{
    struct shakedown_stack *stack = *state;
    double start = shakedown_now(stack);
    shakedown_sleep(stack, 0.1);
    assert_true(shakedown_now(stack) >= start + 0.1);
    shakedown_sleep_until(stack, start + 0.15);
    assert_true(shakedown_now(stack) >= start + 0.15);
    shakedown_sleep(stack, -1.0);
    assert_passed(stack);
}

static void test_commands_run_where_the_stack_is(void **state)
{
    struct shakedown_stack *stack = *state;
    shakedown_perform(stack, "+0 `sysctl -q net.ipv4.tcp_timestamps=0`");
    (void)listener_on(stack, AF_INET);
    shakedown_send(stack, "S 0:0(0) win 1000 <mss 1000,sackOK,TS val 1 ecr 0>");
    shakedown_expect(stack, "S. 0:0(0) ack 1 <...>");
    assert_passed(stack);
    assert_false(shakedown_last_segment(stack)->has_timestamps);
    assert_int_equal(shakedown_perform(stack, "+0 `exit 3`"), SHAKEDOWN_ERROR);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_stack, teardown_stack)
    const struct CMUnitTest tests[] = {
        TEST(test_a_segment_is_decoded),
        TEST(test_a_verdict_sticks_until_it_is_cleared),
        TEST(test_a_text_that_is_wrong_is_shown_with_a_caret),
        TEST(test_a_text_is_what_the_function_takes),
        TEST(test_silence_is_expected_and_broken),
        TEST(test_a_segment_that_does_not_come_is_a_fail_in_time),
        TEST(test_whatever_comes_is_received_in_order),
        TEST(test_bytes_are_sent_as_they_are),
        TEST(test_a_program_that_takes_its_time_is_not_late),
        TEST(test_a_name_has_its_value_in_later_texts),
        TEST(test_times_are_waited_for),
        TEST(test_commands_run_where_the_stack_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
