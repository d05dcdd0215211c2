/* SPDX-License-Identifier: MIT */
/* How many runs of a handshake script, already parsed, one processor performs in a second on the sample stack, which is
 * put back to its start before each; and how long that putting back takes. */
#include "engine/engine.h"
#include "stack/plugin.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    RUNS_FLOOR = 20000,    /* a second */
    RESTART_LIMIT = 20000, /* nanoseconds */
    RUNS_BETWEEN = 1000,   /* looks at the clock */
};

static const nanoseconds measured_span = NANOSECONDS_PER_SECOND;
static const char script_path[] = SHAKEDOWN_SOURCE_DIR "/specs/suites/handshake/passive-open.pkt";

static _Noreturn void give_up(const char *why)
{
    (void)fprintf(stderr, "bench_embedded: %s\n", why);
    exit(EXIT_FAILURE);
}

static void run_once(struct stack *stack, const struct program *program, const struct engine_settings *settings)
{
    struct engine_result result;
    struct error error;
    if (!plugin_stack_restart(stack, &error))
        give_up(error.text);
    engine_run(program, stack, settings, &result);
    if (result.verdict != VERDICT_PASS)
        give_up(text_string(&result.headline));
    engine_result_free(&result);
}

static double runs_a_second(struct stack *stack, const struct program *program, const struct engine_settings *settings)
{
    unsigned long runs = 0;
    nanoseconds start = clock_now();
    for (; clock_now() - start < measured_span; runs += RUNS_BETWEEN)
        for (int i = 0; i < RUNS_BETWEEN; i++)
            run_once(stack, program, settings);
    return (double)runs * (double)NANOSECONDS_PER_SECOND / (double)(clock_now() - start);
}

/* Nanoseconds. */
static double restart_time(struct stack *stack)
{
    struct error error;
    nanoseconds start = clock_now();
    for (int i = 0; i < RUNS_BETWEEN; i++)
        if (!plugin_stack_restart(stack, &error))
            give_up(error.text);
    return (double)(clock_now() - start) / RUNS_BETWEEN;
}

int main(void)
{
    const struct plugin_settings plugin_settings = {.seed = 1};
    struct engine_settings settings = {.title = script_path};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct program program;
    struct plugin *plugin;
    struct stack *stack;
    struct error error;
    if (!program_load(script_path, &(struct program_settings){0}, &diagnostics, &program, &error) ||
        !engine_options_read(&program, &diagnostics, &settings.options) ||
        !plugin_load(SAMPLE_STACK, &plugin, &error) || !plugin_stack_open(plugin, &plugin_settings, &stack, &error))
        give_up("the script or the stack can't be loaded");
    printf("{\"name\": \"embedded_runs\", \"value\": %.0f, \"unit\": \"runs/s\", \"floor\": %d}\n",
           runs_a_second(stack, &program, &settings), RUNS_FLOOR);
    printf("{\"name\": \"embedded_restart\", \"value\": %.0f, \"unit\": \"ns\", \"limit\": %d}\n", restart_time(stack),
           RESTART_LIMIT);
    stack_close(stack);
    plugin_unload(plugin);
    program_free(&program);
    arena_free(&arena);
    return EXIT_SUCCESS;
}
