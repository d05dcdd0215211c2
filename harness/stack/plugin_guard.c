/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The handler runs in a process that is broken, on a stack of its own. It writes what it knows to
 * memory that the parent shares, with nothing that asks for memory, and ends the process; should that fail too, an
 * alarm that is not handled ends it. Two timers tick: one counts the processor's time, the other the wall's. On a
 * machine that is short of processors the second may tick before the stack was given any time; the stack is blamed
 * only if it gave up the processor by itself, and is in the same function as at the tick before.
 */
#include "stack/plugin_guard.h"

#include "stack/stack.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    FRAMES_MOST = 48,
    FRAMES_SHOWN = 16,
    HANDLER_STACK = 256 * 1024,
    LAST_RESORT_SECONDS = 3,
};

/* What ends the process, but for the timers' own. */
static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

static struct plugin_report unread;
struct plugin_report *plugin_guard_report = &unread;

/* The guard of this process. */
static struct {
    pid_t armed; /* the process; 0: none */
    pthread_t thread;
    uint32_t entered; /* and how often the process had waited, at the last tick of the wall's clock */
    long waits;
} guard;

static uint8_t guard_stack[HANDLER_STACK] __attribute__((aligned(16)));

void plugin_phase_print(struct text *text, uint32_t phase)
{
    static const char *const names[] = {[PLUGIN_LOADING] = " while it was loaded", [PLUGIN_CREATE] = " in create",
                                        [PLUGIN_DESTROY] = " in destroy",          [PLUGIN_PACKET] = " in packet",
                                        [PLUGIN_ADVANCE] = " in advance",          [PLUGIN_FAULT] = " in fault"};
    if (phase >= PLUGIN_CALL && phase - PLUGIN_CALL < STACK_OPERATION_COUNT)
        text_append_format(text, " in a call of %s()",
                           stack_operation_name((enum stack_operation)(phase - PLUGIN_CALL)));
    else if (phase < COUNT_OF(names) && names[phase] != NULL)
        text_append_string(text, names[phase]);
}

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

/* The functions that were running, innermost first. */
struct frames {
    void *at[FRAMES_MOST];
    int first;
    bool interrupted; /* the first one was, the others called the one before */
    int end;          /* the harness's own frames, which called the stack, come from here on */
};

static const void *object_of(const void *at)
{
    Dl_info info;
    return dladdr(at, &info) == 0 ? NULL : info.dli_fbase;
}

/* PLACE is where the process was interrupted; NULL if it called the guard itself. */
static void frames_take(struct frames *frames, const void *place)
{
    const void *own = object_of(guard_stack);
    int count = backtrace(frames->at, FRAMES_MOST);
    frames->first = 0;
    /* The handler's own frames, and the kernel's, come before the one that was interrupted. */
    for (int i = 0; place != NULL && i < count; i++)
        if (frames->at[i] == place)
            frames->first = i;
    frames->interrupted = place != NULL && count > 0 && frames->at[frames->first] == place;
    while (place == NULL && frames->first < count - 1 && object_of(frames->at[frames->first]) == own)
        frames->first++;
    bool beyond = false;
    for (frames->end = frames->first; frames->end < count; frames->end++) {
        bool is_own = object_of(frames->at[frames->end]) == own;
        if (is_own && beyond)
            return;
        beyond = beyond || !is_own;
    }
}

/* Where the function of the frame I was. What it returns to may already be another function, behind it. */
static const void *frame_place(const struct frames *frames, int i)
{
    return i == frames->first && frames->interrupted ? frames->at[i] : (const char *)frames->at[i] - 1;
}

static void frames_print(struct text *text, const struct frames *frames)
{
    text_append_string(text, "  it was in:\n");
    for (int i = frames->first; i < frames->end && i < frames->first + FRAMES_SHOWN; i++) {
        text_append_string(text, "    ");
        print_place(text, frame_place(frames, i));
        text_append_character(text, '\n');
    }
    if (frames->end > frames->first + FRAMES_SHOWN)
        text_append_string(text, "    and more\n");
}

/* Whether the guard may speak for this process: a copy of it, which the stack made, says nothing. */
static bool guard_is_armed(void)
{
    return guard.armed != 0 && guard.armed == getpid();
}

/* From here on nothing comes back: what is to be said goes into the text. */
static struct text guard_begin(void)
{
    guard.armed = 0;
    (void)signal(SIGALRM, SIG_DFL);
    (void)alarm(LAST_RESORT_SECONDS);
    return text_in(plugin_guard_report->headline, sizeof(plugin_guard_report->headline));
}

/* The first function that is neither the harness's nor the C library's: the stack's own. */
static const void *frames_of_stack(const struct frames *frames)
{
    const void *own = object_of(guard_stack);
    const void *library = object_of(sigdescr_np(SIGABRT)); /* its words are in it */
    for (int i = frames->first; i < frames->end; i++) {
        const void *object = object_of(frames->at[i]);
        if (object != NULL && object != own && object != library)
            return frame_place(frames, i);
    }
    return NULL;
}

/* Adds where it was, and ends the process. PLACE is NULL where the guard was called. */
static _Noreturn void guard_end(struct text *headline, const void *place, bool blames)
{
    struct plugin_report *report = plugin_guard_report;
    struct text detail = text_in(report->detail, sizeof(report->detail));
    struct frames frames;
    /* Should the frames be too broken to be followed, this is there. */
    report->blames = blames;
    report->told = true;
    frames_take(&frames, place);
    const void *stack = frames_of_stack(&frames);
    if (stack != NULL && stack != place) {
        text_append_string(headline, ", called from ");
        print_place(headline, stack);
    }
    frames_print(&detail, &frames);
    _exit(EXIT_FAILURE);
}

/* A stack that takes no notice of that usually crashes soon after. */
static bool memory_is_spent(void)
{
    const size_t little = (size_t)1 << 26;
    void *taken = mmap(NULL, little, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (taken == MAP_FAILED)
        return true;
    (void)munmap(taken, little);
    return false;
}

static void guard_take_fault(int number, siginfo_t *info, void *context)
{
    uint32_t phase = plugin_guard_report->phase;
    if (!guard_is_armed()) {
        /* Handled as it would be without a guard, once this returns. */
        (void)signal(number, SIG_DFL);
        (void)raise(number);
        return;
    }
    struct text text = guard_begin();
    const void *place = interrupted_at(context);
    text_append_string(&text, phase == PLUGIN_OUTSIDE ? "the harness crashed beside the stack" : "the stack crashed");
    plugin_phase_print(&text, phase);
    text_append_format(&text, "%s: %s", memory_is_spent() ? " with no memory left that it may take" : "",
                       sigdescr_np(number));
    if (number == SIGSEGV || number == SIGBUS)
        text_append_format(&text, " at address %p", info->si_addr);
    text_append_string(&text, " in ");
    print_place(&text, place);
    guard_end(&text, place, phase != PLUGIN_OUTSIDE);
}

static _Noreturn void tell_of_time(const char *did, unsigned seconds, void *context)
{
    uint32_t phase = plugin_guard_report->phase;
    struct text text = guard_begin();
    const void *place = interrupted_at(context);
    text_append_format(&text, "%s within %u s of %s",
                       phase == PLUGIN_OUTSIDE ? "the run did not end" : "the stack did not come back", seconds, did);
    plugin_phase_print(&text, phase);
    text_append_string(&text, ", in ");
    print_place(&text, place);
    guard_end(&text, place, phase != PLUGIN_OUTSIDE);
}

static void guard_take_compute(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    if (guard_is_armed())
        tell_of_time("computing", plugin_guard_report->seconds, context);
}

static long waits_so_far(void)
{
    struct rusage usage = {.ru_nvcsw = 0};
    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nvcsw;
}

static void guard_take_wait(int number, siginfo_t *info, void *context)
{
    const struct plugin_report *report = plugin_guard_report;
    (void)number;
    (void)info;
    if (!guard_is_armed())
        return;
    long waits = waits_so_far();
    if (report->phase != PLUGIN_OUTSIDE && report->entered == guard.entered && waits > guard.waits)
        tell_of_time("waiting", PLUGIN_WAIT_SECONDS, context);
    guard.entered = report->entered;
    guard.waits = waits;
}

/* The stack DID something that ends the process, or breaks the rules. */
static _Noreturn void tell_of_deed(const char *did)
{
    struct text text = guard_begin();
    text_append_format(&text, "the stack %s", did);
    plugin_phase_print(&text, plugin_guard_report->phase);
    guard_end(&text, NULL, true);
}

static void guard_take_exit(int status, void *context)
{
    char did[64];
    struct text text = text_in(did, sizeof(did));
    (void)context;
    if (!guard_is_armed())
        return;
    text_append_format(&text, "ended the process by exit(%d)", status);
    tell_of_deed(did);
}

static void guard_take_fork(void)
{
    if (guard_is_armed() && plugin_guard_report->phase != PLUGIN_OUTSIDE)
        tell_of_deed("called fork()");
}

bool plugin_guard_calls_host(const char *function)
{
    char did[128];
    struct text text = text_in(did, sizeof(did));
    if (guard.armed == 0)
        return true;
    bool foreign = pthread_equal(guard.thread, pthread_self()) == 0;
    if (!foreign && plugin_guard_report->phase != PLUGIN_OUTSIDE)
        return true;
    if (!guard_is_armed())
        return false;
    text_append_format(&text, "called its host's `%s` ", function);
    text_append_string(&text, foreign ? "from a thread of its own" : "while none of its functions ran");
    tell_of_deed(did);
}

static void guard_handle(const int *numbers, size_t count, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_flags = flags};
    sigset_t all;
    (void)sigemptyset(&all);
    if (handler == NULL)
        action.sa_handler = SIG_DFL;
    else
        action.sa_sigaction = handler;
    for (size_t i = 0; i < count; i++) {
        (void)sigaction(numbers[i], &action, NULL);
        (void)sigaddset(&all, numbers[i]);
    }
    (void)sigprocmask(SIG_UNBLOCK, &all, NULL);
}

void plugin_guard_arm(struct plugin_report *report)
{
    static const int compute[] = {SIGPROF};
    static const int wall[] = {SIGALRM};
    static bool registered;
    const stack_t own = {.ss_sp = guard_stack, .ss_size = sizeof(guard_stack)};
    const struct timeval wait = {.tv_sec = PLUGIN_WAIT_SECONDS};
    const struct itimerval compute_limit = {.it_value = {.tv_sec = (time_t)report->seconds}};
    const struct itimerval wait_tick = {.it_interval = wait, .it_value = wait};
    const int flags = (int)(SA_SIGINFO | SA_ONSTACK);
    void *frame;
    plugin_guard_report = report;
    guard.armed = getpid();
    guard.thread = pthread_self();
    guard.entered = 0;
    (void)backtrace(&frame, 1); /* loads what it needs while memory is sound */
    if (!registered)
        registered = on_exit(guard_take_exit, NULL) == 0 && pthread_atfork(guard_take_fork, NULL, NULL) == 0;
    (void)sigaltstack(&own, NULL);
    guard_handle(fatal, COUNT_OF(fatal), guard_take_fault, flags | (int)SA_RESETHAND);
    guard_handle(compute, COUNT_OF(compute), guard_take_compute, flags);
    guard_handle(wall, COUNT_OF(wall), guard_take_wait, flags | SA_RESTART);
    (void)setitimer(ITIMER_PROF, &compute_limit, NULL);
    (void)setitimer(ITIMER_REAL, &wait_tick, NULL);
}

void plugin_guard_disarm(void)
{
    siginfo_t left;
    if (guard_is_armed() && waitid(P_ALL, 0, &left, WEXITED | WNOHANG | WNOWAIT) == 0)
        tell_of_deed("left a process behind that it started");

    static const int timers[] = {SIGPROF, SIGALRM};
    const struct itimerval none = {.it_value = {.tv_sec = 0}};
    guard.armed = 0;
    (void)setitimer(ITIMER_PROF, &none, NULL);
    (void)setitimer(ITIMER_REAL, &none, NULL);
    guard_handle(fatal, COUNT_OF(fatal), NULL, 0);
    guard_handle(timers, COUNT_OF(timers), NULL, 0);
}
