/* SPDX-License-Identifier: MIT */
#include "cli/interrupts.h"

#include "cli/command.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool interrupts_open(struct interrupts *interrupts, struct error *error)
{
    sigset_t ending;
    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGINT);
    (void)sigaddset(&ending, SIGTERM);
    (void)sigaddset(&ending, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &ending, &interrupts->before);
    interrupts->descriptor = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
    if (interrupts->descriptor < 0) {
        int reason = errno;
        (void)sigprocmask(SIG_SETMASK, &interrupts->before, NULL);
        return error_set_system(error, ERROR_SYSTEM_CALL, reason, "signals can't be waited for");
    }
    return true;
}

int interrupts_status(const struct interrupts *interrupts)
{
    struct signalfd_siginfo told;
    if (read(interrupts->descriptor, &told, sizeof(told)) != (ssize_t)sizeof(told))
        return EXIT_STATUS_ERROR;
    return EXIT_STATUS_SIGNAL + (int)told.ssi_signo;
}

void interrupts_close(struct interrupts *interrupts)
{
    if (interrupts->descriptor < 0)
        return;
    (void)close(interrupts->descriptor);
    (void)sigprocmask(SIG_SETMASK, &interrupts->before, NULL);
    interrupts->descriptor = -1;
}
