/* SPDX-License-Identifier: MIT */
/* The kernel's RSTs on loopback are kept back from one port, for as long as the guard is open and no longer. */
#include "live.h"

#include "link/reset_guard.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

enum { GUARDED_PORT = 4444, OTHER_PORT = 4445, SILENCE = 50 /* milliseconds */ };

static struct reset_guard *guard_open(void)
{
    struct reset_guard *guard;
    struct error error;
    struct reset_guard_settings settings = {
        .own = {live_address("127.0.0.2"), live_address("::1")},
        .own_port = GUARDED_PORT,
    };
    assert_done(reset_guard_open(&settings, &guard, &error), error);
    return guard;
}

/* True if a connection to a port that nobody listens on is refused. */
static bool refused(const char *text, uint16_t port)
{
    struct address address = live_address(text);
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    bool version4 = address.family == ADDRESS_IPV4;
    memcpy(&ipv4.sin_addr, address.bytes, sizeof(ipv4.sin_addr));
    memcpy(&ipv6.sin6_addr, address.bytes, sizeof(ipv6.sin6_addr));
    const struct sockaddr *place = version4 ? (struct sockaddr *)&ipv4 : (struct sockaddr *)&ipv6;
    int client = socket(place->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_true(client >= 0);
    int status = connect(client, place, version4 ? sizeof(ipv4) : sizeof(ipv6));
    bool answered = status != 0 && errno == ECONNREFUSED;
    if (!answered) {
        assert_int_equal(errno, EINPROGRESS);
        struct pollfd waiting = {.fd = client, .events = POLLOUT};
        answered = poll(&waiting, 1, SILENCE) == 1;
    }
    assert_int_equal(close(client), 0);
    return answered;
}

static void resets_are_kept_back_while_the_guard_is_open(void **state)
{
    (void)state;
    assert_true(refused("127.0.0.2", GUARDED_PORT));
    struct reset_guard *guard = guard_open();
    assert_false(refused("127.0.0.2", GUARDED_PORT));
    assert_false(refused("::1", GUARDED_PORT));
    reset_guard_close(guard);
    assert_true(refused("127.0.0.2", GUARDED_PORT));
    assert_true(refused("::1", GUARDED_PORT));
}

static void other_ports_and_addresses_are_left_alone(void **state)
{
    (void)state;
    struct reset_guard *guard = guard_open();
    assert_true(refused("127.0.0.2", OTHER_PORT));
    assert_true(refused("127.0.0.3", GUARDED_PORT));
    reset_guard_close(guard);
}

static void two_guards_do_not_meet(void **state)
{
    (void)state;
    struct reset_guard *first = guard_open();
    struct reset_guard *second = guard_open();
    reset_guard_close(first);
    assert_false(refused("127.0.0.2", GUARDED_PORT));
    reset_guard_close(second);
    assert_true(refused("127.0.0.2", GUARDED_PORT));
}

static void a_guard_dies_with_its_process(void **state)
{
    (void)state;
    int ready[2];
    char byte = 'r';
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)guard_open();
        (void)!write(ready[1], &byte, 1);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_false(refused("127.0.0.2", GUARDED_PORT));
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(refused("127.0.0.2", GUARDED_PORT));
    assert_int_equal(close(ready[0]), 0);
    assert_int_equal(close(ready[1]), 0);
}

static int open_outside(void)
{
    /* In a user namespace of its own, and so without a right to the network namespace that it is in. */
    struct reset_guard *guard;
    struct error error;
    struct reset_guard_settings settings = {.own = {live_address("127.0.0.2")}, .own_port = GUARDED_PORT};
    if (unshare(CLONE_NEWUSER) != 0 || reset_guard_open(&settings, &guard, &error))
        return 1;
    return error.code == ERROR_CAPABILITY_MISSING ? 0 : 2;
}

static void a_missing_capability_is_told(void **state)
{
    (void)state;
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(open_outside());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resets_are_kept_back_while_the_guard_is_open),
        cmocka_unit_test(other_ports_and_addresses_are_left_alone),
        cmocka_unit_test(two_guards_do_not_meet),
        cmocka_unit_test(a_guard_dies_with_its_process),
        cmocka_unit_test(a_missing_capability_is_told),
    };
    return live_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
