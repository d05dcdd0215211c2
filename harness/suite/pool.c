/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. One loop starts workers as long as there is room, waits until one of them says something, a
 * deadline passes or the interrupt comes, and collects those that are done. Setting up makes the machine busy, so only
 * few workers set up at once, by the number of processors; those that perform nearly always wait, and are bounded by
 * `jobs` only. Once all are started, what was inconclusive is performed again one at a time beside those that still
 * wait.
 */
#include "suite/pool.h"

#include "suite/calm.h"
#include "suite/worker_process.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>

/* Half of its time a worker that sets up waits for the kernel. */
enum { SETTING_UP_A_PROCESSOR = 2 };

struct pool {
    const struct pool_settings *settings;
    const struct pool_item *items;
    size_t count;
    size_t next;             /* item to be started */
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
    pool->again = calloc(pool->count, sizeof(*pool->again));
    return (pool->workers != NULL && pool->polled != NULL && pool->again != NULL) ||
           error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %u workers", settings->jobs);
}

static size_t pool_setting_up(const struct pool *pool)
{
    size_t count = 0;
    for (size_t i = 0; i < pool->active; i++)
        count += pool->workers[i].state == WORKER_SETTING_UP;
    return count;
}

static bool pool_start_item(struct pool *pool, const struct pool_item *item, struct error *error)
{
    if (!worker_process_start(&pool->workers[pool->active], pool->settings, item, error))
        return false;
    pool->active++;
    return true;
}

/* Something is to be performed again and waits for a quiet moment, which comes only while others still sleep. */
static bool pool_reruns_wait(const struct pool *pool)
{
    return pool->active > 0 && pool->next == pool->count && pool->again_next < pool->again_count;
}

static bool pool_is_quiet(const struct pool *pool)
{
    for (size_t i = 0; i < pool->active; i++)
        if (pool->workers[i].state == WORKER_SETTING_UP || pool->workers[i].item.again)
            return false;
    return pool->active < pool->settings->jobs && calm_now(pool->settings->watch);
}

static bool pool_start(struct pool *pool, struct error *error)
{
    while (pool->next < pool->count && pool->active < pool->settings->jobs &&
           pool_setting_up(pool) < pool->setting_up_most)
        if (!pool_start_item(pool, &pool->items[pool->next++], error))
            return false;
    if (!pool_reruns_wait(pool) || !pool_is_quiet(pool))
        return true;
    const struct pool_item *item = &pool->again[pool->again_next++];
    item->one->reruns++;
    return pool_start_item(pool, item, error);
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
        struct pool_item item = process->item;
        struct suite_result result = worker_process_collect(process);
        pool->workers[i] = pool->workers[--pool->active];
        pool_keep(pool, &item, result);
    }
    return true;
}

bool pool_run(const struct pool_settings *settings, const struct pool_item *items, size_t count, struct error *error)
{
    struct pool pool = {.items = items, .count = count};
    bool sound = pool_make(&pool, settings, error);
    while (sound && !settings->suite->interrupted && (pool.active > 0 || pool.next < count))
        sound = pool_start(&pool, error) && pool_wait(&pool, error) && pool_listen(&pool, error);
    /* All at once: each takes the kernel a while. */
    for (size_t i = 0; i < pool.active; i++)
        worker_process_kill(&pool.workers[i]);
    while (pool.active > 0)
        worker_process_discard(&pool.workers[--pool.active]);
    free(pool.workers);
    free(pool.polled);
    free(pool.again);
    return sound;
}
