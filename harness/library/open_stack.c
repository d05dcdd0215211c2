/* SPDX-License-Identifier: MIT */
#include "library/open_stack.h"

#include "library/stack_process.h"
#include "stack/isolation.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char no_memory[] = "memory ran out";
static const nanoseconds ending_time = 10 * NANOSECONDS_PER_SECOND;
/* An answer that has not come this long after it should have will not come. */
static const nanoseconds answer_grace = 60 * NANOSECONDS_PER_SECOND;

static const struct shakedown_settings usual = {.size = sizeof(usual),
                                                .stack = "linux",
                                                .link = "raw",
                                                .title = "program",
                                                .mtu = 1500,
                                                .stack_port = 8080,
                                                .remote_port = 8080,
                                                .tolerance = 0.004,
                                                .patience = 1.0};

nanoseconds span_of_seconds(double seconds)
{
    const double most = 1e9;
    if (!(seconds > 0.0))
        return 0;
    return (nanoseconds)((seconds < most ? seconds : most) * (double)NANOSECONDS_PER_SECOND);
}

enum shakedown_verdict stack_fail(struct shakedown_stack *stack, const char *headline)
{
    stack->open = false;
    stack->verdict = SHAKEDOWN_ERROR;
    text_clear(&stack->headline);
    text_append_string(&stack->headline, headline);
    return stack->verdict;
}

/* GIVEN, as far as the program's version of the structure goes, with what it leaves out as usual. */
static bool settings_complete(const struct shakedown_settings *given, struct shakedown_settings *complete)
{
    const size_t least = offsetof(struct shakedown_settings, patience) + sizeof(given->patience);
    *complete = usual;
    if (given == NULL)
        return true;
    if (given->size < least)
        return false;
    complete->stack = given->stack != NULL ? given->stack : usual.stack;
    complete->link = given->link != NULL ? given->link : usual.link;
    complete->title = given->title != NULL ? given->title : usual.title;
    complete->ip = given->ip;
    complete->mtu = given->mtu != 0 ? given->mtu : usual.mtu;
    complete->stack_port = given->stack_port != 0 ? given->stack_port : usual.stack_port;
    complete->remote_port = given->remote_port != 0 ? given->remote_port : usual.remote_port;
    complete->tolerance = given->tolerance > 0.0 ? given->tolerance : usual.tolerance;
    complete->patience = given->patience > 0.0 ? given->patience : usual.patience;
    return true;
}

static bool link_find(const char *name, enum linux_link *link)
{
    static const struct {
        const char *name;
        enum linux_link link;
    } links[] = {{"raw", LINUX_LINK_RAW}, {"tun", LINUX_LINK_TUN}};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        if (strcmp(links[i].name, name) != 0)
            continue;
        *link = links[i].link;
        return true;
    }
    return false;
}

static bool request_make(const struct shakedown_settings *settings, struct stack_request *request, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics none = {.arena = &arena};
    *request = (struct stack_request){.stack = {.mtu = settings->mtu}, .title = settings->title};
    /* A program without options has those that are usual. */
    INVARIANT(engine_options_read(&(struct program){0}, &none, &request->options));
    request->options.ip_version = (unsigned)settings->ip;
    request->options.bind_port = settings->stack_port;
    request->options.connect_port = settings->remote_port;
    request->options.tolerance = span_of_seconds(settings->tolerance);
    request->options.mtu = settings->mtu;
    if (settings->ip > SHAKEDOWN_IPV4_MAPPED)
        return error_set(error, ERROR_USAGE, "%u is no IP version", (unsigned)settings->ip);
    if (strcmp(settings->stack, "linux") != 0)
        return error_set(error, ERROR_USAGE, "there is no stack `%s`; there is `linux`", settings->stack);
    if (!link_find(settings->link, &request->stack.link))
        return error_set(error, ERROR_USAGE, "there is no link `%s`; there are `raw` and `tun`", settings->link);
    return true;
}

static bool stack_start(struct shakedown_stack *stack, struct stack_request *request, struct error *error)
{
    int ends[2];
    stack->trace = memfd_create("shakedown-trace", MFD_CLOEXEC);
    if (stack->trace < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a file for the trace can't be made");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a channel to a process can't be made");
    stack->channel = ends[0];
    request->channel = ends[1];
    request->trace = stack->trace;
    stack->open = isolation_start(stack_process_main, request, &stack->process, error);
    (void)close(ends[1]);
    return stack->open;
}

static void stack_collect(struct shakedown_stack *stack, nanoseconds patience, struct text *how)
{
    if (stack->process == 0)
        return;
    int status = isolation_collect(stack->process, patience);
    stack->process = 0;
    /* The first process of the namespaces passes a signal on as a shell does. */
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : code - 128;
    if (how != NULL && number > 0)
        text_append_format(how, ": signal %d ended it", number);
}

/* The process did not answer, or not to the point. */
static enum shakedown_verdict stack_lose(struct shakedown_stack *stack, const struct error *error)
{
    char sentence[256];
    struct text text = text_in(sentence, sizeof(sentence));
    bool gone = error->code == ERROR_INTERRUPTED;
    text_append_string(&text, gone ? "the process that the stack lived in is gone" : error->text);
    stack_collect(stack, gone ? ending_time : 0, &text);
    return stack_fail(stack, sentence);
}

static enum shakedown_verdict stack_take_answer(struct shakedown_stack *stack, nanoseconds deadline)
{
    struct error error;
    text_clear(&stack->headline);
    text_clear(&stack->detail);
    if (!answer_receive(stack->channel, &stack->buffer, deadline, &stack->answer, &error))
        return stack_lose(stack, &error);
    const struct answer *answer = &stack->answer;
    stack->verdict = (enum shakedown_verdict)answer->verdict;
    text_append_bytes(&stack->headline, (const char *)answer->headline.data, answer->headline.length);
    text_append_bytes(&stack->detail, (const char *)answer->detail.data, answer->detail.length);
    stack_decode_segment(stack);
    return stack->verdict;
}

/* Until when an answer to ORDER must have come. */
static nanoseconds answer_deadline(const struct shakedown_stack *stack, const struct order *order)
{
    if (order->kind == ORDER_PERFORM)
        return NANOSECONDS_NEVER;
    nanoseconds start = order->kind == ORDER_WAIT ? stack->origin : clock_now();
    nanoseconds deadline = nanoseconds_add(start, order->span);
    return nanoseconds_add(deadline > clock_now() ? deadline : clock_now(), answer_grace);
}

enum shakedown_verdict stack_step(struct shakedown_stack *stack, const struct order *order)
{
    struct error error;
    if (stack == NULL)
        return SHAKEDOWN_ERROR;
    if (stack->verdict != SHAKEDOWN_PASS)
        return stack->verdict;
    if (!order_send(stack->channel, order, &error))
        return error.code == ERROR_OUT_OF_MEMORY ? stack_fail(stack, error.text) : stack_lose(stack, &error);
    return stack_take_answer(stack, answer_deadline(stack, order));
}

enum shakedown_verdict stack_step_format(struct shakedown_stack *stack, struct order order, const char *format,
                                         va_list arguments)
{
    struct text text = text_growing();
    enum shakedown_verdict verdict;
    text_append_format_list(&text, format, arguments);
    order.text = (struct bytes){(const uint8_t *)text_string(&text), text.length};
    if (text.truncated && stack != NULL && stack->verdict == SHAKEDOWN_PASS)
        verdict = stack_fail(stack, no_memory);
    else
        verdict = stack_step(stack, &order);
    text_free(&text);
    return verdict;
}

struct shakedown_stack *shakedown_open(const struct shakedown_settings *settings)
{
    struct shakedown_settings complete;
    struct stack_request request;
    struct error error;
    struct shakedown_stack *stack = calloc(1, sizeof(*stack));
    if (stack == NULL)
        return NULL;
    *stack = (struct shakedown_stack){.channel = -1,
                                      .trace = -1,
                                      .headline = text_growing(),
                                      .detail = text_growing(),
                                      .segment_text = text_growing()};
    if (!settings_complete(settings, &complete)) {
        (void)stack_fail(stack, "the settings' size is not set to sizeof(struct shakedown_settings)");
        return stack;
    }
    stack->patience = span_of_seconds(complete.patience);
    if (!request_make(&complete, &request, &error) || !stack_start(stack, &request, &error)) {
        (void)stack_fail(stack, error.text);
        return stack;
    }
    stack->open = stack_take_answer(stack, nanoseconds_add(clock_now(), answer_grace)) == SHAKEDOWN_PASS;
    stack->origin = stack->answer.origin;
    return stack;
}

enum shakedown_verdict shakedown_close(struct shakedown_stack *stack)
{
    enum shakedown_verdict verdict = shakedown_verdict(stack);
    if (stack == NULL)
        return verdict;
    if (stack->channel >= 0) {
        /* Also where a child of the program's holds the channel too. */
        (void)shutdown(stack->channel, SHUT_RDWR);
        (void)close(stack->channel);
    }
    stack_collect(stack, ending_time, NULL);
    if (stack->trace >= 0)
        (void)close(stack->trace);
    message_buffer_free(&stack->buffer);
    text_free(&stack->headline);
    text_free(&stack->detail);
    text_free(&stack->segment_text);
    free(stack);
    return verdict;
}

enum shakedown_verdict shakedown_verdict(const struct shakedown_stack *stack)
{
    return stack == NULL ? SHAKEDOWN_ERROR : stack->verdict;
}

const char *shakedown_headline(const struct shakedown_stack *stack)
{
    return stack == NULL ? no_memory : text_string(&stack->headline);
}

const char *shakedown_detail(const struct shakedown_stack *stack)
{
    return stack == NULL ? "" : text_string(&stack->detail);
}

void shakedown_clear(struct shakedown_stack *stack)
{
    if (stack == NULL || !stack->open)
        return;
    stack->verdict = SHAKEDOWN_PASS;
    text_clear(&stack->headline);
    text_clear(&stack->detail);
}

double shakedown_now(const struct shakedown_stack *stack)
{
    if (stack == NULL || stack->origin == 0)
        return 0.0;
    return (double)(clock_now() - stack->origin) / (double)NANOSECONDS_PER_SECOND;
}
