/* SPDX-License-Identifier: MIT */
#include "stack/initial_namespace.h"

#include "base/compiler.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct {
    const char *where;
    struct namespace_marks marks;
    bool initial;
} vectors[] = {
    {"the machine's own, Linux 6.18, PID 1 hidden", {.inode = 0xeffffff9, .cookie = 3, .process = 100}, true},
    {"the machine's own, Linux 6.1", {.inode = 0xf0000009, .first = 0xf0000009, .cookie = 1, .process = 9}, true},
    {"the machine's own, PID 1 hidden", {.inode = 0xf0000009, .cookie = 1, .process = 9}, true},
    {"the machine's own, before cookies", {.inode = 0xf0000009, .first = 0xf0000009, .process = 9}, true},
    {"a container that shares the machine's",
     {.inode = 0xf0000009, .first = 0xf0000009, .cookie = 1, .process = 1},
     true},
    {"a container's", {.inode = 0xf0000123, .first = 0xf0000123, .cookie = 4097, .process = 20}, true},
    {"one that a container's first process was given",
     {.inode = 0xf0000123, .first = 0xf0000123, .cookie = 4097, .process = 1},
     false},
    {"one of unshare -n", {.inode = 0xf0000123, .first = 0xf0000009, .cookie = 12, .process = 20}, false},
    {"one of unshare -n, PID 1 hidden", {.inode = 0xf0000123, .cookie = 2, .process = 20}, false},
    {"one of unshare -n, before cookies, PID 1 hidden", {.inode = 0xf0000123, .process = 20}, false},
};

static void test_the_machines_own_is_known_by_any_of_its_marks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++)
        if (initial_namespace_is(&vectors[i].marks) != vectors[i].initial)
            fail_msg("%s", vectors[i].where);
}

/* Exit status of a child that asks in a namespace of its own: 0 if it is not refused. */
static int ask_in_another(void)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        bool made = unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
        _exit(!made || !initial_namespace_refuse(&error));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

static void test_another_one_is_not_refused(void **state)
{
    (void)state;
    assert_int_equal(ask_in_another(), 0);
}

static void test_the_refusal_says_what_to_do_instead(void **state)
{
    (void)state;
    struct error error;
    /* Where this test itself runs in a namespace that was made for it, there is nothing to refuse. */
    if (initial_namespace_refuse(&error))
        skip();
    assert_int_equal(error.code, ERROR_NAMESPACE);
    assert_non_null(strstr(error.text, "unshare -n"));
    assert_non_null(strstr(error.text, "shakedown run"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_machines_own_is_known_by_any_of_its_marks),
        cmocka_unit_test(test_another_one_is_not_refused),
        cmocka_unit_test(test_the_refusal_says_what_to_do_instead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
