/* SPDX-License-Identifier: MIT */
/* A process in namespaces of its own: what it finds there, how it ends, and what keeps it from being made. */
#include "live.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* What a started process found: each a reason to fail, told by its exit status. */
enum finding {
    FOUND_NOTHING_WRONG,
    FOUND_FILES_IN_TMP,
    FOUND_PID,
    FOUND_DEVICES,
    FOUND_TERMINAL,
    FOUND_SIGNALS,
    FOUND_SETTINGS_READ_ONLY,
    FOUND_PROC,
    FOUND_CAPABILITIES,
    FOUND_ORPHAN,
};

static int started_status(isolation_main *main_function, void *context)
{
    struct error error;
    pid_t pid;
    assert_done(isolation_start(main_function, context, &pid, &error), error);
    return live_exit_status(pid);
}

static int return_context(void *context)
{
    return *(const int *)context;
}

static void the_exit_status_is_what_main_returned(void **state)
{
    (void)state;
    int wanted = 42;
    assert_int_equal(started_status(return_context, &wanted), 42);
}

static int die_of_signal(void *context)
{
    (void)context;
    (void)raise(SIGKILL);
    return 0;
}

static void the_exit_status_tells_of_a_signal(void **state)
{
    (void)state;
    assert_int_equal(started_status(die_of_signal, NULL), 128 + SIGKILL);
}

static int look_around(void *context)
{
    (void)context;
    struct stat tmp;
    if (stat("/tmp", &tmp) != 0 || tmp.st_nlink != 2 || (tmp.st_mode & 07777) != 01777)
        return FOUND_FILES_IN_TMP;
    if (getpid() != 2 || getppid() != 1)
        return FOUND_PID;
    if (if_nametoindex("lo") != 1 || if_nametoindex("eth0") != 0)
        return FOUND_DEVICES;
    if (open("/dev/tty", O_RDWR | O_CLOEXEC) >= 0)
        return FOUND_TERMINAL;
    if (access("/proc/sys/net/ipv4/tcp_syn_retries", W_OK) != 0)
        return FOUND_SETTINGS_READ_ONLY;
    if (access("/proc/2/stat", R_OK) != 0 || access("/proc/3", F_OK) == 0)
        return FOUND_PROC;
    return socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) < 0 ? FOUND_CAPABILITIES : FOUND_NOTHING_WRONG;
}

static void it_is_alone_in_there_and_its_own_master(void **state)
{
    (void)state;
    assert_int_equal(started_status(look_around, NULL), FOUND_NOTHING_WRONG);
}

static void handle(int number)
{
    (void)number;
}

static int look_at_signals(void *context)
{
    (void)context;
    sigset_t blocked;
    struct sigaction action;
    if (sigprocmask(SIG_SETMASK, NULL, &blocked) != 0 || sigismember(&blocked, SIGUSR1) != 0)
        return FOUND_SIGNALS;
    if (sigaction(SIGINT, NULL, &action) != 0 || action.sa_handler != SIG_DFL)
        return FOUND_SIGNALS;
    return sigaction(SIGPIPE, NULL, &action) != 0 || action.sa_handler != SIG_DFL ? FOUND_SIGNALS : FOUND_NOTHING_WRONG;
}

static void signals_are_as_in_a_fresh_program(void **state)
{
    (void)state;
    sigset_t blocked;
    sigset_t before;
    assert_int_equal(sigemptyset(&blocked), 0);
    assert_int_equal(sigaddset(&blocked, SIGUSR1), 0);
    assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, &before), 0);
    assert_ptr_not_equal(signal(SIGINT, handle), SIG_ERR);
    assert_ptr_not_equal(signal(SIGPIPE, SIG_IGN), SIG_ERR);
    assert_int_equal(started_status(look_at_signals, NULL), FOUND_NOTHING_WRONG);
    /* And the caller's are as they were. */
    struct sigaction action;
    assert_int_equal(sigaction(SIGINT, NULL, &action), 0);
    assert_ptr_equal(action.sa_handler, handle);
    assert_ptr_not_equal(signal(SIGINT, SIG_DFL), SIG_ERR);
    assert_ptr_not_equal(signal(SIGPIPE, SIG_DFL), SIG_ERR);
    assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
}

static int mount_something(void *context)
{
    (void)context;
    return mount("tmpfs", "/mnt", "tmpfs", 0, "size=4k") == 0 && access("/mnt", W_OK) == 0 ? 0 : 1;
}

static void what_it_mounts_stays_inside(void **state)
{
    (void)state;
    struct stat before;
    struct stat after;
    assert_int_equal(stat("/mnt", &before), 0);
    assert_int_equal(started_status(mount_something, NULL), 0);
    assert_int_equal(stat("/mnt", &after), 0);
    assert_int_equal(before.st_dev, after.st_dev);
}

/* A child whose parent is gone must be collected by the first process: its pid is free again then. */
static int leave_an_orphan(void *context)
{
    (void)context;
    int ends[2];
    if (pipe(ends) != 0)
        return FOUND_ORPHAN;
    pid_t child = fork();
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild != 0)
            _exit(grandchild < 0);
        (void)close(ends[0]);
        pid_t self = getpid();
        _exit(write(ends[1], &self, sizeof(self)) != sizeof(self));
    }
    (void)close(ends[1]);
    pid_t orphan;
    char byte;
    if (child < 0 || waitpid(child, NULL, 0) != child || read(ends[0], &orphan, sizeof(orphan)) != sizeof(orphan) ||
        read(ends[0], &byte, 1) != 0)
        return FOUND_ORPHAN;
    nanoseconds deadline = clock_now() + 5 * NANOSECONDS_PER_SECOND;
    while (kill(orphan, 0) == 0 && clock_now() < deadline)
        (void)sched_yield();
    return kill(orphan, 0) != 0 && errno == ESRCH ? FOUND_NOTHING_WRONG : FOUND_ORPHAN;
}

static void orphans_are_collected(void **state)
{
    (void)state;
    assert_int_equal(started_status(leave_an_orphan, NULL), FOUND_NOTHING_WRONG);
}

/* Without exit(): a leak detector would miss the stacks of the threads that did not come along. */
static int end_at_once(void *context)
{
    _exit(*(const int *)context);
}

static void *start_and_wait(void *context)
{
    static int status = 7;
    struct error error;
    pid_t pid;
    if (!isolation_start(end_at_once, &status, &pid, &error))
        return NULL;
    *(int *)context = live_exit_status(pid);
    return context;
}

static void a_thread_may_start_it(void **state)
{
    (void)state;
    int status = 0;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, start_and_wait, &status), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(status, 7);
}

static int nested(void *context)
{
    int wanted = 7;
    struct error error;
    pid_t pid;
    (void)context;
    if (!isolation_start(return_context, &wanted, &pid, &error))
        return 1;
    return live_exit_status(pid);
}

static void it_can_be_nested(void **state)
{
    (void)state;
    assert_int_equal(started_status(nested, NULL), 7);
}

/* Runs ATTEMPT in a child of its own, because what it gives up can't be had back. Its exit status. */
static int attempt_status(int (*attempt)(void))
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(attempt());
    return live_exit_status(pid);
}

/* 0 if nothing can be started, for CODE, and the message has WORDS. */
static int refused_status(enum error_code code, const char *words)
{
    static int zero;
    struct error error = {0};
    pid_t pid;
    if (isolation_start(return_context, &zero, &pid, &error))
        return 1;
    if (error.code == code && strstr(error.text, words) != NULL && waitpid(-1, NULL, 0) < 0)
        return 0;
    (void)fprintf(stderr, "%s: %s\n", error_name(error.code), error.text);
    return 2;
}

static int capabilities_give_up(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    return (int)syscall(SYS_capset, &header, data);
}

static bool setting_write(const char *path, const char *value)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    bool written = descriptor >= 0 && write(descriptor, value, strlen(value)) == (ssize_t)strlen(value);
    if (descriptor >= 0)
        (void)close(descriptor);
    return written;
}

/* A user namespace in which this process is root; its limits are its own. */
static bool user_namespace_enter(void)
{
    char users[32];
    char groups[32];
    (void)snprintf(users, sizeof(users), "0 %u 1", geteuid());
    (void)snprintf(groups, sizeof(groups), "0 %u 1", getegid());
    return unshare(CLONE_NEWUSER) == 0 && setting_write("/proc/self/uid_map", users) &&
           setting_write("/proc/self/setgroups", "deny") && setting_write("/proc/self/gid_map", groups);
}

static int without_network_namespaces(void)
{
    if (!user_namespace_enter() || !setting_write("/proc/sys/user/max_net_namespaces", "0"))
        return 3;
    return refused_status(ERROR_NAMESPACE, "sysctl -w user.max_net_namespaces");
}

static int without_user_namespaces(void)
{
    if (!user_namespace_enter() || !setting_write("/proc/sys/user/max_user_namespaces", "0") ||
        capabilities_give_up() != 0)
        return 3;
    return refused_status(ERROR_NAMESPACE, "sysctl -w user.max_user_namespaces");
}

static int without_room_for_more(void)
{
    /* Each namespace counts in those above: this one and the one that is asked for are two. */
    if (!user_namespace_enter() || !setting_write("/proc/sys/user/max_pid_namespaces", "1") ||
        unshare(CLONE_NEWPID) != 0)
        return 3;
    pid_t first = fork();
    if (first == 0)
        _exit(refused_status(ERROR_NAMESPACE, "as many are in use as are allowed"));
    int status;
    return first > 0 && waitpid(first, &status, 0) == first && WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}

static int under_a_seccomp_filter(void)
{
    /* As containers have it: clone with CLONE_NEWUSER is not permitted. */
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = COUNT_OF(instructions), .filter = instructions};
    if (capabilities_give_up() != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return 3;
    return refused_status(ERROR_CAPABILITY_MISSING, "seccomp");
}

static int without_mount_namespaces(void)
{
    struct error error;
    if (!user_namespace_enter() || !setting_write("/proc/sys/user/max_mnt_namespaces", "0"))
        return 3;
    return isolation_possible(&error) || strstr(error.text, "max_mnt_namespaces") == NULL;
}

static void a_refusal_names_the_setting_that_refuses(void **state)
{
    (void)state;
    assert_int_equal(attempt_status(without_network_namespaces), 0);
    assert_int_equal(attempt_status(without_user_namespaces), 0);
    assert_int_equal(attempt_status(without_room_for_more), 0);
    assert_int_equal(attempt_status(without_mount_namespaces), 0);
}

static void a_refusal_by_seccomp_is_told(void **state)
{
    (void)state;
    assert_int_equal(attempt_status(under_a_seccomp_filter), 0);
}

static void namespaces_are_possible_here(void **state)
{
    (void)state;
    struct error error;
    assert_done(isolation_possible(&error), error);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_status_is_what_main_returned),
        cmocka_unit_test(the_exit_status_tells_of_a_signal),
        cmocka_unit_test(it_is_alone_in_there_and_its_own_master),
        cmocka_unit_test(signals_are_as_in_a_fresh_program),
        cmocka_unit_test(what_it_mounts_stays_inside),
        cmocka_unit_test(orphans_are_collected),
        cmocka_unit_test(a_thread_may_start_it),
        cmocka_unit_test(it_can_be_nested),
        cmocka_unit_test(a_refusal_names_the_setting_that_refuses),
        cmocka_unit_test(a_refusal_by_seccomp_is_told),
        cmocka_unit_test(namespaces_are_possible_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return run(NULL);
}
