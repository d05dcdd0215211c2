/* SPDX-License-Identifier: MIT */
#include "suite/worker.h"

#include "stack/plugin_process.h"
#include "suite/hurry.h"
#include "suite/judging.h"
#include "suite/message.h"
#include "suite/place.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct recording {
    struct trace_sink sinks[SUITE_RECORDERS_MOST + 1]; /* the judge's behind those of the recorders */
    void *writers[SUITE_RECORDERS_MOST];
    size_t count;
};

/* What one performance takes: the script, the stack, and who takes in its trace. */
struct working {
    struct plugin *plugin; /* NULL without; it is loaded once */
    struct program program;
    struct stack *stack;
    struct recording recording;
    struct judging judging;
};

static bool recording_open(struct recording *recording, const struct worker_order *order, struct error *error)
{
    const struct suite_settings *settings = order->settings;
    for (size_t i = 0; i < settings->recorder_count; i++) {
        const struct suite_recorder *recorder = &settings->recorders[i];
        if (!recorder->adopt(order->recordings[i], order->names[i], &recording->writers[i], error))
            return false;
        recording->sinks[i] = recorder->sink(recording->writers[i]);
        recording->count++;
    }
    return true;
}

/* Closes all; false with the first error. */
static bool recording_close(struct recording *recording, const struct worker_order *order, struct error *error)
{
    bool whole = true;
    for (size_t i = 0; i < recording->count; i++) {
        struct error later;
        whole = order->settings->recorders[i].close(recording->writers[i], whole ? error : &later) && whole;
    }
    recording->count = 0;
    return whole;
}

static enum linux_link worker_link(const struct worker_order *order, const struct suite_case *one)
{
    static const enum linux_link links[] = {[SUITE_LINK_RAW] = LINUX_LINK_RAW, [SUITE_LINK_TUN] = LINUX_LINK_TUN};
    enum suite_link asked = order->settings->link;
    return asked == SUITE_LINK_BY_SCRIPT ? one->script->link : links[asked];
}

static bool worker_open_stack(struct working *working, const struct worker_order *order, const struct suite_case *one,
                              struct error *error)
{
    const struct engine_options *options = &one->script->options;
    bool ipv6 = one->ip_version == IP_VERSION_IPV6;
    if (order->settings->plugin != NULL) {
        struct plugin_settings embedded = {.options = order->settings->plugin_options, .mtu = options->mtu, .seed = 1};
        embedded.local[ipv6] = options->local;
        embedded.remote[ipv6] = options->remote;
        return plugin_stack_open(working->plugin, &embedded, &working->stack, error);
    }
    struct linux_settings settings = {.link = worker_link(order, one), .fresh = true};
    struct engine_options placed = *options;
    placed.ip_version = (unsigned)one->ip_version;
    if (one->script->title == NULL)
        return place_describe(&placed, &settings, error) && linux_stack_open(&settings, &working->stack, error);
    settings.mtu = options->mtu;
    settings.segment_size = options->segment_size;
    settings.local[ipv6] = options->local;
    settings.remote[ipv6] = options->remote;
    return linux_stack_open(&settings, &working->stack, error);
}

/* Scripts name files and commands from where they are themselves. */
static bool worker_enter_folder(const struct worker_order *order, struct error *error)
{
    if (fchdir(order->folder) != 0)
        return error_set_system(error, ERROR_NOT_FOUND, errno, "the folder of %s can't be entered",
                                order->items[0].one->script->path);
    return true;
}

static bool worker_tell(const struct worker_order *order, const struct message *message)
{
    struct error error;
    /* A parent that can't be told has gone, and this process with it in a moment. */
    return message_send(order->pipe, message, &error);
}

/* The plan has found nothing wrong with the text, and there is no other now. */
static bool worker_parse(const struct worker_order *order, const struct suite_case *one, struct program *program,
                         struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    const struct source *source = &one->script->program.source;
    bool parsed = program_parse(source, &order->settings->program, &diagnostics, program);
    arena_free(&arena);
    return parsed || error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the script %s", source->name);
}

static void worker_fault(struct suite_result *result, const struct error *error)
{
    if (result->verdict == VERDICT_ERROR)
        return;
    text_clear(&result->headline);
    text_append_string(&result->headline, error->text);
    result->verdict = VERDICT_ERROR;
}

/* Sets up, says so to the parent, and performs; false if the parent can't be told. */
static bool worker_perform(const struct worker_order *order, const struct suite_case *one, struct working *working,
                           struct suite_result *result)
{
    struct recording *recording = &working->recording;
    struct judging *judging = &working->judging;
    struct trace_fan fan = {recording->sinks, recording->count};
    if (judging->judge != NULL)
        recording->sinks[fan.count++] = judging_sink(judging);
    struct trace_sink sink = trace_fan_sink(&fan);
    struct engine_settings settings = {.options = one->script->options,
                                       .trace = fan.count > 0 ? &sink : NULL,
                                       .watch = order->watch,
                                       .title = one->script->path};
    settings.options.ip_version = (unsigned)one->ip_version;
    struct engine_result performed;
    struct run *run;
    bool set_up = engine_set_up(&working->program, working->stack, &settings, &performed, &run);
    bool told = worker_tell(order, &(struct message){.kind = MESSAGE_READY});
    if (set_up && stack_is_virtual(working->stack)) {
        engine_perform(run);
    } else if (set_up) {
        hurry_begin();
        engine_perform(run);
        hurry_end();
    }
    *result = (struct suite_result){.there = true,
                                    .verdict = performed.verdict,
                                    .late = performed.late,
                                    .headline = performed.headline,
                                    .detail = performed.detail};
    struct error error;
    if (!recording_close(recording, order, &error))
        worker_fault(result, &error);
    if (!judging_tell(judging, result, &error))
        worker_fault(result, &error);
    return told;
}

/* Closes what other workers' pipes and the parent's affairs left open here, so that a script's descriptors have the
 * same numbers in every run. */
static void worker_close_inherited(const struct worker_order *order)
{
    int first = STDERR_FILENO + 1;
    for (;;) {
        int kept = order->pipe >= first ? order->pipe : INT_MAX;
        for (size_t i = 0; i < order->settings->recorder_count; i++)
            if (order->recordings[i] >= first && order->recordings[i] < kept)
                kept = order->recordings[i];
        if (kept > first)
            (void)close_range((unsigned)first, (unsigned)kept - 1, 0);
        if (kept == INT_MAX)
            return;
        first = kept + 1;
    }
}

/* All but the stack is ready: false, and whatever there is of it is to be ended. */
static bool working_begin(struct working *working, const struct worker_order *order, const struct suite_case *one,
                          struct error *error)
{
    *working = (struct working){.plugin = working->plugin};
    return recording_open(&working->recording, order, error) && worker_parse(order, one, &working->program, error) &&
           judging_begin(&working->judging, order->settings, one->script, &working->program, error) &&
           worker_open_stack(working, order, one, error);
}

static void working_end(struct working *working, const struct worker_order *order)
{
    struct error error;
    (void)recording_close(&working->recording, order, &error);
    judging_end(&working->judging);
    program_free(&working->program);
}

/* Performs ONE and tells the parent what came of it; false if that is not to be had, or nobody is there to be told. */
static bool worker_do(const struct worker_order *order, struct plugin *plugin, const struct suite_case *one)
{
    struct working working = {.plugin = plugin};
    struct message message = {.kind = MESSAGE_REFUSED};
    if (order->settings->plugin != NULL)
        plugin_process_begin();
    bool begun = working_begin(&working, order, one, &message.error);
    bool told = true;
    if (begun) {
        message.kind = MESSAGE_RESULT;
        told = worker_perform(order, one, &working, &message.result);
        stack_close(working.stack);
    }
    if (order->settings->plugin != NULL)
        plugin_process_done();
    told = told && worker_tell(order, &message);
    if (begun)
        suite_result_free(&message.result);
    working_end(&working, order);
    return begun && told;
}

int worker_main(void *context)
{
    const struct worker_order *order = context;
    struct message refusal = {.kind = MESSAGE_REFUSED};
    struct plugin *plugin = NULL;
    bool done = worker_enter_folder(order, &refusal.error);
    worker_close_inherited(order);
    if (done && order->settings->plugin != NULL)
        done = plugin_load(order->settings->plugin, &plugin, &refusal.error);
    if (!done)
        (void)worker_tell(order, &refusal);
    for (size_t i = 0; done && i < order->count; i++)
        done = worker_do(order, plugin, order->items[i].one);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
