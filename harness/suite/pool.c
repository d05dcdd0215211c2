/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. One loop starts workers as long as there is room, waits until one of them says something, a
 * deadline passes or the interrupt comes, and collects those that are done. Setting up makes the machine busy, so only
 * few workers set up at once, by the number of processors; those that perform nearly always wait, and are bounded by
 * `jobs` only. Once all are started, what was inconclusive is performed again one at a time beside those that still
 * wait.
 *
 * To make a process takes longer than most scripts in virtual time do. So a worker may do a batch; but what it says is
 * believed only if it is a pass: else a stack that one script broke could fail another.
 */
#include "suite/pool.h"

#include "suite/calm.h"
#include "suite/worker_process.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* Half of its time a worker that sets up waits for the kernel. */
enum { SETTING_UP_A_PROCESSOR = 2 };

struct pool {
    const struct pool_settings *settings;
    const struct pool_item *items;
    size_t count;
    size_t next;             /* item to be started */
    struct pool_item *alone; /* those of batches that are to be performed by a worker each */
    size_t alone_count;
    size_t alone_next;
    struct pool_item *again; /* inconclusive, to be performed once more */
    size_t again_count;
    size_t again_next; /* of them, to be started */
    struct worker_process *workers;
    struct pollfd *polled; /* one for each worker, and the interrupt */
    size_t active;
    size_t setting_up_most;
};

static bool pool_make(struct pool *pool, const struct pool_settings *settings, struct error *error)
{
    cpu_set_t processors;
    pool->settings = settings;
    pool->setting_up_most = 1;
    if (sched_getaffinity(0, sizeof(processors), &processors) == 0)
        pool->setting_up_most = (size_t)CPU_COUNT(&processors) * SETTING_UP_A_PROCESSOR;
    pool->workers = calloc(settings->jobs, sizeof(*pool->workers));
    pool->polled = calloc(settings->jobs + 1, sizeof(*pool->polled));
    pool->alone = calloc(pool->count, sizeof(*pool->alone));
    pool->again = calloc(pool->count, sizeof(*pool->again));
    return (pool->workers != NULL && pool->polled != NULL && pool->alone != NULL && pool->again != NULL) ||
           error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %u workers", settings->jobs);
}

static size_t pool_setting_up(const struct pool *pool)
{
    size_t count = 0;
    for (size_t i = 0; i < pool->active; i++)
        count += pool->workers[i].state == WORKER_SETTING_UP;
    return count;
}

static bool pool_start_items(struct pool *pool, const struct pool_item *items, size_t count, struct error *error)
{
    if (!worker_process_start(&pool->workers[pool->active], pool->settings, items, count, error))
        return false;
    pool->active++;
    return true;
}

static bool is_beside(const struct pool_item *left, const struct pool_item *right)
{
    const char *paths[] = {left->one->script->path, right->one->script->path};
    size_t lengths[2];
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        const char *slash = strrchr(paths[i], '/');
        lengths[i] = slash == NULL ? 0 : (size_t)(slash - paths[i]);
    }
    return lengths[0] == lengths[1] && memcmp(paths[0], paths[1], lengths[0]) == 0;
}

/* How many of the items that are next one worker does: not all by the first ones, and of one folder. */
static size_t pool_batch(const struct pool *pool)
{
    size_t most = (pool->count - pool->next) / pool->settings->jobs;
    size_t count = 1;
    most = most < pool->settings->batch ? most : pool->settings->batch;
    while (count < most && is_beside(&pool->items[pool->next], &pool->items[pool->next + count]))
        count++;
    return count;
}

/* Starts the next worker; there is something for it to do. */
static bool pool_start_next(struct pool *pool, struct error *error)
{
    if (pool->alone_next < pool->alone_count)
        return pool_start_items(pool, &pool->alone[pool->alone_next++], 1, error);
    const struct pool_item *items = &pool->items[pool->next];
    size_t count = pool_batch(pool);
    pool->next += count;
    return pool_start_items(pool, items, count, error);
}

static bool pool_has_next(const struct pool *pool)
{
    return pool->alone_next < pool->alone_count || pool->next < pool->count;
}

/* Something is to be performed again and waits for a quiet moment, which comes only while others still sleep. */
static bool pool_reruns_wait(const struct pool *pool)
{
    return pool->active > 0 && !pool_has_next(pool) && pool->again_next < pool->again_count;
}

static bool pool_is_quiet(const struct pool *pool)
{
    for (size_t i = 0; i < pool->active; i++)
        if (pool->workers[i].state == WORKER_SETTING_UP || pool->workers[i].items->again)
            return false;
    return pool->active < pool->settings->jobs && calm_now(pool->settings->watch);
}

static bool pool_start(struct pool *pool, struct error *error)
{
    while (pool_has_next(pool) && pool->active < pool->settings->jobs && pool_setting_up(pool) < pool->setting_up_most)
        if (!pool_start_next(pool, error))
            return false;
    if (!pool_reruns_wait(pool) || !pool_is_quiet(pool))
        return true;
    const struct pool_item *item = &pool->again[pool->again_next++];
    item->one->reruns++;
    return pool_start_items(pool, item, 1, error);
}

static int pool_patience(const struct pool *pool, nanoseconds now)
{
    nanoseconds first = pool_reruns_wait(pool) ? now + calm_pause : NANOSECONDS_NEVER;
    for (size_t i = 0; i < pool->active; i++)
        if (pool->workers[i].deadline < first)
            first = pool->workers[i].deadline;
    if (first <= now)
        return 0;
    nanoseconds milliseconds = (first - now) / NANOSECONDS_PER_MILLISECOND + 1;
    return milliseconds > 3600000 ? 3600000 : (int)milliseconds;
}

/* Waits for something to do; the interrupt sets the suite's flag. */
static bool pool_wait(struct pool *pool, struct error *error)
{
    for (size_t i = 0; i < pool->active; i++)
        pool->polled[i] = (struct pollfd){.fd = pool->workers[i].pipe, .events = POLLIN};
    struct pollfd *interrupt = &pool->polled[pool->active];
    *interrupt = (struct pollfd){.fd = pool->settings->suite->settings->interrupt, .events = POLLIN};
    if (poll(pool->polled, pool->active + 1, pool_patience(pool, clock_now())) < 0 && errno != EINTR)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "workers can't be waited for");
    if (interrupt->revents != 0)
        pool->settings->suite->interrupted = true;
    return true;
}

/* A refusal that every other worker would meet as well: one message says it all. */
static bool is_refused_for_all(const struct worker_process *process)
{
    return process->state == WORKER_REFUSED &&
           (error_category(process->error.code) == ERROR_CATEGORY_CAPABILITY || process->error.code == ERROR_NAMESPACE);
}

static void pool_keep(struct pool *pool, const struct pool_item *item, struct suite_result result)
{
    if (pool->settings->reruns && !item->again &&
        suite_worth_again(pool->settings->suite->settings, item->one, &result))
        pool->again[pool->again_count++] = (struct pool_item){item->one, item->performance, true};
    struct suite *suite = pool->settings->suite;
    struct suite_result *slot = &item->one->results[item->performance];
    suite->finished += slot->there ? 0 : 1;
    suite_result_free(slot);
    *slot = result;
    if (suite->settings->progress != NULL)
        suite->settings->progress(suite->settings->progress_context, suite, item->one, slot);
}

static bool is_pass(const struct suite_result *result)
{
    return result->verdict == VERDICT_PASS && (!result->judged.there || result->judged.verdict == VERDICT_PASS);
}

/* Takes the results of a worker that was collected, or has its items performed by a worker each. */
static void pool_take(struct pool *pool, const struct worker_process *process)
{
    for (size_t i = 0; i < process->count; i++) {
        struct suite_result *result = &process->results[i];
        if (process->count == 1 || (result->there && process->state == WORKER_TOLD && is_pass(result))) {
            pool_keep(pool, &process->items[i], *result);
        } else {
            suite_result_free(result);
            pool->alone[pool->alone_count++] = process->items[i];
        }
    }
    free(process->results);
}

static bool pool_listen(struct pool *pool, struct error *error)
{
    size_t i = 0;
    while (i < pool->active) {
        struct worker_process *process = &pool->workers[i];
        if (!worker_process_listen(process, clock_now())) {
            i++;
            continue;
        }
        if (is_refused_for_all(process)) {
            *error = process->error;
            return false;
        }
        worker_process_collect(process);
        const struct worker_process collected = *process;
        pool->workers[i] = pool->workers[--pool->active];
        pool_take(pool, &collected);
    }
    return true;
}

bool pool_run(const struct pool_settings *settings, const struct pool_item *items, size_t count, struct error *error)
{
    struct pool pool = {.items = items, .count = count};
    bool sound = pool_make(&pool, settings, error);
    while (sound && !settings->suite->interrupted && (pool.active > 0 || pool_has_next(&pool)))
        sound = pool_start(&pool, error) && pool_wait(&pool, error) && pool_listen(&pool, error);
    /* All at once: each takes the kernel a while. */
    for (size_t i = 0; i < pool.active; i++)
        worker_process_kill(&pool.workers[i]);
    while (pool.active > 0)
        worker_process_discard(&pool.workers[--pool.active]);
    free(pool.workers);
    free(pool.polled);
    free(pool.alone);
    free(pool.again);
    return sound;
}
