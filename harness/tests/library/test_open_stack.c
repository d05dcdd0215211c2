/* SPDX-License-Identifier: MIT */
/* Opening and closing, and what that leaves of the process that does it. */
#include "stack_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The child that this process got with a stack. */
static pid_t only_child(void)
{
    char path[64];
    char line[32] = "";
    (void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)syscall(SYS_gettid));
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    bool read = fgets(line, sizeof(line), file) != NULL;
    (void)fclose(file);
    return read ? (pid_t)strtol(line, NULL, 10) : 0;
}

static void refused(const struct shakedown_settings *settings, const char *headline)
{
    struct shakedown_stack *stack = shakedown_open(settings);
    assert_non_null(stack);
    assert_string_equal(shakedown_headline(stack), headline);
    assert_int_equal(shakedown_verdict(stack), SHAKEDOWN_ERROR);
    shakedown_clear(stack);
    assert_int_equal(shakedown_send(stack, "S 0:0(0)"), SHAKEDOWN_ERROR);
    assert_int_equal(shakedown_socket(stack, AF_INET, SOCK_STREAM, 0), -ENOTRECOVERABLE);
    assert_int_equal(shakedown_write_capture(stack, "/dev/null"), -EBADF);
    assert_null(shakedown_last_segment(stack));
    assert_int_equal(shakedown_close(stack), SHAKEDOWN_ERROR);
}

static void test_what_cannot_be_opened_says_why(void **state)
{
    (void)state;
    const size_t size = sizeof(struct shakedown_settings);
    refused(&(struct shakedown_settings){.stack = "linux"},
            "the settings' size is not set to sizeof(struct shakedown_settings)");
    refused(&(struct shakedown_settings){.size = size, .stack = "tcpip"},
            "there is no stack `tcpip`; there is `linux`");
    refused(&(struct shakedown_settings){.size = size, .link = "wire"},
            "there is no link `wire`; there are `raw` and `tun`");
    refused(&(struct shakedown_settings){.size = size, .ip = (enum shakedown_ip)7}, "7 is no IP version");
}

static void test_no_stack_is_an_error_everywhere(void **state)
{
    (void)state;
    int found = 1;
    assert_int_equal(shakedown_expect(NULL, "S 0:0(0)"), SHAKEDOWN_ERROR);
    assert_int_equal(shakedown_receive(NULL, 1.0, &found), SHAKEDOWN_ERROR);
    assert_int_equal(found, 0);
    assert_int_equal(shakedown_write(NULL, 3, "x", 1), -ENOTRECOVERABLE);
    assert_int_equal(shakedown_sleep(NULL, 1.0), SHAKEDOWN_ERROR);
    assert_string_equal(shakedown_headline(NULL), "memory ran out");
    shakedown_clear(NULL);
    assert_int_equal(shakedown_close(NULL), SHAKEDOWN_ERROR);
}

static void test_every_version_and_link_opens(void **state)
{
    (void)state;
    static const struct {
        enum shakedown_ip ip;
        int domain;
    } versions[] = {{SHAKEDOWN_IPV4, AF_INET}, {SHAKEDOWN_IPV6, AF_INET6}, {SHAKEDOWN_IPV4_MAPPED, AF_INET6}};
    static const char *const links[] = {"raw", "tun"};
    for (size_t i = 0; i < 6; i++) {
        struct shakedown_settings settings = {.size = sizeof(settings), .ip = versions[i / 2].ip, .link = links[i % 2]};
        settings.stack_port = 80;
        struct shakedown_stack *stack = shakedown_open(&settings);
        assert_passed(stack);
        (void)listener_on(stack, versions[i / 2].domain);
        shakedown_send(stack, "S 0:0(0) win 1000 <mss 1000>");
        shakedown_expect(stack, "80 > 49152 S. 0:0(0) ack 1 <...>");
        assert_passed(stack);
        assert_int_equal(shakedown_close(stack), SHAKEDOWN_PASS);
    }
}

static void namespaces_of(char *text, size_t size)
{
    static const char *const kinds[] = {"net", "user", "mnt", "pid"};
    size_t length = 0;
    for (size_t i = 0; i < 4; i++) {
        char path[32];
        (void)snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
        ssize_t got = readlink(path, text + length, size - length - 1);
        assert_true(got > 0);
        length += (size_t)got;
    }
    text[length] = '\0';
}

static void test_the_process_stays_as_it_was(void **state)
{
    (void)state;
    char before[256];
    char during[256];
    sigset_t mask;
    struct sigaction action;
    namespaces_of(before, sizeof(before));
    struct shakedown_stack *stack = shakedown_open(NULL);
    (void)connection_on(stack);
    namespaces_of(during, sizeof(during));
    assert_string_equal(during, before);
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
    for (int number = 1; number < 32; number++)
        assert_false(sigismember(&mask, number));
    assert_int_equal(sigaction(SIGPIPE, NULL, &action), 0);
    assert_ptr_equal(action.sa_handler, SIG_DFL);
    shakedown_close(stack);
    assert_int_equal(only_child(), 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void test_several_stacks_are_open_at_once(void **state)
{
    (void)state;
    struct shakedown_stack *stacks[4];
    for (size_t i = 0; i < 4; i++)
        stacks[i] = shakedown_open(NULL);
    for (size_t i = 0; i < 4; i++)
        (void)connection_on(stacks[i]);
    /* The one that was opened first is closed first. */
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(shakedown_close(stacks[i]), SHAKEDOWN_PASS);
}

enum { THREADS = 3 };

/* A sanitizer takes locks while a thread begins or ends, and a process that is forked then has them for good: all
 * threads are there before the first opens a stack, and until the last has closed its own. */
static pthread_barrier_t all_threads;

static void *thread_main(void *context)
{
    (void)context;
    (void)pthread_barrier_wait(&all_threads);
    struct shakedown_stack *stack = shakedown_open(NULL);
    shakedown_perform(stack, "+0 socket(..., SOCK_STREAM, 0) = 3\n"
                             "+0 bind(3, ..., ...) = 0\n"
                             "+0 listen(3, 1) = 0\n"
                             "+0 < S 0:0(0) win 1000 <mss 1000>\n"
                             "* > S. 0:0(0) ack 1 <...>\n");
    enum shakedown_verdict verdict = shakedown_close(stack);
    (void)pthread_barrier_wait(&all_threads);
    return (void *)(intptr_t)verdict;
}

static void test_threads_have_stacks_of_their_own(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    assert_int_equal(pthread_barrier_init(&all_threads, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, thread_main, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *verdict;
        assert_int_equal(pthread_join(threads[i], &verdict), 0);
        assert_int_equal((int)(intptr_t)verdict, SHAKEDOWN_PASS);
    }
    assert_int_equal(pthread_barrier_destroy(&all_threads), 0);
}

static void test_a_process_that_is_gone_is_told(void **state)
{
    (void)state;
    struct shakedown_stack *stack = shakedown_open(NULL);
    assert_passed(stack);
    assert_int_equal(kill(only_child(), SIGKILL), 0);
    /* Until then the process may still answer. */
    while (shakedown_sleep(stack, 0.0) == SHAKEDOWN_PASS)
        continue;
    assert_int_equal(shakedown_verdict(stack), SHAKEDOWN_ERROR);
    assert_string_equal(shakedown_headline(stack), "the process that the stack lived in is gone: signal 9 ended it");
    shakedown_clear(stack);
    assert_int_equal(shakedown_verdict(stack), SHAKEDOWN_ERROR);
    /* What had passed is still there. */
    assert_int_equal(shakedown_write_trace(stack, "/dev/null"), 0);
    shakedown_close(stack);
}

/* A program that opens a stack, tells which child it got, and is killed while a call blocks. */
static void victim_run(int report)
{
    struct shakedown_stack *stack = shakedown_open(NULL);
    int listener = shakedown_socket(stack, AF_INET, SOCK_STREAM, 0);
    shakedown_bind(stack, listener, NULL, 0);
    shakedown_listen(stack, listener, 1);
    shakedown_call_begin(stack, "accept(%d, ..., ...)", listener);
    pid_t child = shakedown_verdict(stack) == SHAKEDOWN_PASS ? only_child() : 0;
    if (write(report, &child, sizeof(child)) != (ssize_t)sizeof(child))
        _exit(EXIT_FAILURE);
    for (;;)
        (void)pause();
}

static void test_nothing_is_left_of_a_program_that_was_killed(void **state)
{
    (void)state;
    int report[2];
    pid_t child = 0;
    assert_int_equal(pipe(report), 0);
    pid_t victim = fork();
    assert_true(victim >= 0);
    if (victim == 0)
        victim_run(report[1]);
    assert_int_equal(read(report[0], &child, sizeof(child)), sizeof(child));
    assert_true(child > 0);
    int handle = (int)syscall(SYS_pidfd_open, child, 0);
    assert_true(handle >= 0);
    assert_int_equal(kill(victim, SIGKILL), 0);
    struct pollfd ended = {.fd = handle, .events = POLLIN};
    assert_int_equal(poll(&ended, 1, 10000), 1);
    assert_int_equal(waitpid(victim, NULL, 0), victim);
    assert_int_equal(close(handle) | close(report[0]) | close(report[1]), 0);
}

static void ended_wrongly(void)
{
    const char mark = 'x';
    (void)!write(STDERR_FILENO, &mark, 1);
    _exit(EXIT_FAILURE);
}

/* What the program registered for its own end must not be run in the stack's process as well. */
static void test_the_programs_own_end_is_its_own(void **state)
{
    (void)state;
    int status = 0;
    int report[2];
    char byte;
    assert_int_equal(pipe(report), 0);
    pid_t program = fork();
    assert_true(program >= 0);
    if (program == 0) {
        (void)dup2(report[1], STDERR_FILENO);
        (void)close(report[1]);
        if (atexit(ended_wrongly) != 0)
            _exit(2);
        shakedown_close(shakedown_open(NULL));
        _exit(EXIT_SUCCESS);
    }
    assert_int_equal(close(report[1]), 0);
    assert_int_equal(read(report[0], &byte, 1), 0);
    assert_int_equal(waitpid(program, &status, 0), program);
    assert_int_equal(status, 0);
    assert_int_equal(close(report[0]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_cannot_be_opened_says_why),
        cmocka_unit_test(test_no_stack_is_an_error_everywhere),
        cmocka_unit_test(test_every_version_and_link_opens),
        cmocka_unit_test(test_the_process_stays_as_it_was),
        cmocka_unit_test(test_several_stacks_are_open_at_once),
        cmocka_unit_test(test_threads_have_stacks_of_their_own),
        cmocka_unit_test(test_a_process_that_is_gone_is_told),
        cmocka_unit_test(test_nothing_is_left_of_a_program_that_was_killed),
        cmocka_unit_test(test_the_programs_own_end_is_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
