/* SPDX-License-Identifier: MIT */
#include "stack/plugin_process.h"

#include "stack/plugin.h"
#include "stack/plugin_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    STREAM_MOST = 256 * 1024,        /* bytes kept of each stream; writing more fails */
    MEMORY_MOST = 512 * 1024 * 1024, /* that a stack may take from libc */
    WORK_PATIENCE_SECONDS = 120,     /* for a process that the guard can't end */
    KILL_SECONDS = 3,                /* of computing, past the limit: the stack keeps the guard from acting */
};

/* A file in memory that takes no more than STREAM_MOST bytes. */
static int stream_make(const char *name)
{
    int stream = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (stream >= 0 && (ftruncate(stream, STREAM_MOST) != 0 || fcntl(stream, F_ADD_SEALS, F_SEAL_GROW) != 0)) {
        int reason = errno;
        (void)close(stream);
        errno = reason;
        return -1;
    }
    return stream;
}

static bool process_make(struct plugin_process *process, unsigned seconds, struct error *error)
{
    static const char *const names[PLUGIN_STREAMS] = {"plug-in's output", "plug-in's errors"};
    void *shared = mmap(NULL, sizeof(*process->report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *process = (struct plugin_process){.pid = -1, .seconds = seconds, .streams = {-1, -1}};
    if (shared == MAP_FAILED)
        return error_set_system(error, ERROR_OUT_OF_MEMORY, errno, "no memory to share with a process");
    process->report = shared;
    process->report->seconds = seconds;
    for (size_t i = 0; i < PLUGIN_STREAMS; i++)
        if ((process->streams[i] = stream_make(names[i])) < 0)
            return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a file for what a plug-in writes can't be made");
    return true;
}

/* What there is already does not count: a sanitizer reserves more than any machine has. */
static void limit_memory(void)
{
    static const char path[] = "/proc/self/statm";
    char line[128] = "";
    unsigned long pages = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool known = file >= 0 && read(file, line, sizeof(line) - 1) > 0 &&
                 sscanf(line, "%*u %*u %*u %*u %*u %lu", &pages) == 1; // NOLINT(cert-err34-c)
    if (file >= 0)
        (void)close(file);
    rlim_t most = pages * (rlim_t)sysconf(_SC_PAGESIZE) + PLUGIN_HEAP_MOST + MEMORY_MOST;
    if (known)
        (void)setrlimit(RLIMIT_DATA, &(struct rlimit){most, most});
}

static _Noreturn void process_run(const struct plugin_process *process, const struct plugin_process_order *order,
                                  pid_t parent)
{
    static const int streams[PLUGIN_STREAMS] = {STDOUT_FILENO, STDERR_FILENO};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setsid();
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    for (size_t i = 0; i < PLUGIN_STREAMS; i++)
        (void)dup2(process->streams[i], streams[i]);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    limit_memory();
    const rlim_t computing = process->seconds * (rlim_t)(order->pieces == 0 ? 1 : order->pieces) + KILL_SECONDS;
    (void)setrlimit(RLIMIT_CPU, &(struct rlimit){computing, computing});
    plugin_guard_arm(process->report);
    _exit(order->main(order->context));
}

bool plugin_process_start(struct plugin_process *process, const struct plugin_process_order *order, struct error *error)
{
    pid_t parent = getpid();
    if (!process_make(process, order->seconds == 0 ? PLUGIN_COMPUTE_SECONDS : order->seconds, error)) {
        plugin_process_free(process);
        return false;
    }
    (void)fflush(NULL);
    process->pid = fork();
    if (process->pid == 0)
        process_run(process, order, parent);
    if (process->pid > 0)
        return true;
    (void)error_set_system(error, ERROR_SYSTEM_CALL, errno, "a process can't be started");
    plugin_process_free(process);
    return false;
}

void plugin_process_begin(void)
{
    plugin_guard_report->done = false;
    plugin_guard_arm(plugin_guard_report);
}

void plugin_process_done(void)
{
    struct plugin_report *report = plugin_guard_report;
    plugin_guard_disarm();
    report->done = true;
}

void plugin_process_collect(struct plugin_process *process, nanoseconds patience)
{
    nanoseconds left = patience / NANOSECONDS_PER_MILLISECOND;
    int handle = (int)syscall(SYS_pidfd_open, process->pid, 0);
    struct pollfd ended = {.fd = handle, .events = POLLIN};
    struct rusage usage = {.ru_nvcsw = 0};
    int ready = -1;
    while (handle >= 0 && (ready = poll(&ended, 1, left > 0 ? (int)left : 0)) < 0 && errno == EINTR)
        continue;
    process->killed = ready != 1;
    if (process->killed)
        (void)kill(process->pid, SIGKILL);
    /* Whom it started and left: they are of its session, whose number is free only once it is collected. */
    (void)kill(-process->pid, SIGKILL);
    if (handle >= 0)
        (void)close(handle);
    while (wait4(process->pid, &process->status, 0, &usage) < 0 && errno == EINTR)
        continue;
    process->computed = !process->killed && WIFSIGNALED(process->status) && WTERMSIG(process->status) == SIGKILL &&
                        usage.ru_utime.tv_sec + usage.ru_stime.tv_sec >= (time_t)process->seconds;
    process->pid = -1;
}

void plugin_process_free(struct plugin_process *process)
{
    for (size_t i = 0; i < PLUGIN_STREAMS; i++)
        if (process->streams[i] >= 0)
            (void)close(process->streams[i]);
    if (process->report != NULL)
        (void)munmap(process->report, sizeof(*process->report));
    *process = (struct plugin_process){.pid = -1, .streams = {-1, -1}};
}

/* Work in a process, as the process has it. */
struct work_in_process {
    const struct plugin_work_order *order;
    int answer; /* a file for it */
};

static bool answer_write(int file, const struct text *answer)
{
    for (size_t at = 0; at < answer->length;) {
        ssize_t written = write(file, answer->data + at, answer->length - at);
        if (written < 0 && errno != EINTR)
            return false;
        at += written > 0 ? (size_t)written : 0;
    }
    return !answer->truncated;
}

static int work_main(void *context)
{
    const struct work_in_process *work = context;
    struct plugin_report *report = plugin_guard_report;
    struct plugin_answer answer = {.text = text_growing()};
    struct error error = {.code = ERROR_NONE};
    bool sound = work->order->work(work->order->context, &answer, &error);
    plugin_process_done();
    if (!answer_write(work->answer, &answer.text)) {
        (void)error_set(&error, ERROR_SYSTEM_CALL, "a process can't tell what came of its work");
        sound = false;
    }
    report->error = error;
    report->sound = sound;
    report->status = answer.status;
    text_free(&answer.text);
    return EXIT_SUCCESS;
}

static void answer_read(int file, struct text *answer)
{
    char piece[4096];
    ssize_t length;
    (void)lseek(file, 0, SEEK_SET);
    while ((length = read(file, piece, sizeof(piece))) > 0)
        text_append_bytes(answer, piece, (size_t)length);
}

/* What the collected process answered, or that it did not. */
static bool work_conclude(const struct plugin_process *process, struct plugin_answer *answer, struct text *detail,
                          struct error *error)
{
    struct plugin_end end = {.headline = text_growing(), .detail = text_growing()};
    bool sound = false;
    if (plugin_process_explain(process, &end)) {
        if (process->report->phase == PLUGIN_LOADING)
            (void)error_set(error, ERROR_MALFORMED, "the plug-in can't be loaded: %s", text_string(&end.headline));
        else
            (void)error_set(error, end.blames ? ERROR_STACK_FAULT : ERROR_INTERRUPTED, "%s",
                            text_string(&end.headline));
        text_append_bytes(detail, text_string(&end.detail), end.detail.length);
        plugin_process_print_written(process, detail);
    } else if (!process->report->sound) {
        *error = process->report->error;
        plugin_process_print_written(process, detail);
    } else {
        answer->status = process->report->status;
        sound = true;
    }
    text_free(&end.headline);
    text_free(&end.detail);
    return sound;
}

bool plugin_process_work(const struct plugin_work_order *order, struct plugin_answer *answer, struct text *detail,
                         struct error *error)
{
    struct work_in_process work = {order, memfd_create("answer", MFD_CLOEXEC)};
    const struct plugin_process_order started = {work_main, &work, order->seconds, 0};
    struct plugin_process process;
    if (work.answer < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a file for an answer can't be made");
    bool sound = plugin_process_start(&process, &started, error);
    if (sound) {
        plugin_process_collect(&process,
                               (WORK_PATIENCE_SECONDS + (nanoseconds)process.seconds) * NANOSECONDS_PER_SECOND);
        sound = work_conclude(&process, answer, detail, error);
        answer_read(work.answer, &answer->text);
        plugin_process_free(&process);
    }
    (void)close(work.answer);
    return sound;
}

static bool probe_work(void *context, struct plugin_answer *answer, struct error *error)
{
    struct plugin *plugin;
    if (!plugin_load(context, &plugin, error))
        return false;
    answer->status = (int)plugin_offers(plugin)->restart;
    return true;
}

bool plugin_process_probe(const char *path, uint32_t *restart, struct error *error)
{
    const struct plugin_work_order order = {probe_work, (void *)(uintptr_t)path, 0};
    struct plugin_answer answer = {.text = text_growing()};
    struct text detail = text_growing();
    bool loaded = plugin_process_work(&order, &answer, &detail, error);
    if (loaded)
        *restart = (uint32_t)answer.status;
    text_free(&answer.text);
    text_free(&detail);
    return loaded;
}
