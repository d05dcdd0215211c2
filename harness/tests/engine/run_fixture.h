/* SPDX-License-Identifier: MIT */
/* Runs a script given as text on the live kernel, in a worker with namespaces of its own, and brings back what it said.
 */
#ifndef TESTS_ENGINE_RUN_FIXTURE_H
#define TESTS_ENGINE_RUN_FIXTURE_H

#include "engine/engine.h"
#include "engine/machine_watch.h"
#include "stack/isolation.h"
#include "stack/linux.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* In memory that the worker shares. */
struct ran {
    enum verdict verdict;
    nanoseconds late;
    size_t injected;
    size_t seen;
    size_t calls;
    size_t returns;
    bool started;
    bool ended;
    char headline[512];
    char detail[8192];
};

struct run_request {
    const char *script;
    enum linux_link link;
    nanoseconds delay_note; /* how long the trace's reader dawdles at each injected segment */
    const struct machine_watch *watch;
    struct ran *ran;
};

static bool run_fixture_take(void *context, const struct trace_event *event, struct error *error)
{
    (void)error;
    struct run_request *request = context;
    request->ran->injected += event->kind == TRACE_INJECTED;
    request->ran->seen += event->kind == TRACE_SEEN;
    request->ran->calls += event->kind == TRACE_CALL;
    request->ran->returns += event->kind == TRACE_RETURN;
    request->ran->started = request->ran->started || event->kind == TRACE_START;
    request->ran->ended = event->kind == TRACE_END;
    nanoseconds end = clock_now() + (event->kind == TRACE_INJECTED ? request->delay_note : 0);
    while (clock_now() < end)
        continue;
    return true;
}

static int run_fixture_worker(void *context)
{
    struct run_request *request = context;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct source source = {.name = "test.pkt", .text = request->script, .length = strlen(request->script)};
    struct program program;
    struct text reason = text_growing();
    struct trace_sink sink = {run_fixture_take, request};
    struct engine_settings settings = {.title = "test.pkt", .trace = &sink, .watch = request->watch};
    struct linux_settings linux_settings = {.link = request->link};
    struct stack *stack = NULL;
    struct error error = {0};
    struct engine_result result;
    bool parsed = program_parse(&source, &(struct program_settings){0}, &diagnostics, &program);
    if (!parsed || engine_check(&program, &diagnostics, &reason) != VERDICT_PASS ||
        !engine_options_read(&program, &diagnostics, &settings.options)) {
        struct text message = text_in(request->ran->headline, sizeof(request->ran->headline));
        diagnostics_print(&message, &source, &diagnostics);
        text_append_string(&message, text_string(&reason));
        request->ran->verdict = diagnostics.count > 0 ? VERDICT_ERROR : VERDICT_NOT_APPLICABLE;
    } else if (!linux_stack_open(&linux_settings, &stack, &error)) {
        request->ran->verdict = VERDICT_ERROR;
        (void)snprintf(request->ran->headline, sizeof(request->ran->headline), "%s", error.text);
    } else {
        engine_run(&program, stack, &settings, &result);
        request->ran->verdict = result.verdict;
        request->ran->late = result.late;
        (void)snprintf(request->ran->headline, sizeof(request->ran->headline), "%s", text_string(&result.headline));
        (void)snprintf(request->ran->detail, sizeof(request->ran->detail), "%s", text_string(&result.detail));
        engine_result_free(&result);
        stack_close(stack);
    }
    if (parsed)
        program_free(&program);
    text_free(&reason);
    arena_free(&arena);
    return 0;
}

/* Runs what REQUEST asks for; what it points to as `ran` is filled. Fails the test if there can be no worker. */
static void run_fixture_request(struct run_request *request)
{
    struct ran *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(shared, MAP_FAILED);
    struct ran *out = request->ran;
    request->ran = shared;
    shared->verdict = VERDICT_COUNT;
    pid_t worker = 0;
    struct error error = {0};
    if (!isolation_start(run_fixture_worker, request, &worker, &error))
        fail_msg("%s", error.text);
    int status = 0;
    assert_int_equal(waitpid(worker, &status, 0), worker);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    *out = *shared;
    request->ran = out;
    assert_int_equal(munmap(shared, sizeof(*shared)), 0);
}

/* The same; again, as a suite does, if a busy machine has made it inconclusive. A suite's workers have real-time
 * priority and its reruns the machine to themselves: here patience has to do. */
static void run_until_conclusive(struct run_request *request)
{
    enum { RUNS_MOST = 40 };
    for (int i = 0; i < RUNS_MOST; i++) {
        run_fixture_request(request);
        if (request->ran->verdict != VERDICT_INCONCLUSIVE)
            return;
    }
}

/* Runs SCRIPT over a veth pair. */
static struct ran run_script(const char *script)
{
    struct ran ran;
    struct run_request request = {.script = script, .link = LINUX_LINK_RAW, .ran = &ran};
    run_until_conclusive(&request);
    return ran;
}

/* Fails the test, showing what the run said, unless it passed. */
static void assert_passes(const char *script)
{
    struct ran ran = run_script(script);
    if (ran.verdict != VERDICT_PASS)
        fail_msg("%s: %s\n%s", verdict_name(ran.verdict), ran.headline, ran.detail);
}

/* Fails the test unless the run failed with exactly HEADLINE. */
static void assert_fails(const char *script, const char *headline)
{
    struct ran ran = run_script(script);
    assert_string_equal(ran.headline, headline);
    assert_int_equal(ran.verdict, VERDICT_FAIL);
}

#define LISTENER                                    \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
    "+0 bind(3, ..., ...) = 0\n"                    \
    "+0 listen(3, 1) = 0\n"

#define CONNECTOR                                   \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
    "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n" \
    "+0 connect(3, ..., ...) = -1 EINPROGRESS (in progress)\n"

#endif
