/* SPDX-License-Identifier: MIT */
/* How many runs of a handshake script, already parsed, one processor performs in a second on the sample stack, which is
 * put back to its start before each, all of them judged; and how long that putting back takes. */
#include "engine/engine.h"
#include "processor_clock.h"
#include "spec/judge.h"
#include "stack/plugin.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    RUNS_FLOOR = 20000,    /* a second */
    RESTART_LIMIT = 20000, /* nanoseconds */
    RUNS_BETWEEN = 1000,   /* looks at the clock */
};

static const nanoseconds measured_span = NANOSECONDS_PER_SECOND;
static const char specification[] = SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec";
static const char script_path[] = SHAKEDOWN_SOURCE_DIR "/specs/suites/handshake/passive-open.pkt";

static _Noreturn void give_up(const char *why)
{
    (void)fprintf(stderr, "bench_embedded: %s\n", why);
    exit(EXIT_FAILURE);
}

/* What every run is made with. */
struct bench {
    struct spec spec;
    struct judge *judge;
    struct trace_sink sink;
    struct engine_settings settings;
    struct program program;
    struct plugin *plugin;
    struct stack *stack;
    struct arena arena;
};

static void restart(struct bench *bench)
{
    struct error error;
    if (!plugin_stack_restart(bench->stack, &error))
        give_up(error.text);
    judge_restart(bench->judge);
}

static void run_once(struct bench *bench)
{
    struct engine_result result;
    struct error error;
    restart(bench);
    engine_run(&bench->program, bench->stack, &bench->settings, &result);
    if (result.verdict != VERDICT_PASS)
        give_up(text_string(&result.headline));
    if (!judge_finish(bench->judge, &error) || judge_connection_count(bench->judge) != 1 ||
        judge_verdict(bench->judge) != VERDICT_PASS)
        give_up("a run was not judged, or not right");
    engine_result_free(&result);
}

static double runs_a_second(struct bench *bench)
{
    unsigned long runs = 0;
    nanoseconds start = processor_clock_now();
    for (; processor_clock_now() - start < measured_span; runs += RUNS_BETWEEN)
        for (int i = 0; i < RUNS_BETWEEN; i++)
            run_once(bench);
    return (double)runs * (double)NANOSECONDS_PER_SECOND / (double)(processor_clock_now() - start);
}

/* Nanoseconds, each time of what a run has left behind. */
static double restart_time(struct bench *bench)
{
    nanoseconds spent = 0;
    for (int i = 0; i < RUNS_BETWEEN; i++) {
        run_once(bench);
        nanoseconds start = processor_clock_now();
        restart(bench);
        spent += processor_clock_now() - start;
    }
    return (double)spent / RUNS_BETWEEN;
}

static void begin(struct bench *bench)
{
    const struct plugin_settings plugin_settings = {.seed = 1};
    struct diagnostics diagnostics = {.arena = &bench->arena};
    struct error error;
    bench->settings = (struct engine_settings){.title = script_path, .trace = &bench->sink};
    if (!program_load(script_path, &(struct program_settings){0}, &diagnostics, &bench->program, &error) ||
        !engine_options_read(&bench->program, &diagnostics, &bench->settings.options) ||
        !plugin_load(SAMPLE_STACK, &bench->plugin, &error) ||
        !plugin_stack_open(bench->plugin, &plugin_settings, &bench->stack, &error))
        give_up("the script or the stack can't be loaded");
    if (!spec_load(&bench->spec, specification, &diagnostics, &error) || diagnostics.count > 0)
        give_up("the specification can't be loaded");
    bench->judge = judge_open(&bench->spec, &error);
    if (bench->judge == NULL)
        give_up(error.text);
    bench->sink = judge_sink(bench->judge);
}

static void end(struct bench *bench)
{
    judge_close(bench->judge);
    spec_free(&bench->spec);
    stack_close(bench->stack);
    plugin_unload(bench->plugin);
    program_free(&bench->program);
    arena_free(&bench->arena);
}

int main(void)
{
    struct bench bench = {.judge = NULL};
    begin(&bench);
    printf("{\"name\": \"embedded_judged_runs\", \"value\": %.0f, \"unit\": \"runs/s\", \"floor\": %d}\n",
           runs_a_second(&bench), RUNS_FLOOR);
    printf("{\"name\": \"embedded_restart\", \"value\": %.0f, \"unit\": \"ns\", \"limit\": %d}\n", restart_time(&bench),
           RESTART_LIMIT);
    end(&bench);
    return EXIT_SUCCESS;
}
