/* SPDX-License-Identifier: MIT */
/* Calls with plain arguments and as texts, on the live kernel. */
#include "stack_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>

static void test_what_a_call_returns_is_the_programs_to_judge(void **state)
{
    struct shakedown_stack *stack = *state;
    assert_int_equal(shakedown_socket(stack, AF_INET, SOCK_STREAM, 0), 3);
    assert_int_equal(shakedown_socket(stack, AF_INET, 77, 0), -EINVAL);
    assert_int_equal(shakedown_call(stack, "socket(..., SOCK_STREAM, IPPROTO_TCP) = 7"), 7);
    assert_int_equal(shakedown_socket(stack, AF_INET, SOCK_STREAM, 0), 4);
    assert_int_equal(shakedown_listen(stack, 7, 1), 0);
    assert_int_equal(shakedown_bind(stack, 7, NULL, 0), -EINVAL);
    assert_int_equal(shakedown_call(stack, "bind(7, ..., ...) = -1 EINVAL"), -EINVAL);
    assert_int_equal(shakedown_close_descriptor(stack, 3), 0);
    assert_int_equal(shakedown_socket(stack, AF_INET, SOCK_STREAM, 0), 3);
    assert_passed(stack);
}

static void test_what_a_text_says_of_a_call_must_be_so(void **state)
{
    struct shakedown_stack *stack = *state;
    assert_int_equal(shakedown_call(stack, "socket(..., 77, 0) = 3"), -ENOTRECOVERABLE);
    assert_failed(stack, "socket() returned -1 (EINVAL) instead of 3");
}

static void test_addresses_go_in_and_out(void **state)
{
    struct shakedown_stack *stack = *state;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(81)};
    socklen_t length = sizeof(in);
    assert_int_equal(inet_pton(AF_INET, "198.51.100.1", &in.sin_addr), 1);
    int listener = shakedown_socket(stack, AF_INET, SOCK_STREAM, 0);
    assert_int_equal(shakedown_bind(stack, listener, (const struct sockaddr *)&in, sizeof(in)), 0);
    assert_int_equal(shakedown_listen(stack, listener, 1), 0);
    memset(&in, 0, sizeof(in));
    assert_int_equal(shakedown_getsockname(stack, listener, (struct sockaddr *)&in, &length), 0);
    assert_int_equal(length, sizeof(in));
    assert_int_equal(ntohs(in.sin_port), 81);
    assert_int_equal(shakedown_bind(stack, listener, (const struct sockaddr *)&in, 3), -EAFNOSUPPORT);

    shakedown_send(stack, "40000 > 81 S 0:0(0) win 1000 <mss 1000>");
    shakedown_expect(stack, "81 > 40000 S. 0:0(0) ack 1 <...>");
    shakedown_send(stack, ". 1:1(0) ack 1");
    length = sizeof(in);
    int accepted = shakedown_accept(stack, listener, (struct sockaddr *)&in, &length);
    assert_int_equal(accepted, 4);
    assert_int_equal(ntohs(in.sin_port), 40000);
    length = 2;
    assert_int_equal(shakedown_getpeername(stack, accepted, (struct sockaddr *)&in, &length), 0);
    assert_int_equal(length, sizeof(in));
    assert_passed(stack);
}

static void test_ipv6_addresses_go_in_and_out(void **state)
{
    (void)state;
    struct shakedown_settings settings = {.size = sizeof(settings), .ip = SHAKEDOWN_IPV6};
    struct shakedown_stack *stack = shakedown_open(&settings);
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(81)};
    socklen_t length = sizeof(in6);
    assert_int_equal(inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr), 1);
    int listener = shakedown_socket(stack, AF_INET6, SOCK_STREAM, 0);
    assert_int_equal(shakedown_bind(stack, listener, (const struct sockaddr *)&in6, sizeof(in6)), 0);
    in6.sin6_port = 0;
    assert_int_equal(shakedown_getsockname(stack, listener, (struct sockaddr *)&in6, &length), 0);
    assert_int_equal(ntohs(in6.sin6_port), 81);
    assert_passed(stack);
    shakedown_close(stack);
}

static void test_all_bytes_go_in_and_out(void **state)
{
    struct shakedown_stack *stack = *state;
    int connection = connection_on(stack);
    uint8_t sent[256];
    uint8_t got[300];
    for (size_t i = 0; i < sizeof(sent); i++)
        sent[i] = (uint8_t)i;
    assert_int_equal(shakedown_write(stack, connection, sent, sizeof(sent)), sizeof(sent));
    shakedown_expect(stack, "P. 1:257(256) ack 1");
    assert_passed(stack);
    assert_int_equal(shakedown_last_segment(stack)->payload_length, sizeof(sent));
    assert_memory_equal(shakedown_last_segment(stack)->payload, sent, sizeof(sent));
    shakedown_send(stack, "P. 1:4(3) ack 257 {payload \"a%%c\"}");
    assert_int_equal(shakedown_read(stack, connection, got, sizeof(got)), 3);
    assert_memory_equal(got, "a%c", 3);
    assert_int_equal(shakedown_write(stack, connection, sent, 0), 0);
    assert_passed(stack);
}

static void test_options_go_in_and_out(void **state)
{
    struct shakedown_stack *stack = *state;
    int value = 0;
    int connection = connection_on(stack);
    assert_int_equal(shakedown_setsockopt(stack, connection, IPPROTO_TCP, TCP_SYNCNT, 5), 0);
    assert_int_equal(shakedown_getsockopt(stack, connection, IPPROTO_TCP, TCP_SYNCNT, &value), 0);
    assert_int_equal(value, 5);
    assert_int_equal(shakedown_getsockopt(stack, connection, IPPROTO_TCP, 9999, &value), -ENOPROTOOPT);
    assert_true((shakedown_fcntl(stack, connection, F_SETFL, O_NONBLOCK)) == 0);
    assert_true((shakedown_fcntl(stack, connection, F_GETFL, 0) & O_NONBLOCK) != 0);
    uint8_t byte;
    assert_int_equal(shakedown_read(stack, connection, &byte, 1), -EAGAIN);
    assert_int_equal(shakedown_shutdown(stack, connection, SHUT_WR), 0);
    shakedown_expect(stack, "F. 1:1(0) ack 1");
    assert_passed(stack);
}

static void test_a_call_blocks_while_the_program_goes_on(void **state)
{
    struct shakedown_stack *stack = *state;
    int connecting = shakedown_socket(stack, AF_INET, SOCK_STREAM, 0);
    shakedown_call_begin(stack, "connect(%d, ..., ...)", connecting);
    shakedown_expect(stack, "S 0:0(0) <...>");
    assert_passed(stack);
    assert_int_equal(shakedown_call_begin(stack, "close(%d)", connecting), SHAKEDOWN_ERROR);
    assert_string_equal(shakedown_headline(stack), "a call that was begun before has not been ended");
    shakedown_clear(stack);
    assert_int_equal(shakedown_call_end(stack, 0.05), -ENOTRECOVERABLE);
    assert_failed(stack, "connect() has not returned within 50.0 ms");
    shakedown_clear(stack);
    shakedown_send(stack, "S. 0:0(0) ack 1 win 1000 <mss 1000>");
    shakedown_expect(stack, ". 1:1(0) ack 1");
    assert_int_equal(shakedown_call_end(stack, 1.0), 0);
    assert_int_equal(shakedown_call_end(stack, 1.0), -ENOTRECOVERABLE);
    assert_string_equal(shakedown_headline(stack), "no call was begun");
}

static void test_a_call_that_was_begun_gives_a_descriptor(void **state)
{
    struct shakedown_stack *stack = *state;
    int listener = listener_on(stack, AF_INET);
    shakedown_call_begin(stack, "accept(%d, ..., ...)", listener);
    shakedown_send(stack, "S 0:0(0) win 1000 <mss 1000>");
    shakedown_expect(stack, "S. 0:0(0) ack 1 <...>");
    shakedown_send(stack, ". 1:1(0) ack 1");
    long accepted = shakedown_call_end(stack, 1.0);
    assert_int_equal(accepted, 4);
    assert_int_equal(shakedown_write(stack, (int)accepted, "x", 1), 1);
    assert_passed(stack);
}

static void test_a_call_that_never_returns_is_interrupted_at_the_end(void **state)
{
    struct shakedown_stack *stack = *state;
    shakedown_call_begin(stack, "accept(%d, ..., ...)", listener_on(stack, AF_INET));
    assert_passed(stack);
    /* The teardown closes it, and would wait ten seconds and kill. */
}

static void test_a_connection_is_refused_in_posix_words(void **state)
{
    struct shakedown_stack *stack = *state;
    int connecting = shakedown_socket(stack, AF_INET, SOCK_STREAM, 0);
    assert_int_equal(shakedown_fcntl(stack, connecting, F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(shakedown_connect(stack, connecting, NULL, 0), -EINPROGRESS);
    shakedown_expect(stack, "S 0:0(0) <...>");
    shakedown_send(stack, "R. 0:0(0) ack 1");
    assert_int_equal(shakedown_call(stack, "getsockopt(%d, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0", connecting),
                     0);
    assert_passed(stack);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_stack, teardown_stack)
    const struct CMUnitTest tests[] = {
        TEST(test_what_a_call_returns_is_the_programs_to_judge),
        TEST(test_what_a_text_says_of_a_call_must_be_so),
        TEST(test_addresses_go_in_and_out),
        cmocka_unit_test(test_ipv6_addresses_go_in_and_out),
        TEST(test_all_bytes_go_in_and_out),
        TEST(test_options_go_in_and_out),
        TEST(test_a_call_blocks_while_the_program_goes_on),
        TEST(test_a_call_that_was_begun_gives_a_descriptor),
        TEST(test_a_call_that_never_returns_is_interrupted_at_the_end),
        TEST(test_a_connection_is_refused_in_posix_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
