/* SPDX-License-Identifier: MIT */
#include "library/stack_process.h"

#include "engine/machine_watch.h"
#include "engine/session.h"
#include "library/message.h"
#include "trace/file.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct stack_process {
    const struct stack_request *request;
    struct trace_writer *trace;
    struct machine_watch *watch;
    struct stack *stack;
    struct session *session;
    struct text scratch; /* the text of an order as a line of the language */
};

typedef enum verdict order_perform(struct session *session, const struct order *order, const struct source *source,
                                   struct answer *answer);

static enum verdict perform_send(struct session *session, const struct order *order, const struct source *source,
                                 struct answer *answer)
{
    (void)order;
    (void)answer;
    return session_send(session, source);
}

static enum verdict perform_expect(struct session *session, const struct order *order, const struct source *source,
                                   struct answer *answer)
{
    (void)answer;
    return session_expect(session, source, order->span);
}

static enum verdict perform_nothing(struct session *session, const struct order *order, const struct source *source,
                                    struct answer *answer)
{
    (void)source;
    (void)answer;
    return session_nothing(session, order->span);
}

static enum verdict perform_receive(struct session *session, const struct order *order, const struct source *source,
                                    struct answer *answer)
{
    (void)source;
    return session_receive(session, order->span, &answer->found);
}

static enum verdict perform_lines(struct session *session, const struct order *order, const struct source *source,
                                  struct answer *answer)
{
    (void)order;
    (void)answer;
    return session_perform(session, source);
}

static void answer_call(struct answer *answer, const struct session_answer *came)
{
    answer->value = came->value;
    answer->call_failed = (uint32_t)came->error_number;
    answer->output = came->output;
}

static enum verdict perform_call(struct session *session, const struct order *order, const struct source *source,
                                 struct answer *answer)
{
    struct session_answer came = {0};
    (void)order;
    enum verdict verdict = session_call(session, source, &came);
    answer_call(answer, &came);
    return verdict;
}

static enum verdict perform_call_begin(struct session *session, const struct order *order, const struct source *source,
                                       struct answer *answer)
{
    (void)order;
    (void)answer;
    return session_call_begin(session, source);
}

static enum verdict perform_call_end(struct session *session, const struct order *order, const struct source *source,
                                     struct answer *answer)
{
    struct session_answer came = {0};
    (void)source;
    enum verdict verdict = session_call_end(session, order->span, &came);
    answer_call(answer, &came);
    return verdict;
}

static enum verdict perform_wait(struct session *session, const struct order *order, const struct source *source,
                                 struct answer *answer)
{
    (void)source;
    (void)answer;
    return session_wait(session, order->span);
}

/* What each order does; what its text has before it as a line of the language; and what messages call it. */
static const struct {
    order_perform *perform;
    const char *before;
    const char *name;
} orders[] = {
    [ORDER_SEND] = {perform_send, "+0 < ", "shakedown_send"},
    [ORDER_EXPECT] = {perform_expect, "+0 > ", "shakedown_expect"},
    [ORDER_NOTHING] = {perform_nothing, "", "shakedown_expect_nothing"},
    [ORDER_RECEIVE] = {perform_receive, "", "shakedown_receive"},
    [ORDER_PERFORM] = {perform_lines, "", "shakedown_perform"},
    [ORDER_CALL] = {perform_call, "+0 ", "shakedown_call"},
    [ORDER_CALL_BEGIN] = {perform_call_begin, "+0 ", "shakedown_call_begin"},
    [ORDER_CALL_END] = {perform_call_end, "", "shakedown_call_end"},
    [ORDER_WAIT] = {perform_wait, "", "shakedown_sleep"},
};
_Static_assert(COUNT_OF(orders) == ORDER_KIND_COUNT, "every order can be performed");

static struct bytes text_bytes(const struct text *text)
{
    return (struct bytes){(const uint8_t *)text_string(text), text->length};
}

static void answer_taken(const struct session *session, struct answer *answer)
{
    struct session_segment segment;
    if (!session_taken(session, &segment))
        return;
    answer->packet = segment.packet;
    answer->time = segment.time.latest;
    answer->sequence = segment.script.sequence;
    answer->acknowledgment = segment.script.acknowledgment;
}

static void process_perform(struct stack_process *process, const struct order *order, struct answer *answer)
{
    struct session *session = process->session;
    struct error error;
    text_clear(&process->scratch);
    text_append_string(&process->scratch, orders[order->kind].before);
    text_append_bytes(&process->scratch, (const char *)order->text.data, order->text.length);
    const struct source source = {orders[order->kind].name, text_string(&process->scratch), process->scratch.length};
    answer->verdict = orders[order->kind].perform(session, order, &source, answer);
    const struct engine_result *result = session_result(session);
    answer->headline = text_bytes(&result->headline);
    answer->detail = text_bytes(&result->detail);
    answer_taken(session, answer);
    /* What can't be written the writer remembers, and the next step's event fails. */
    (void)!trace_writer_flush(process->trace, &error);
}

/* Closes what the program has open, but for what the process was given and the standard streams. */
static void close_inherited(const struct stack_request *request)
{
    int first = STDERR_FILENO + 1;
    int low = request->channel < request->trace ? request->channel : request->trace;
    int high = request->channel < request->trace ? request->trace : request->channel;
    if (low > first)
        (void)close_range((unsigned)first, (unsigned)low - 1, 0);
    if (high > low + 1)
        (void)close_range((unsigned)low + 1, (unsigned)high - 1, 0);
    (void)close_range((unsigned)high + 1, ~0U, 0);
}

static bool process_open(struct stack_process *process, const struct engine_settings *settings, struct error *error)
{
    return linux_stack_open(&process->request->stack, &process->stack, error) &&
           session_open(process->stack, settings, &process->session, error) &&
           trace_writer_flush(process->trace, error);
}

static void process_obey(struct stack_process *process)
{
    struct message_buffer buffer = {0};
    struct order order;
    struct error error;
    bool told = true;
    while (told) {
        struct answer answer = {0};
        session_await(process->session, process->request->channel);
        if (!order_receive(process->request->channel, &buffer, &order, &error))
            break;
        process_perform(process, &order, &answer);
        told = answer_send(process->request->channel, &answer, &error);
    }
    message_buffer_free(&buffer);
}

/* Opens, says so, and obeys. */
static void process_run(struct stack_process *process)
{
    struct error error = {0};
    struct answer answer = {0};
    struct trace_sink sink = trace_writer_sink(process->trace);
    const struct engine_settings settings = {.options = process->request->options,
                                             .trace = &sink,
                                             .watch = process->watch,
                                             .title = process->request->title};
    bool opened = process_open(process, &settings, &error);
    if (!opened) {
        bool elsewhere = error_category(error.code) == ERROR_CATEGORY_NOT_APPLICABLE;
        answer.verdict = elsewhere ? VERDICT_NOT_APPLICABLE : VERDICT_ERROR;
        answer.headline = (struct bytes){(const uint8_t *)error.text, strlen(error.text)};
    }
    if (opened)
        answer.origin = clock_now() - session_now(process->session);
    bool told = answer_send(process->request->channel, &answer, &error);
    if (opened && told)
        process_obey(process);
    if (process->session != NULL)
        session_close(process->session);
    stack_close(process->stack);
}

int stack_process_main(void *context)
{
    struct stack_process process = {.request = context, .scratch = text_growing()};
    struct error error;
    close_inherited(process.request);
    if (!machine_watch_start(&process.watch, &error))
        process.watch = NULL;
    if (trace_writer_adopt(process.request->trace, "the trace", &process.trace, &error)) {
        process_run(&process);
        (void)!trace_writer_close(process.trace, &error);
    }
    machine_watch_stop(process.watch);
    text_free(&process.scratch);
    _exit(EXIT_SUCCESS);
}
