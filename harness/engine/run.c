/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

#include "trace/print.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

enum { HISTORY_MOST = 64 * 1024 };

nanoseconds run_now(const struct run *run)
{
    return stack_now(run->stack) - run->origin;
}

struct interval run_interval(const struct run *run, struct interval monotonic)
{
    return (struct interval){monotonic.earliest - run->origin, monotonic.latest - run->origin};
}

bool run_record(struct run *run, const struct trace_event *event)
{
    struct error error;
    if (run->history.length < HISTORY_MOST && event->kind != TRACE_START && event->kind != TRACE_END) {
        text_append_string(&run->history, "    ");
        trace_print_event(&run->history, event);
    }
    if (run->settings->trace == NULL || run->trace_failed || trace_give(run->settings->trace, event, &error))
        return !run->trace_failed;
    run->trace_failed = true;
    return run_fault(run, NULL, &error);
}

static bool run_record_start(struct run *run)
{
    bool ipv6 = run->settings->options.ip_version == IP_VERSION_IPV6;
    /* A virtual clock has no date: every run of it is the same run. */
    struct clock_bridge bridge = {0};
    if (!stack_is_virtual(run->stack))
        bridge = clock_bridge_measure();
    return run_record(run, &(struct trace_event){
                               .kind = TRACE_START,
                               .start = {.visibility = {.injected = true,
                                                        .seen = true,
                                                        .calls = true,
                                                        .from_start = true,
                                                        .clock_error = bridge.error},
                                         .realtime = run->origin + bridge.offset,
                                         .stack = run->stack->operations->name,
                                         .title = run->settings->title,
                                         .local = run->stack->local[ipv6],
                                         .remote = run->stack->remote[ipv6]},
                           });
}

/* The verdict goes into the trace too; a trace that can't take it makes the run an error. */
static void run_record_end(struct run *run)
{
    nanoseconds now = run_now(run);
    (void)run_record(run, &(struct trace_event){
                              .kind = TRACE_END,
                              .time = {now, now},
                              .end = {.verdict = run->result->verdict, .reason = text_string(&run->result->headline)},
                          });
}

bool run_event(struct run *run, const struct event *event)
{
    switch (event->kind) {
    case EVENT_INJECT:
        return run_inject(run, event);
    case EVENT_EXPECT:
        return run_expect(run, event);
    case EVENT_NOTHING:
        return run_nothing(run, event);
    case EVENT_CALL:
        return run_call_event(run, event);
    case EVENT_COMMAND:
        return run_command_event(run, event);
    case EVENT_CODE:
        return run_code_event(run, event);
    }
    return false;
}

/* True if EVENT went wrong in a way that the options make not fatal: that is noted then, and the run can go on. */
static bool run_overlook(struct run *run, enum event_kind kind)
{
    struct engine_result *result = run->result;
    const struct engine_options *options = &run->settings->options;
    bool wanted = (options->non_fatal_packet && (kind == EVENT_EXPECT || kind == EVENT_NOTHING)) ||
                  (options->non_fatal_call && kind == EVENT_CALL);
    if (!wanted || (result->verdict != VERDICT_FAIL && result->verdict != VERDICT_INCONCLUSIVE))
        return false;
    char note[512];
    struct text text = text_in(note, sizeof(note));
    text_append_format(&text, "%s:%u: not fatal: %s", run->settings->title, result->line,
                       text_string(&result->headline));
    text_clear(&result->headline);
    text_clear(&result->detail);
    result->verdict = VERDICT_ERROR;
    nanoseconds now = run_now(run);
    /* What was waited for in vain makes nothing late that follows. */
    if (kind != EVENT_CALL)
        schedule_happened(&run->schedule, (struct interval){now, now});
    return run_record(run, &(struct trace_event){.kind = TRACE_NOTE, .time = {now, now}, .note = note});
}

static void run_events(struct run *run)
{
    for (size_t i = 0; i < run->program->event_count; i++) {
        const struct event *event = &run->program->events[i];
        if (!run_event(run, event) && !run_overlook(run, event->kind))
            return;
    }
    if ((run_finish_call(run) || run_overlook(run, EVENT_CALL)) && run_codes(run))
        run->result->verdict = VERDICT_PASS;
}

static bool run_prepare(struct run *run)
{
    struct error error;
    run->buffer = malloc(PACKET_SIZE_MOST);
    if (run->buffer == NULL) {
        (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory for a packet");
        return run_fault(run, NULL, &error);
    }
    run->frames_end = &run->frames;
    run->codes_end = &run->codes;
    run->time_out = engine_time_out(run->program);
    run->history = text_growing();
    run->diagnostics.arena = &run->arena;
    run->evaluation = (struct evaluation){.stack = run->stack,
                                          .diagnostics = &run->diagnostics,
                                          .ipv6 = run->settings->options.ip_version == IP_VERSION_IPV6};
    run->calls = (struct call_context){.evaluation = &run->evaluation,
                                       .arena = &run->arena,
                                       .options = &run->settings->options,
                                       .stack = run->stack,
                                       .descriptors = &run->descriptors,
                                       .source = &run->program->source};
    run->schedule = schedule_start(run->settings->options.tolerance, run->settings->options.tolerance_percent);
    if (!stack_is_virtual(run->stack))
        run->schedule.coarseness = 2 * clock_tick();
    return true;
}

/* Writing to a connection that was reset raises SIGPIPE; the call's own error is what the script looks at. */
static void run_block_pipe_signal(sigset_t *before)
{
    sigset_t pipe_signal;
    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &pipe_signal, before);
}

static void run_restore_signals(const sigset_t *before)
{
    sigset_t pipe_signal;
    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    /* One that is pending must not strike when it is let through again. */
    const struct timespec at_once = {0};
    (void)sigtimedwait(&pipe_signal, NULL, &at_once);
    (void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void run_free(struct run *run)
{
    caller_end(run->caller);
    caller_end(run->beside);
    interpreter_end(run->interpreter);
    text_free(&run->history);
    free(run->buffer);
    arena_free(&run->arena);
    free(run);
}

bool engine_set_up(const struct program *program, struct stack *stack, const struct engine_settings *settings,
                   struct engine_result *result, struct run **run)
{
    struct run *made = calloc(1, sizeof(*made));
    *result = (struct engine_result){.verdict = VERDICT_ERROR, .headline = text_growing(), .detail = text_growing()};
    if (made == NULL) {
        text_append_string(&result->headline, "no memory for a run");
        return false;
    }
    *made = (struct run){.program = program, .stack = stack, .settings = settings, .result = result};
    made->origin = stack_now(stack);
    if (run_prepare(made) && run_applicable(made) && run_init_command(made) && run_start_interpreter(made)) {
        *run = made;
        return true;
    }
    if (made->result->verdict != VERDICT_NOT_APPLICABLE || !stack_is_virtual(stack))
        run_cleanup_command(made);
    run_free(made);
    return false;
}

bool run_begin(struct run *run)
{
    if (!stack_is_virtual(run->stack)) {
        run_block_pipe_signal(&run->signals);
        /* The kernel may else be 50 microseconds late on purpose; where it can't be told, it is. */
        (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    }
    run->origin = stack_now(run->stack);
    run->calls.origin = run->origin;
    return run_record_start(run);
}

void run_conclude(struct run *run)
{
    sigset_t before = run->signals;
    bool in_real_time = !stack_is_virtual(run->stack);
    run_cleanup_command(run);
    run_record_end(run);
    if (run->result->late < run->schedule.worst_late)
        run->result->late = run->schedule.worst_late;
    run_free(run);
    if (in_real_time)
        run_restore_signals(&before);
}

void engine_perform(struct run *run)
{
    if (run_begin(run))
        run_events(run);
    run_conclude(run);
}

void engine_run(const struct program *program, struct stack *stack, const struct engine_settings *settings,
                struct engine_result *result)
{
    struct run *run;
    if (engine_set_up(program, stack, settings, result, &run))
        engine_perform(run);
}

void engine_result_free(struct engine_result *result)
{
    text_free(&result->headline);
    text_free(&result->detail);
}
