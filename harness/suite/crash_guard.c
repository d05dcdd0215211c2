/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The handler runs in a process that is broken, on a stack of its own. It tells the parent what it
 * knows and ends the process; should that fail too (the fault was in the allocator, which a message needs), an alarm
 * that is not handled ends it.
 */
#include "suite/crash_guard.h"

#include "suite/message.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    FRAMES_MOST = 32,
    HANDLER_STACK = 256 * 1024,
    LAST_RESORT_SECONDS = 3,
};

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGVTALRM};

static int guard_descriptor = -1;
static uint8_t guard_stack[HANDLER_STACK] __attribute__((aligned(16)));

/* "segment_arrives+0x1c (sample.so)", as far as it is known. */
static void print_place(struct text *text, const void *at)
{
    Dl_info info;
    if (dladdr(at, &info) == 0 || info.dli_fname == NULL) {
        text_append_format(text, "%p", at);
        return;
    }
    const char *slash = strrchr(info.dli_fname, '/');
    const char *object = slash == NULL ? info.dli_fname : slash + 1;
    if (info.dli_sname != NULL)
        text_append_format(text, "%s+0x%zx (%s)", info.dli_sname, (size_t)((const char *)at - (char *)info.dli_saddr),
                           object);
    else
        text_append_format(text, "%s+0x%zx", object, (size_t)((const char *)at - (char *)info.dli_fbase));
}

static void *interrupted_at(void *context)
{
    const ucontext_t *machine = context;
#if defined(__x86_64__)
    return (void *)machine->uc_mcontext.gregs[REG_RIP]; // NOLINT(performance-no-int-to-ptr)
#elif defined(__aarch64__)
    return (void *)machine->uc_mcontext.pc; // NOLINT(performance-no-int-to-ptr)
#else
    (void)machine;
    return NULL;
#endif
}

static void print_headline(struct text *text, const siginfo_t *info, const void *place)
{
    if (info->si_signo == SIGVTALRM)
        text_append_format(text, "the stack did not come back within %d s of computing, in ", CRASH_GUARD_SECONDS);
    else
        text_append_format(text, "the stack crashed: %s", sigdescr_np(info->si_signo));
    if (info->si_signo == SIGSEGV || info->si_signo == SIGBUS)
        text_append_format(text, " at address %p", info->si_addr);
    if (info->si_signo != SIGVTALRM)
        text_append_string(text, " in ");
    print_place(text, place);
}

static void print_frames(struct text *text, const void *place)
{
    void *frames[FRAMES_MOST];
    int count = backtrace(frames, FRAMES_MOST);
    int first = 0;
    /* The handler's own frames, and the kernel's, come before the one that was interrupted. */
    for (int i = 0; i < count; i++)
        if (frames[i] == place)
            first = i;
    text_append_string(text, "  it was in:\n");
    for (int i = first; i < count; i++) {
        text_append_string(text, "    ");
        print_place(text, frames[i]);
        text_append_character(text, '\n');
    }
}

static void guard_tell(int number, siginfo_t *info, void *context)
{
    static char room[2][8192];
    struct error error;
    (void)number;
    (void)signal(SIGALRM, SIG_DFL);
    (void)alarm(LAST_RESORT_SECONDS);
    struct message message = {.kind = MESSAGE_RESULT,
                              .result = {.there = true,
                                         .verdict = VERDICT_ERROR,
                                         .headline = text_in(room[0], sizeof(room[0])),
                                         .detail = text_in(room[1], sizeof(room[1]))}};
    const void *place = interrupted_at(context);
    print_headline(&message.result.headline, info, place);
    print_frames(&message.result.detail, place);
    _exit(message_send(guard_descriptor, &message, &error) ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void guard_handle(void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_flags = flags};
    sigset_t all;
    (void)sigemptyset(&all);
    if (handler == NULL)
        action.sa_handler = SIG_DFL;
    else
        action.sa_sigaction = handler;
    for (size_t i = 0; i < COUNT_OF(fatal); i++) {
        (void)sigaction(fatal[i], &action, NULL);
        (void)sigaddset(&all, fatal[i]);
    }
    (void)sigprocmask(SIG_UNBLOCK, &all, NULL);
}

void crash_guard_arm(int descriptor)
{
    const stack_t own = {.ss_sp = guard_stack, .ss_size = sizeof(guard_stack)};
    const struct itimerval limit = {.it_value = {.tv_sec = CRASH_GUARD_SECONDS}};
    void *frame;
    guard_descriptor = descriptor;
    (void)backtrace(&frame, 1); /* loads what it needs while memory is sound */
    (void)sigaltstack(&own, NULL);
    guard_handle(guard_tell, (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND));
    (void)setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

void crash_guard_disarm(void)
{
    const struct itimerval none = {.it_value = {.tv_sec = 0}};
    (void)setitimer(ITIMER_VIRTUAL, &none, NULL);
    guard_handle(NULL, 0);
}
