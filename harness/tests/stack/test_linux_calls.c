/* SPDX-License-Identifier: MIT */
/* Socket calls as a script would have them made, on a stack on loopback. */
#include "live.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>

static struct stack *stack;

static int stack_set_up(void **state)
{
    struct error error;
    struct linux_settings settings = {.link = LINUX_LINK_LOOPBACK, .remote_port = LIVE_OWN_PORT};
    (void)state;
    if (linux_stack_open(&settings, &stack, &error))
        return 0;
    print_error("%s\n", error.text);
    return -1;
}

static int stack_tear_down(void **state)
{
    (void)state;
    stack_close(stack);
    return 0;
}

static struct stack_argument integer(int64_t value)
{
    return (struct stack_argument){.kind = ARGUMENT_INTEGER, .integer = value};
}

static struct stack_argument pointer(void *data, size_t length)
{
    return (struct stack_argument){.kind = ARGUMENT_POINTER, .data = data, .length = length};
}

/* Makes the call; its time must lie within that of this function. */
static struct stack_return call(struct stack_call wanted)
{
    struct stack_return returned;
    nanoseconds before = clock_now();
    stack_call(stack, &wanted, &returned);
    assert_true(returned.time.earliest >= before && returned.time.latest >= returned.time.earliest);
    assert_true(returned.time.latest <= clock_now());
    return returned;
}

#define CALL(name, ...)                                                                                               \
    call((struct stack_call){.operation = STACK_##name,                                                               \
                             .count = sizeof((struct stack_argument[]){__VA_ARGS__}) / sizeof(struct stack_argument), \
                             .arguments = {__VA_ARGS__}})

static int64_t done(struct stack_return returned)
{
    assert_int_equal(returned.error_number, 0);
    assert_true(returned.value >= 0);
    return returned.value;
}

static void failed(struct stack_return returned, int error_number)
{
    assert_int_equal(returned.value, -1);
    assert_int_equal(returned.error_number, error_number);
}

static void a_connection_can_be_made_used_and_closed(void **state)
{
    (void)state;
    struct sockaddr_storage place;
    char text[16] = "";
    int on = 1;
    int error_option = -1;
    socklen_t option_size = sizeof(error_option);
    size_t size = live_address(&stack->local[0], LIVE_STACK_PORT, &place);
    int64_t listener = done(CALL(SOCKET, integer(AF_INET), integer(SOCK_STREAM), integer(IPPROTO_TCP)));
    done(CALL(SETSOCKOPT, integer(listener), integer(SOL_SOCKET), integer(SO_REUSEADDR), pointer(&on, sizeof(on)),
              integer(sizeof(on))));
    done(CALL(BIND, integer(listener), pointer(&place, size), integer((int64_t)size)));
    done(CALL(LISTEN, integer(listener), integer(1)));
    int64_t client = done(CALL(SOCKET, integer(AF_INET), integer(SOCK_STREAM), integer(0)));
    done(CALL(CONNECT, integer(client), pointer(&place, size), integer((int64_t)size)));
    int64_t accepted = done(CALL(ACCEPT, integer(listener), pointer(NULL, 0), pointer(NULL, 0)));
    assert_int_equal(done(CALL(WRITE, integer(client), pointer("abc", 3), integer(3))), 3);
    assert_int_equal(done(CALL(READ, integer(accepted), pointer(text, sizeof(text)), integer(sizeof(text)))), 3);
    assert_string_equal(text, "abc");
    assert_int_equal(done(CALL(SEND, integer(accepted), pointer("de", 2), integer(2), integer(MSG_NOSIGNAL))), 2);
    assert_int_equal(
        done(CALL(RECV, integer(client), pointer(text, sizeof(text)), integer(sizeof(text)), integer(MSG_PEEK))), 2);
    assert_int_equal(done(CALL(RECVFROM, integer(client), pointer(text, sizeof(text)), integer(sizeof(text)),
                               integer(0), pointer(NULL, 0), pointer(NULL, 0))),
                     2);
    assert_int_equal(
        done(CALL(SENDTO, integer(client), pointer("f", 1), integer(1), integer(0), pointer(NULL, 0), integer(0))), 1);
    done(CALL(GETSOCKOPT, integer(client), integer(SOL_SOCKET), integer(SO_ERROR),
              pointer(&error_option, sizeof(error_option)), pointer(&option_size, sizeof(option_size))));
    assert_int_equal(error_option, 0);
    done(CALL(SHUTDOWN, integer(client), integer(SHUT_WR)));
    assert_true((done(CALL(FCNTL, integer(client), integer(F_GETFL), integer(0))) & O_ACCMODE) == O_RDWR);
    done(CALL(CLOSE, integer(client)));
    done(CALL(CLOSE, integer(accepted)));
    done(CALL(CLOSE, integer(listener)));
}

static void errors_are_given_as_numbers(void **state)
{
    (void)state;
    struct sockaddr_storage place;
    size_t size = live_address(&stack->local[0], 9, &place);
    failed(CALL(CLOSE, integer(-1)), EBADF);
    failed(CALL(SOCKET, integer(AF_INET), integer(99), integer(0)), EINVAL);
    int64_t client = done(CALL(SOCKET, integer(AF_INET), integer(SOCK_STREAM), integer(0)));
    failed(CALL(CONNECT, integer(client), pointer(&place, size), integer((int64_t)size)), ECONNREFUSED);
    failed(CALL(CONNECT, integer(client), pointer(NULL, 0), integer((int64_t)size)), EFAULT);
    failed(CALL(READ, integer(client), pointer(&place, size), integer(1)), ENOTCONN);
    done(CALL(CLOSE, integer(client)));
}

static void calls_do_not_wait_where_they_are_told_not_to(void **state)
{
    (void)state;
    struct sockaddr_storage place;
    size_t size = live_address(&stack->remote[0], LIVE_OWN_PORT, &place);
    int64_t client = done(CALL(SOCKET, integer(AF_INET), integer(SOCK_STREAM), integer(0)));
    done(CALL(FCNTL, integer(client), integer(F_SETFL), integer(O_RDWR | O_NONBLOCK)));
    failed(CALL(CONNECT, integer(client), pointer(&place, size), integer((int64_t)size)), EINPROGRESS);
    failed(CALL(CONNECT, integer(client), pointer(&place, size), integer((int64_t)size)), EALREADY);
    done(CALL(CLOSE, integer(client)));
}

static void *accept_one(void *context)
{
    struct stack_call wanted = {.operation = STACK_ACCEPT,
                                .count = 3,
                                .arguments = {integer(*(int64_t *)context), pointer(NULL, 0), pointer(NULL, 0)}};
    static struct stack_return returned;
    stack_call(stack, &wanted, &returned);
    return &returned;
}

static void a_call_may_wait_in_another_thread(void **state)
{
    (void)state;
    struct sockaddr_storage place;
    pthread_t thread;
    void *result;
    size_t size = live_address(&stack->local[0], LIVE_STACK_PORT, &place);
    int64_t listener = live_listen(&stack->local[0], LIVE_STACK_PORT);
    assert_int_equal(pthread_create(&thread, NULL, accept_one, &listener), 0);
    int64_t client = done(CALL(SOCKET, integer(AF_INET), integer(SOCK_STREAM), integer(0)));
    done(CALL(CONNECT, integer(client), pointer(&place, size), integer((int64_t)size)));
    assert_int_equal(pthread_join(thread, &result), 0);
    done(CALL(CLOSE, integer(done(*(struct stack_return *)result))));
    done(CALL(CLOSE, integer(client)));
    done(CALL(CLOSE, integer(listener)));
}

static void names_are_those_of_the_stack(void **state)
{
    (void)state;
    int64_t value;
    assert_string_equal(stack_operation_name(STACK_CONNECT), "connect");
    assert_string_equal(stack_operation_name(STACK_SETSOCKOPT), "setsockopt");
    assert_string_equal(stack_error_name(stack, EINPROGRESS), "EINPROGRESS");
    assert_int_equal(stack_symbol(stack, "SOL_TCP", 7, &value), SYMBOL_HERE);
    assert_int_equal(value, SOL_TCP);
    assert_string_equal(stack_nearest_symbol(stack, "TCP_NODELY", 10), "TCP_NODELAY");
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_can_be_made_used_and_closed),
        cmocka_unit_test(errors_are_given_as_numbers),
        cmocka_unit_test(calls_do_not_wait_where_they_are_told_not_to),
        cmocka_unit_test(a_call_may_wait_in_another_thread),
        cmocka_unit_test(names_are_those_of_the_stack),
    };
    return cmocka_run_group_tests(tests, stack_set_up, stack_tear_down);
}

int main(void)
{
    return live_run(run);
}
