/* SPDX-License-Identifier: MIT */
/* Many stacks at once, each in a process of its own, and many one after another in the same process. */
#include "live.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { AT_ONCE = 64, IN_TURN = 8 };

/* Opened stacks meet: each tells the test that it is open, and waits until all are. */
struct meeting {
    int arrived[2];
    int leave[2];
};

static int meeting_main(void *context)
{
    struct meeting *meeting = context;
    struct error error;
    struct stack *stack;
    struct linux_settings settings = {.link = LINUX_LINK_RAW};
    char byte = 'a';
    if (!linux_stack_open(&settings, &stack, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        return EXIT_FAILURE;
    }
    (void)close(meeting->leave[1]);
    if (write(meeting->arrived[1], &byte, 1) != 1 || read(meeting->leave[0], &byte, 1) != 0)
        return EXIT_FAILURE;
    /* Everybody has one open now; each must work. */
    live_handshake(stack, 0);
    live_handshake(stack, 1);
    stack_close(stack);
    return EXIT_SUCCESS;
}

static void many_stacks_are_open_at_once(void **state)
{
    (void)state;
    struct meeting meeting;
    pid_t pids[AT_ONCE];
    assert_int_equal(pipe(meeting.arrived), 0);
    assert_int_equal(pipe(meeting.leave), 0);
    for (size_t i = 0; i < AT_ONCE; i++) {
        struct error error;
        assert_done(isolation_start(meeting_main, &meeting, &pids[i], &error), error);
    }
    for (size_t i = 0; i < AT_ONCE; i++) {
        char byte;
        assert_int_equal(read(meeting.arrived[0], &byte, 1), 1);
    }
    assert_int_equal(close(meeting.leave[1]), 0);
    for (size_t i = 0; i < AT_ONCE; i++)
        assert_int_equal(live_exit_status(pids[i]), EXIT_SUCCESS);
    assert_int_equal(close(meeting.leave[0]), 0);
    assert_int_equal(close(meeting.arrived[0]), 0);
    assert_int_equal(close(meeting.arrived[1]), 0);
}

static size_t descriptors_open(void)
{
    size_t count = 0;
    for (int descriptor = 0; descriptor < 1024; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0)
            count++;
    return count;
}

static void stacks_in_turn_leave_nothing_open(void **state)
{
    (void)state;
    static const enum linux_link links[] = {LINUX_LINK_RAW, LINUX_LINK_LOOPBACK, LINUX_LINK_TUN};
    size_t before = descriptors_open();
    struct stat home;
    struct stat now;
    assert_int_equal(stat("/proc/thread-self/ns/net", &home), 0);
    for (size_t i = 0; i < IN_TURN * COUNT_OF(links); i++) {
        struct error error;
        struct stack *stack;
        struct linux_settings settings = {.link = links[i % COUNT_OF(links)], .remote_port = LIVE_OWN_PORT};
        if (!live_link_possible(settings.link))
            continue;
        assert_done(linux_stack_open(&settings, &stack, &error), error);
        live_handshake(stack, 0);
        stack_close(stack);
        assert_int_equal(stat("/proc/thread-self/ns/net", &now), 0);
        assert_int_equal(now.st_ino, home.st_ino);
    }
    assert_int_equal(descriptors_open(), before);
}

static void a_stack_that_cannot_be_opened_leaves_nothing_open(void **state)
{
    (void)state;
    size_t before = descriptors_open();
    struct stat home;
    struct stat now;
    assert_int_equal(stat("/proc/thread-self/ns/net", &home), 0);
    static const enum linux_link links[] = {LINUX_LINK_RAW, LINUX_LINK_TUN};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        struct error error = {0};
        struct stack *stack = NULL;
        struct linux_settings settings = {.link = links[i], .device = "no/such:name is possible"};
        assert_false(linux_stack_open(&settings, &stack, &error));
        assert_int_not_equal(error.code, ERROR_NONE);
        assert_null(stack);
        assert_int_equal(stat("/proc/thread-self/ns/net", &now), 0);
        assert_int_equal(now.st_ino, home.st_ino);
    }
    assert_int_equal(descriptors_open(), before);
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_stacks_are_open_at_once),
        cmocka_unit_test(stacks_in_turn_leave_nothing_open),
        cmocka_unit_test(a_stack_that_cannot_be_opened_leaves_nothing_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
