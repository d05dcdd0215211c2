/* SPDX-License-Identifier: MIT */
#include "suite/suite.h"

#include "stack/isolation.h"
#include "suite/calm.h"
#include "suite/plan.h"
#include "suite/pool.h"
#include "suite/record_file.h"
#include "suite/settle.h"

#include <fnmatch.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    RERUNS_MOST = 3,
    JOBS_AT_LEAST = 32,
    JOBS_A_PROCESSOR = 16,
    JOBS_MOST = 1024,
    BATCH_MOST = 32,
    DESCRIPTORS_BESIDES = 64, /* that the process needs for other things than workers */
    WORKER_MEMORY = 16 * 1024 * 1024,
};

static bool fits_filter(const struct suite_settings *settings, const struct suite_script *script)
{
    if (settings->filter == NULL)
        return true;
    const char *slash = strrchr(script->path, '/');
    return fnmatch(settings->filter, script->path, 0) == 0 || fnmatch(settings->filter, script->name, 0) == 0 ||
           fnmatch(settings->filter, slash == NULL ? script->path : slash + 1, 0) == 0;
}

static bool is_asked_for(const struct suite_settings *settings, const struct suite_script *script)
{
    return fits_filter(settings, script) &&
           (settings->requirement == NULL || requirement_cited(&script->program, settings->requirement));
}

static bool plan_scripts(struct suite *suite, struct error *error)
{
    size_t count = suite->discovery.count;
    suite->scripts = arena_take(&suite->arena, count * sizeof(*suite->scripts));
    if (suite->scripts == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %zu scripts", count);
    for (size_t i = 0; i < count; i++) {
        const struct discovered_script *discovered = &suite->discovery.scripts[i];
        struct suite_script *script = &suite->scripts[i];
        *script = (struct suite_script){.path = discovered->path,
                                        .name = discovered->name,
                                        .namesakes = discovered->namesakes,
                                        .from_folder = discovered->from_folder,
                                        .fault = discovered->fault};
        suite->script_count++;
        if (!plan_script(suite, script, error))
            return false;
        script->selected = script->fault != NULL || is_asked_for(suite->settings, script);
    }
    return true;
}

static bool plan_case(struct suite *suite, struct suite_script *script, int ip_version, struct error *error)
{
    unsigned repeat = suite->settings->repeat;
    struct suite_case *one = &suite->cases[suite->case_count];
    *one = (struct suite_case){.script = script, .ip_version = ip_version, .verdict = VERDICT_ERROR};
    one->results = arena_take(&suite->arena, repeat * sizeof(*one->results));
    if (one->results == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the results of %s", script->path);
    suite->case_count++;
    suite->planned += repeat;
    if (script->check == VERDICT_PASS)
        return true;
    for (unsigned i = 0; i < repeat; i++) {
        one->results[i] = suite_result_of(script->check, script->headline);
        text_append_string(&one->results[i].detail, script->detail);
    }
    suite->finished += repeat;
    return true;
}

/* A script that can't be run is one case, whatever its IP versions. */
static bool plan_cases(struct suite *suite, struct error *error)
{
    suite->cases = arena_take(&suite->arena, suite->script_count * IP_VERSION_COUNT * sizeof(*suite->cases));
    if (suite->cases == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %zu cases", suite->script_count);
    for (size_t i = 0; i < suite->script_count; i++) {
        struct suite_script *script = &suite->scripts[i];
        if (!script->selected)
            continue;
        ip_versions versions = plan_versions(script, suite->settings->versions);
        bool sound = script->check == VERDICT_PASS;
        for (int version = 0; version < IP_VERSION_COUNT; version++) {
            if (sound && (versions & (1U << version)) == 0)
                continue;
            if (!plan_case(suite, script, version, error))
                return false;
            if (!sound)
                break;
        }
    }
    return true;
}

bool suite_plan(struct suite *suite, const struct suite_settings *settings, struct error *error)
{
    *suite = (struct suite){.settings = settings};
    INVARIANT(settings->repeat > 0 && settings->recorder_count <= SUITE_RECORDERS_MOST);
    if (settings->judged_deviations != NULL && settings->judged_deviations->count > SUITE_JUDGED_DEVIATIONS_MOST)
        return error_set(error, ERROR_USAGE, "%s has more than %d entries", settings->judged_deviations->source.name,
                         SUITE_JUDGED_DEVIATIONS_MOST);
    if (settings->spec != NULL && settings->spec->clause_count > SUITE_CLAUSES_MOST)
        return error_set(error, ERROR_TOO_LARGE, "%s cites more than %d clauses", settings->spec->source.name,
                         SUITE_CLAUSES_MOST);
    if (!discovery_find(&suite->discovery, settings->paths, settings->path_count, error) ||
        !plan_scripts(suite, error) || !plan_cases(suite, error))
        return false;
    return suite->case_count > 0 ||
           error_set(error, ERROR_USAGE, "of %zu scripts none is left by --filter, --requirement and --ip",
                     suite->script_count);
}

/* Longest first, so that the last to end is not one that began late; else in the order of the cases. */
static int compare_items(const void *left, const void *right)
{
    const struct pool_item *one = left;
    const struct pool_item *other = right;
    if (one->one->script->estimate != other->one->script->estimate)
        return one->one->script->estimate > other->one->script->estimate ? -1 : 1;
    if (one->performance != other->performance)
        return one->performance < other->performance ? -1 : 1;
    return one->one < other->one ? -1 : one->one > other->one;
}

static struct pool_item *collect_items(const struct suite *suite, size_t *count)
{
    struct pool_item *items = calloc(suite->planned + 1, sizeof(*items));
    *count = 0;
    for (size_t i = 0; items != NULL && i < suite->case_count; i++)
        for (unsigned performance = 0; performance < suite->settings->repeat; performance++)
            if (!suite->cases[i].results[performance].there)
                items[(*count)++] = (struct pool_item){.one = &suite->cases[i], .performance = performance};
    if (items != NULL)
        qsort(items, *count, sizeof(*items), compare_items);
    return items;
}

static unsigned bounded(double wanted, double most)
{
    double least = wanted < most ? wanted : most;
    return least < 1 ? 1 : (unsigned)least;
}

/* As many as make the longest script decide how long all take, as far as descriptors and memory go. */
static unsigned choose_jobs(const struct suite *suite, const struct pool_item *items, size_t count)
{
    cpu_set_t processors;
    struct rlimit descriptors = {0};
    double wanted = JOBS_AT_LEAST;
    double sum = 0;
    double most = JOBS_MOST;
    if (sched_getaffinity(0, sizeof(processors), &processors) == 0 &&
        CPU_COUNT(&processors) * JOBS_A_PROCESSOR > JOBS_AT_LEAST)
        wanted = CPU_COUNT(&processors) * JOBS_A_PROCESSOR;
    for (size_t i = 0; i < count; i++)
        sum += (double)items[i].one->script->estimate;
    if (count > 0 && items[0].one->script->estimate > 0 && 2 * sum / (double)items[0].one->script->estimate > wanted)
        wanted = 2 * sum / (double)items[0].one->script->estimate;
    if (suite->settings->plugin != NULL && sched_getaffinity(0, sizeof(processors), &processors) == 0)
        wanted = CPU_COUNT(&processors); /* nothing sleeps there */
    if (suite->settings->jobs > 0)
        wanted = suite->settings->jobs;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0 && descriptors.rlim_cur != RLIM_INFINITY)
        most = (double)descriptors.rlim_cur - DESCRIPTORS_BESIDES;
    double memory = (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / WORKER_MEMORY;
    if (memory > 0 && memory < most)
        most = memory;
    return bounded(wanted, most < JOBS_MOST ? most : JOBS_MOST);
}

/* Performs what is still inconclusive again, with nothing else going on; the last verdict counts. */
static bool rerun_alone(const struct pool_settings *settings, const struct pool_item *items, size_t count,
                        struct error *error)
{
    const struct pool_settings alone = {.suite = settings->suite, .watch = settings->watch, .jobs = 1, .batch = 1};
    for (size_t i = 0; i < count; i++) {
        const struct suite_result *result = &items[i].one->results[items[i].performance];
        for (int attempt = 0; attempt < RERUNS_MOST; attempt++) {
            if (settings->suite->interrupted || !suite_worth_again(settings->suite->settings, items[i].one, result))
                break;
            items[i].one->reruns++;
            calm_await(settings->watch);
            if (!pool_run(&alone, &items[i], 1, error))
                return false;
        }
    }
    return true;
}

/* On a stack in virtual time: nothing is late there, and nothing needs a namespace. */
static bool perform_embedded(struct suite *suite, const struct pool_item *items, size_t count, struct error *error)
{
    bool alone = suite->settings->recorder_count > 0 || suite->settings->plugin_restart != SHAKEDOWN_RESTART_OWN;
    const struct pool_settings settings = {
        .suite = suite, .jobs = choose_jobs(suite, items, count), .batch = alone ? 1 : BATCH_MOST};
    return record_folders_make(suite->settings, error) && pool_run(&settings, items, count, error);
}

static bool perform_items(struct suite *suite, const struct pool_item *items, size_t count, struct error *error)
{
    if (suite->settings->plugin != NULL)
        return perform_embedded(suite, items, count, error);
    struct machine_watch *watch;
    if (!isolation_possible(error) || !record_folders_make(suite->settings, error) ||
        !machine_watch_start(&watch, error))
        return false;
    const struct pool_settings settings = {
        .suite = suite, .watch = watch, .jobs = choose_jobs(suite, items, count), .batch = 1, .reruns = true};
    bool performed = pool_run(&settings, items, count, error) && rerun_alone(&settings, items, count, error);
    machine_watch_stop(watch);
    return performed;
}

bool suite_run(struct suite *suite, struct error *error)
{
    size_t count;
    nanoseconds start = clock_now();
    struct pool_item *items = collect_items(suite, &count);
    if (items == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %zu performances", suite->planned);
    bool performed = (count == 0 || perform_items(suite, items, count, error)) && suite_settle(suite, error);
    free(items);
    suite->duration = clock_now() - start;
    return performed;
}

void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->case_count; i++)
        for (unsigned performance = 0; performance < suite->settings->repeat; performance++)
            suite_result_free(&suite->cases[i].results[performance]);
    arena_free(&suite->arena);
    discovery_free(&suite->discovery);
    *suite = (struct suite){0};
}
