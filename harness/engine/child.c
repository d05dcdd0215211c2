/* SPDX-License-Identifier: MIT */
#include "engine/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    DESCRIPTOR_LEAST = 64, /* of a pipe's ends */
    DESCRIPTOR_REPLY = 3,
    READS_AT_ONCE = 64, /* then the caller has its turn again */
};

static const char own_variable[] = "PACKETDRILL_PID";

/* Moves the descriptor at AT out of the way; closes it in any case. */
static bool move_away(int *at)
{
    int moved = fcntl(*at, F_DUPFD_CLOEXEC, DESCRIPTOR_LEAST);
    int failure = errno;
    (void)close(*at);
    *at = moved;
    errno = failure;
    return moved >= 0;
}

bool child_pipe(int ends[2], struct error *error)
{
    int made[2];
    if (pipe2(made, O_CLOEXEC) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a pipe can't be made");
    bool first = move_away(&made[0]);
    bool second = move_away(&made[1]);
    if (first && second) {
        memcpy(ends, made, sizeof(made));
        return true;
    }
    (void)error_set_system(error, ERROR_SYSTEM_CALL, errno, "a pipe can't be made");
    if (first)
        (void)close(made[0]);
    if (second)
        (void)close(made[1]);
    return false;
}

/* The environment with PACKETDRILL_PID = OWN in it; the strings are the environment's own. */
static char **environment_with(char *own)
{
    size_t count = 0;
    size_t kept = 0;
    while (environ != NULL && environ[count] != NULL)
        count++;
    char **made = calloc(count + 2, sizeof(*made));
    if (made == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], own_variable, sizeof(own_variable) - 1) != 0)
            made[kept++] = environ[i];
    made[kept] = own;
    return made;
}

static int actions_fill(posix_spawn_file_actions_t *actions, const struct child_order *order, int output)
{
    int failure = order->input < 0 ? posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                                   : posix_spawn_file_actions_adddup2(actions, order->input, STDIN_FILENO);
    if (failure == 0)
        failure = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (failure == 0)
        failure = posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO);
    if (failure == 0 && order->reply >= 0)
        failure = posix_spawn_file_actions_adddup2(actions, order->reply, DESCRIPTOR_REPLY);
    int first_closed = order->reply >= 0 ? DESCRIPTOR_REPLY + 1 : DESCRIPTOR_REPLY;
    return failure == 0 ? posix_spawn_file_actions_addclosefrom_np(actions, first_closed) : failure;
}

/* As a fresh program: no signal blocked or ignored, and not in a hurry, whatever its parent is. */
static int attributes_fill(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t all;
    const struct sched_param usual = {0};
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    int failure = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                           POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSCHEDULER);
    if (failure == 0)
        failure = posix_spawnattr_setsigmask(attributes, &none);
    if (failure == 0)
        failure = posix_spawnattr_setsigdefault(attributes, &all);
    if (failure == 0)
        failure = posix_spawnattr_setschedpolicy(attributes, SCHED_OTHER);
    return failure == 0 ? posix_spawnattr_setschedparam(attributes, &usual) : failure;
}

/* Returns an errno value. */
static int child_spawn(struct child *child, const struct child_order *order, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char own[sizeof(own_variable) + 16];
    (void)snprintf(own, sizeof(own), "%s=%d", own_variable, (int)getpid());
    char **environment = environment_with(own);
    int failure = environment == NULL ? ENOMEM : posix_spawn_file_actions_init(&actions);
    if (failure != 0) {
        free(environment);
        return failure;
    }
    failure = posix_spawnattr_init(&attributes);
    if (failure == 0) {
        failure = actions_fill(&actions, order, output);
        if (failure == 0)
            failure = attributes_fill(&attributes);
        if (failure == 0)
            failure = posix_spawnp(&child->pid, order->arguments[0], &actions, &attributes,
                                   (char *const *)(uintptr_t)order->arguments, environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return failure;
}

bool child_start(struct child *child, const struct child_order *order, struct error *error)
{
    int ends[2] = {-1, -1};
    if (!child_pipe(ends, error))
        return false;
    *child = (struct child){.pid = -1, .handle = -1, .output = ends[0]};
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    int failure = child_spawn(child, order, ends[1]);
    (void)close(ends[1]);
    if (failure != 0) {
        (void)close(ends[0]);
        return error_set_system(error, failure == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM_CALL, failure,
                                "%s can't be run", order->arguments[0]);
    }
    child->handle = (int)syscall(SYS_pidfd_open, child->pid, 0);
    if (child->handle >= 0 && move_away(&child->handle))
        return true;
    (void)error_set_system(error, ERROR_SYSTEM_CALL, errno, "%s can't be waited for", order->arguments[0]);
    child_end(child);
    return false;
}

static void child_keep(struct child *child, const char *data, size_t length)
{
    size_t room = sizeof(child->kept) - child->length;
    if (length > room) {
        size_t lost = length - room;
        memmove(child->kept, child->kept + lost, child->length - lost);
        child->length -= lost;
        child->cut = true;
    }
    memcpy(child->kept + child->length, data, length);
    child->length += length;
}

static void child_read(struct child *child)
{
    char data[CHILD_OUTPUT_MOST];
    for (int i = 0; child->output >= 0 && i < READS_AT_ONCE; i++) {
        ssize_t length = read(child->output, data, sizeof(data));
        if (length < 0)
            return;
        if (length > 0) {
            child_keep(child, data, (size_t)length);
            continue;
        }
        /* Nobody writes any more, though it may still run. */
        (void)close(child->output);
        child->output = -1;
    }
}

void child_listen(struct child *child)
{
    child_read(child);
    if (child->ended || waitpid(child->pid, &child->status, WNOHANG) != child->pid)
        return;
    child->ended = true;
    child_read(child);
}

bool child_await(struct child *child, nanoseconds deadline)
{
    for (;;) {
        child_listen(child);
        nanoseconds left = deadline - clock_now();
        if (child->ended || left <= 0)
            return child->ended;
        struct pollfd polled[] = {{.fd = child->handle, .events = POLLIN}, {.fd = child->output, .events = POLLIN}};
        struct timespec until = {left / NANOSECONDS_PER_SECOND, left % NANOSECONDS_PER_SECOND};
        (void)ppoll(polled, COUNT_OF(polled), &until, NULL);
    }
}

void child_end(struct child *child)
{
    if (!child->ended) {
        (void)kill(-child->pid, SIGKILL);
        while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
            continue;
        child->ended = true;
    }
    if (child->handle >= 0)
        (void)close(child->handle);
    if (child->output >= 0)
        (void)close(child->output);
    child->handle = -1;
    child->output = -1;
}
