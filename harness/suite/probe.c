/* SPDX-License-Identifier: MIT */
#include "suite/probe.h"

#include "stack/isolation.h"
#include "suite/message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct probe {
    enum linux_link link;
    int pipe;
};

static int probe_main(void *context)
{
    const struct probe *probe = context;
    const struct linux_settings settings = {.link = probe->link};
    struct message message = {.kind = MESSAGE_READY};
    struct stack *stack = NULL;
    struct error error;
    if (!linux_stack_open(&settings, &stack, &message.error))
        message.kind = MESSAGE_REFUSED;
    bool told = message_send(probe->pipe, &message, &error);
    stack_close(stack);
    return told ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool probe_listen(int descriptor, struct error *error)
{
    struct message_inbox inbox = {0};
    struct message message;
    bool ended = false;
    bool heard = true;
    while (heard && !ended)
        heard = message_receive(&inbox, descriptor, &ended, error);
    bool opened = false;
    if (heard && message_take(&inbox, &message) != MESSAGE_TAKEN)
        (void)error_set(error, ERROR_SYSTEM_CALL, "a process died while it opened the stack");
    else if (heard && message.kind == MESSAGE_REFUSED)
        *error = message.error;
    else
        opened = heard;
    message_inbox_free(&inbox);
    return opened;
}

bool probe_linux(enum linux_link link, struct error *error)
{
    int ends[2];
    pid_t pid;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a pipe can't be made");
    struct probe probe = {link, ends[1]};
    bool started = isolation_start(probe_main, &probe, &pid, error);
    (void)close(ends[1]);
    bool opened = started && probe_listen(ends[0], error);
    (void)close(ends[0]);
    while (started && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    return opened;
}
