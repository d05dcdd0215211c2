/* SPDX-License-Identifier: MIT */
/* Privileges: which there are, and what is said where they are missing. */
#include "live.h"

#include "stack/capability.h"

#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>

static int capabilities_give_up(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    return (int)syscall(SYS_capset, &header, data);
}

/* Runs ATTEMPT in a child without any privilege; its exit status. */
static int deprived_status(int (*attempt)(void))
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(capabilities_give_up() != 0 ? 99 : attempt());
    return live_exit_status(pid);
}

static int look(void)
{
    return capability_sufficient() ? 1 : 0;
}

static void the_root_of_a_namespace_has_enough(void **state)
{
    (void)state;
    assert_true(capability_sufficient());
    assert_int_equal(deprived_status(look), 0);
}

static int open_stack(void)
{
    static const enum linux_link links[] = {LINUX_LINK_RAW, LINUX_LINK_TUN, LINUX_LINK_LOOPBACK};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        struct linux_settings settings = {.link = links[i], .remote_port = LIVE_OWN_PORT};
        struct stack *stack = NULL;
        struct error error = {0};
        if (linux_stack_open(&settings, &stack, &error) || error.code != ERROR_CAPABILITY_MISSING || stack != NULL)
            return 1;
        if (strstr(error.text, "CAP_SYS_ADMIN") == NULL && strstr(error.text, "as root, run") == NULL)
            return 2;
    }
    return 0;
}

static void a_stack_without_privileges_says_what_is_missing(void **state)
{
    (void)state;
    assert_int_equal(deprived_status(open_stack), 0);
}

static void every_refusal_has_its_words(void **state)
{
    (void)state;
    static const struct {
        int system_error;
        enum error_code code;
        const char *words;
    } refusals[] = {
        {EPERM, ERROR_CAPABILITY_MISSING, "seccomp"},
        {ENOSPC, ERROR_NAMESPACE, "sysctl -w user.max_user_namespaces"},
        {EUSERS, ERROR_NAMESPACE, "as many are in use as are allowed"},
        {EINVAL, ERROR_NAMESPACE, "CONFIG_NET_NS"},
        {ENOMEM, ERROR_NAMESPACE, "memory"},
    };
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct error error;
        assert_false(capability_explain_refusal(&error, refusals[i].system_error, false));
        assert_int_equal(error.code, refusals[i].code);
        assert_int_equal(error.system_error, refusals[i].system_error);
        assert_non_null(strstr(error.text, refusals[i].words));
    }
}

static int refuse(void)
{
    struct error error;
    bool told = capability_explain_refusal(&error, EPERM, true) ||
                strstr(error.text, "without CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW") != NULL;
    return told ? 0 : 1;
}

static void a_refusal_names_the_capabilities_that_are_missing(void **state)
{
    (void)state;
    assert_int_equal(deprived_status(refuse), 0);
}

static void what_cannot_be_made_is_named(void **state)
{
    (void)state;
    struct error error;
    assert_false(capability_explain(&error, EPERM, "a veth pair"));
    assert_int_equal(error.code, ERROR_CAPABILITY_MISSING);
    assert_non_null(strstr(error.text, "a veth pair"));
    assert_false(capability_explain(&error, EEXIST, "a veth pair"));
    assert_int_equal(error.code, ERROR_NAMESPACE);
    assert_non_null(strstr(error.text, "exists"));
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_of_a_namespace_has_enough),
        cmocka_unit_test(a_stack_without_privileges_says_what_is_missing),
        cmocka_unit_test(every_refusal_has_its_words),
        cmocka_unit_test(a_refusal_names_the_capabilities_that_are_missing),
        cmocka_unit_test(what_cannot_be_made_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
