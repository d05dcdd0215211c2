/* SPDX-License-Identifier: MIT */
#include "suite/worker_process.h"

#include "stack/isolation.h"
#include "suite/record_file.h"
#include "suite/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const nanoseconds set_up_time = 60 * NANOSECONDS_PER_SECOND;
static const nanoseconds clean_up_time = 10 * NANOSECONDS_PER_SECOND;
/* The engine ends by itself at its time-out; this is for when it can't. */
static const nanoseconds grace_time = 10 * NANOSECONDS_PER_SECOND;

static void close_all(const int *descriptors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (descriptors[i] >= 0)
            (void)close(descriptors[i]);
}

/* Opens a file for each recorder; their paths go into PATHS, one NUL-ended string behind the other. */
static bool open_recordings(struct worker_order *order, struct text *paths, struct error *error)
{
    const struct suite_settings *settings = order->settings;
    const struct pool_item *item = &order->items[0];
    INVARIANT(order->count == 1 || settings->recorder_count == 0);
    size_t starts[SUITE_RECORDERS_MOST];
    for (size_t i = 0; i < settings->recorder_count; i++) {
        starts[i] = paths->length;
        record_file_path(paths, &settings->recorders[i], item->one, item->performance);
        order->recordings[i] = record_file_open(text_string(paths) + starts[i], error);
        if (order->recordings[i] < 0) {
            close_all(order->recordings, i);
            return false;
        }
        text_append_character(paths, '\0');
    }
    for (size_t i = 0; i < settings->recorder_count; i++)
        order->names[i] = text_string(paths) + starts[i];
    return true;
}

/* The folder of the script at PATH. */
static int open_folder(const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    struct text text = text_in(folder, sizeof(folder));
    if (slash == NULL)
        text_append_character(&text, '.');
    else
        text_append_bytes(&text, path, slash == path ? 1 : (size_t)(slash - path));
    int opened = text.truncated ? -1 : open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        (void)error_set_system(error, ERROR_NOT_FOUND, text.truncated ? ENAMETOOLONG : errno,
                               "the folder of %s can't be entered", path);
    return opened;
}

static bool is_embedded(const struct worker_process *process)
{
    return process->embedded.report != NULL;
}

/* A worker that needs no room of its own: it makes no sockets and runs no commands. */
static bool start_embedded(struct worker_process *process, struct worker_order *order, struct error *error)
{
    const struct plugin_process_order started = {.main = worker_main, .context = order, .pieces = order->count};
    bool sound = plugin_process_start(&process->embedded, &started, error);
    process->pid = process->embedded.pid;
    return sound;
}

static bool start_piped(struct worker_process *process, struct worker_order *order, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a pipe for a worker can't be made");
    /* The worker waits until what it writes is taken; the parent never waits. */
    (void)fcntl(ends[1], F_SETFL, 0);
    order->pipe = ends[1];
    bool started = order->settings->plugin != NULL ? start_embedded(process, order, error)
                                                   : isolation_start(worker_main, order, &process->pid, error);
    (void)close(ends[1]);
    if (started)
        process->pipe = ends[0];
    else
        (void)close(ends[0]);
    return started;
}

static bool start_ordered(struct worker_process *process, struct worker_order *order, struct error *error)
{
    order->folder = open_folder(order->items[0].one->script->path, error);
    if (order->folder < 0)
        return false;
    bool started = start_piped(process, order, error);
    (void)close(order->folder);
    return started;
}

/* The item at work; the last one once all have told. */
static const struct pool_item *worker_item(const struct worker_process *process)
{
    return &process->items[process->told < process->count ? process->told : process->count - 1];
}

/* The next item, if there is one, is set up. */
static void worker_begin(struct worker_process *process, nanoseconds now)
{
    process->state = WORKER_SETTING_UP;
    process->started = now;
    process->deadline = now + set_up_time + worker_item(process)->one->script->time_out;
    process->was_ready = false;
}

bool worker_process_start(struct worker_process *process, const struct pool_settings *settings,
                          const struct pool_item *items, size_t count, struct error *error)
{
    struct worker_order order = {
        .settings = settings->suite->settings, .items = items, .count = count, .watch = settings->watch, .pipe = -1};
    struct text paths = text_growing();
    *process = (struct worker_process){.pipe = -1,
                                       .embedded = {.pid = -1, .streams = {-1, -1}},
                                       .items = items,
                                       .count = count,
                                       .results = calloc(count, sizeof(*process->results))};
    worker_begin(process, clock_now());
    bool started = process->results != NULL ? open_recordings(&order, &paths, error)
                                            : error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a worker");
    if (started) {
        started = start_ordered(process, &order, error);
        close_all(order.recordings, order.settings->recorder_count);
    }
    if (!started) {
        free(process->results);
        process->results = NULL;
    }
    text_free(&paths);
    return started;
}

static void worker_enter(struct worker_process *process, enum worker_state state, nanoseconds deadline)
{
    INVARIANT(state > process->state);
    process->was_ready = process->was_ready || state == WORKER_PERFORMING;
    process->state = state;
    process->deadline = deadline;
}

static void worker_take(struct worker_process *process, struct message *message, nanoseconds now)
{
    bool due = process->state == WORKER_PERFORMING
                   ? message->kind == MESSAGE_RESULT
                   : process->state == WORKER_SETTING_UP && message->kind != MESSAGE_RESULT;
    if (!due) {
        if (message->kind == MESSAGE_RESULT)
            suite_result_free(&message->result);
        process->garbage = true;
        if (process->state < WORKER_TOLD)
            worker_enter(process, WORKER_LOST, now);
        return;
    }
    if (message->kind == MESSAGE_READY) {
        worker_enter(process, WORKER_PERFORMING, now + worker_item(process)->one->script->time_out + grace_time);
    } else if (message->kind == MESSAGE_RESULT) {
        message->result.duration = now - process->started;
        process->results[process->told++] = message->result;
        if (process->told < process->count)
            worker_begin(process, now);
        else
            worker_enter(process, WORKER_TOLD, now + clean_up_time);
    } else {
        process->error = message->error;
        worker_enter(process, WORKER_REFUSED, now + clean_up_time);
    }
}

bool worker_process_listen(struct worker_process *process, nanoseconds now)
{
    struct message message;
    enum message_state state;
    bool ended = false;
    bool heard = message_receive(&process->inbox, process->pipe, &ended, &process->error);
    while ((state = message_take(&process->inbox, &message)) == MESSAGE_TAKEN)
        worker_take(process, &message, now);
    if (process->state >= WORKER_TOLD)
        return ended || !heard || state == MESSAGE_GARBAGE || now >= process->deadline;
    if (state == MESSAGE_GARBAGE)
        process->garbage = true;
    if (ended || !heard || process->garbage)
        worker_enter(process, WORKER_LOST, now);
    else if (now >= process->deadline)
        worker_enter(process, WORKER_TIMED_OUT, now);
    return process->state >= WORKER_TOLD;
}

/* Waits until DEADLINE for the process to end by itself; whatever it does, it has ended after this. */
static int worker_reap(struct worker_process *process, nanoseconds deadline)
{
    int status;
    if (is_embedded(process)) {
        plugin_process_collect(&process->embedded, deadline - clock_now());
        status = process->embedded.status;
    } else {
        status = isolation_collect(process->pid, deadline - clock_now());
    }
    (void)close(process->pipe);
    process->pipe = -1;
    message_inbox_free(&process->inbox);
    return status;
}

static void explain_end(struct text *text, int status)
{
    /* A worker's own parent passes a signal on as a shell does. */
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : code - 128;
    const char *meaning = number > 0 ? sigdescr_np(number) : NULL;
    if (meaning != NULL)
        text_append_format(text, "the worker died of signal %d (%s)", number, meaning);
    else
        text_append_format(text, "the worker ended with status %d and without a result", code);
}

/* A machine that is too busy to set a stack up in good time says nothing about the script or the stack. */
static bool worker_was_late(const struct worker_process *process)
{
    if (process->state == WORKER_REFUSED)
        return error_category(process->error.code) == ERROR_CATEGORY_INTERRUPTED;
    return process->state == WORKER_TIMED_OUT && !process->was_ready;
}

static struct suite_result worker_failure(const struct worker_process *process, int status)
{
    struct suite_result result = suite_result_of(worker_was_late(process) ? VERDICT_INCONCLUSIVE : VERDICT_ERROR, "");
    struct text *headline = &result.headline;
    nanoseconds time_out = worker_item(process)->one->script->time_out;
    result.duration = clock_now() - process->started;
    if (process->state == WORKER_REFUSED)
        text_append_string(headline, process->error.text);
    else if (process->state == WORKER_LOST && process->garbage)
        text_append_string(headline, "the worker sent what is no result");
    else if (process->state == WORKER_LOST && is_embedded(process)) {
        text_append_string(headline, "the result can't be told: the stack closed the harness's descriptor for it");
        result.verdict = VERDICT_FAIL;
    } else if (process->state == WORKER_LOST)
        explain_end(headline, status);
    else if (process->was_ready)
        text_append_format(headline, "the script did not end within %.0f s",
                           (double)(time_out + grace_time) / (double)NANOSECONDS_PER_SECOND);
    else
        text_append_format(headline, "the stack was not set up within %.0f s",
                           (double)(set_up_time + time_out) / (double)NANOSECONDS_PER_SECOND);
    return result;
}

/* What the stack did to its process, if it did; that goes before what the worker said. */
static bool worker_is_broken(const struct worker_process *process, struct plugin_end *end)
{
    return is_embedded(process) && process->state != WORKER_REFUSED &&
           plugin_process_explain(&process->embedded, end) && (end->blames || !worker_was_late(process));
}

static void worker_forget(struct worker_process *process)
{
    for (size_t i = 0; i < process->told; i++)
        suite_result_free(&process->results[i]);
    memset(process->results, 0, process->count * sizeof(*process->results));
    process->told = 0;
}

/* The result of the only item. */
static void worker_conclude(struct worker_process *process, const struct plugin_end *end, bool broken, int status)
{
    struct suite_result *result = &process->results[0];
    if (broken) {
        nanoseconds duration = process->state == WORKER_TOLD ? result->duration : clock_now() - process->started;
        worker_forget(process);
        *result = suite_result_of(end->blames ? VERDICT_FAIL : VERDICT_ERROR, text_string(&end->headline));
        result->duration = duration;
        text_append_bytes(&result->detail, text_string(&end->detail), end->detail.length);
    } else if (process->state != WORKER_TOLD) {
        *result = worker_failure(process, status);
    }
    if (is_embedded(process) && result->verdict != VERDICT_PASS)
        plugin_process_print_written(&process->embedded, &result->detail);
}

void worker_process_collect(struct worker_process *process)
{
    bool patient =
        (process->state == WORKER_TOLD || process->state == WORKER_REFUSED || process->state == WORKER_LOST) &&
        !process->garbage;
    int status = worker_reap(process, patient ? clock_now() + clean_up_time : 0);
    struct plugin_end end = {.headline = text_growing(), .detail = text_growing()};
    bool broken = worker_is_broken(process, &end);
    if (process->count == 1)
        worker_conclude(process, &end, broken, status);
    else if (broken || process->state != WORKER_TOLD)
        worker_forget(process);
    text_free(&end.headline);
    text_free(&end.detail);
    plugin_process_free(&process->embedded);
}

void worker_process_kill(const struct worker_process *process)
{
    (void)kill(process->pid, SIGKILL);
}

void worker_process_discard(struct worker_process *process)
{
    (void)worker_reap(process, 0);
    plugin_process_free(&process->embedded);
    worker_forget(process);
    free(process->results);
    process->results = NULL;
}
