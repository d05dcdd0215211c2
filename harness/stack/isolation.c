/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Four processes take part. The *caller* forks a *starter*, with fork(), so that the C library's
 * locks are in order in what follows. The starter has no threads, so it may use the bare clone system call; it makes
 * the *first* process of the new namespaces with CLONE_PARENT, which makes that a child of the caller, and ends. The
 * first process furnishes the namespaces, forks the *worker*, which runs the caller's function, and from then on does
 * what the first process of a pid namespace has to: it collects whoever lost its parent. When it ends, the kernel kills
 * everything else in the namespace before the caller's waitpid() returns.
 */
#include "stack/isolation.h"

#include "stack/capability.h"
#include "stack/isolation_rooms.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_OF_SIGNAL = 128 };

enum report_kind {
    REPORT_CLONED, /* by the starter: `pid` is the first process's */
    REPORT_READY,  /* by the first process: the worker runs */
    REPORT_FAILED, /* by either: `error` says why */
};

/* What goes through the pipe to the caller; less than PIPE_BUF, so that it is written and read in one piece. */
struct report {
    enum report_kind kind;
    pid_t pid;
    struct error error;
};

struct start {
    isolation_main *main;
    void *context;
    struct isolation_rooms rooms;
    int caller;    /* pidfd */
    int report[2]; /* pipe */
};

static void report_send(const struct start *start, const struct report *report)
{
    /* If the caller is no more, nobody is left to be told. */
    while (write(start->report[1], report, sizeof(*report)) < 0 && errno == EINTR)
        continue;
}

static _Noreturn void report_failure(const struct start *start, const struct error *error)
{
    struct report report = {.kind = REPORT_FAILED, .error = *error};
    report_send(start, &report);
    _exit(EXIT_FAILURE);
}

/* The caller may have died before the death signal was asked for. */
static void die_with_caller(const struct start *start)
{
    struct pollfd caller = {.fd = start->caller, .events = POLLIN};
    if (poll(&caller, 1, 0) != 0)
        _exit(EXIT_FAILURE);
}

static void signals_reset(void)
{
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP)
            (void)signal(number, SIG_DFL);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void worker_run(const struct start *start)
{
    (void)close(start->report[1]);
    (void)close(start->caller);
    exit(start->main(start->context));
}

/* Waits for WORKER, and for whoever was left to the first process; returns what the worker's end amounts to. */
static int orphans_collect(pid_t worker)
{
    for (;;) {
        int status;
        pid_t ended = wait(&status);
        if (ended < 0 && errno != EINTR)
            return EXIT_FAILURE;
        if (ended == worker && WIFEXITED(status))
            return WEXITSTATUS(status);
        if (ended == worker && WIFSIGNALED(status))
            return STATUS_OF_SIGNAL + WTERMSIG(status);
    }
}

static _Noreturn void first_run(const struct start *start)
{
    struct error error;
    signals_reset();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        error_set_system(&error, ERROR_SYSTEM_CALL, errno, "a process can't be tied to its parent");
        report_failure(start, &error);
    }
    /* Cannot fail: whoever was just forked leads no process group. */
    (void)setsid();
    if (!isolation_rooms_furnish(&start->rooms, &error))
        report_failure(start, &error);
    die_with_caller(start);
    pid_t worker = fork();
    if (worker < 0) {
        error_set_system(&error, ERROR_SYSTEM_CALL, errno, "a process can't be started");
        report_failure(start, &error);
    }
    if (worker == 0)
        worker_run(start);
    struct report report = {.kind = REPORT_READY};
    report_send(start, &report);
    /* So that nobody waits for an end of file that this process holds back. */
    (void)close_range(0, ~0U, 0);
    _exit(orphans_collect(worker));
}

static _Noreturn void starter_run(const struct start *start)
{
    long pid = syscall(SYS_clone, isolation_rooms_flags(&start->rooms) | CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, 0);
    if (pid == 0)
        first_run(start);
    struct report report = {.kind = REPORT_CLONED, .pid = (pid_t)pid};
    if (pid < 0) {
        report.kind = REPORT_FAILED;
        capability_explain_refusal(&report.error, errno, start->rooms.user);
    }
    report_send(start, &report);
    _exit(EXIT_SUCCESS);
}

static void wait_for(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* Reads reports until the worker runs or one failed. FIRST is the first process, or 0 if there is none. */
static bool reports_await(const struct start *start, pid_t *first, struct error *error)
{
    *first = 0;
    for (bool ready = false; !ready || *first == 0;) {
        struct report report;
        ssize_t length = read(start->report[0], &report, sizeof(report));
        if (length < 0 && errno == EINTR)
            continue;
        if (length != (ssize_t)sizeof(report))
            return error_set(error, ERROR_NAMESPACE, "a process died while it made its namespaces");
        if (report.kind == REPORT_CLONED)
            *first = report.pid;
        if (report.kind == REPORT_READY)
            ready = true;
        if (report.kind == REPORT_FAILED) {
            *error = report.error;
            return false;
        }
    }
    return true;
}

/* Forks the starter with every signal blocked, so that no handler of the caller's runs in the new processes. */
static bool starter_start(const struct start *start, pid_t *starter, struct error *error)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    int failure = errno;
    if (pid == 0)
        starter_run(start);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, failure, "a process can't be started");
    *starter = pid;
    return true;
}

static bool start_perform(struct start *start, pid_t *pid, struct error *error)
{
    pid_t starter = 0;
    if (!starter_start(start, &starter, error))
        return false;
    /* From here on the pipe ends when the new processes do. */
    (void)close(start->report[1]);
    start->report[1] = -1;
    pid_t first;
    bool started = reports_await(start, &first, error);
    wait_for(starter);
    if (started)
        *pid = first;
    else if (first != 0) {
        (void)kill(first, SIGKILL);
        wait_for(first);
    }
    return started;
}

bool isolation_start(isolation_main *main, void *context, pid_t *pid, struct error *error)
{
    struct start start = {.main = main, .context = context, .caller = -1, .report = {-1, -1}};
    bool started = false;
    isolation_rooms_plan(&start.rooms);
    start.caller = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (start.caller < 0) {
        error_set_system(error, ERROR_SYSTEM_CALL, errno, "a process can't be watched");
        goto done;
    }
    if (pipe2(start.report, O_CLOEXEC) != 0) {
        error_set_system(error, ERROR_SYSTEM_CALL, errno, "a pipe can't be made");
        goto done;
    }
    (void)fflush(NULL);
    started = start_perform(&start, pid, error);
done:
    if (start.caller >= 0)
        (void)close(start.caller);
    for (size_t end = 0; end < COUNT_OF(start.report); end++)
        if (start.report[end] >= 0)
            (void)close(start.report[end]);
    return started;
}

int isolation_collect(pid_t pid, nanoseconds patience)
{
    nanoseconds left = patience / NANOSECONDS_PER_MILLISECOND;
    int handle = left > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
    struct pollfd ended = {.fd = handle, .events = POLLIN};
    int ready = -1;
    while (handle >= 0 && (ready = poll(&ended, 1, (int)left)) < 0 && errno == EINTR)
        continue;
    if (ready != 1)
        (void)kill(pid, SIGKILL);
    if (handle >= 0)
        (void)close(handle);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static int possible_main(void *context)
{
    (void)context;
    return EXIT_SUCCESS;
}

bool isolation_possible(struct error *error)
{
    pid_t pid;
    if (!isolation_start(possible_main, NULL, &pid, error))
        return false;
    wait_for(pid);
    return true;
}
