/* SPDX-License-Identifier: MIT */
/* What has happened, told to a program or written to a file. */
#include "library/open_stack.h"
#include "report/pcapng.h"
#include "trace/file.h"
#include "trace/print.h"

#include <errno.h>

_Static_assert((int)SHAKEDOWN_EVENT_START == (int)TRACE_START && (int)SHAKEDOWN_EVENT_SENT == (int)TRACE_INJECTED &&
                   (int)SHAKEDOWN_EVENT_SEEN == (int)TRACE_SEEN && (int)SHAKEDOWN_EVENT_CALL == (int)TRACE_CALL &&
                   (int)SHAKEDOWN_EVENT_RETURN == (int)TRACE_RETURN && (int)SHAKEDOWN_EVENT_NOTE == (int)TRACE_NOTE &&
                   (int)SHAKEDOWN_EVENT_END == (int)TRACE_END,
               "the library's events are the trace's");

/* Gives SINK all events so far, and the verdict as the last. */
static bool recording_read(const struct shakedown_stack *stack, const struct trace_sink *sink, struct error *error)
{
    char path[64];
    struct text text = text_in(path, sizeof(path));
    if (stack == NULL || stack->trace < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, EBADF, "the stack was never open");
    /* By this name the file is opened anew, with a place to read at of its own. */
    text_append_format(&text, "/proc/self/fd/%d", stack->trace);
    nanoseconds now = clock_now() - stack->origin;
    const struct trace_event end = {
        .kind = TRACE_END,
        .time = {now, now},
        .end = {.verdict = (enum verdict)stack->verdict, .reason = text_string(&stack->headline)},
    };
    return trace_read_growing(path, sink, error) && trace_give(sink, &end, error);
}

struct telling {
    shakedown_listener *listener;
    void *context;
    struct text line;
    int ended; /* what the listener ended it with */
};

static bool telling_take(void *context, const struct trace_event *event, struct error *error)
{
    struct telling *telling = context;
    struct shakedown_event told = {.kind = (enum shakedown_event_kind)event->kind,
                                   .earliest = (double)event->time.earliest / (double)NANOSECONDS_PER_SECOND,
                                   .latest = (double)event->time.latest / (double)NANOSECONDS_PER_SECOND,
                                   .name = ""};
    text_clear(&telling->line);
    trace_print_event(&telling->line, event);
    if (telling->line.length > 0)
        telling->line.data[telling->line.length - 1] = '\0';
    told.text = text_string(&telling->line);
    if (event->kind == TRACE_INJECTED || event->kind == TRACE_SEEN) {
        told.packet = event->packet.data;
        told.packet_length = event->packet.length;
    } else if (event->kind == TRACE_CALL) {
        told.call = event->call.number;
        told.name = event->call.name;
    } else if (event->kind == TRACE_RETURN) {
        told.call = event->returned.number;
        told.value = (long)event->returned.value;
        if (event->returned.error_number != 0)
            told.value = -(long)event->returned.error_number;
    }
    telling->ended = telling->listener(telling->context, &told);
    return telling->ended == 0 || error_set(error, ERROR_INTERRUPTED, "the listener has heard enough");
}

int shakedown_trace(const struct shakedown_stack *stack, shakedown_listener *listener, void *context)
{
    struct error error;
    struct telling telling = {.listener = listener, .context = context, .line = text_growing()};
    const struct trace_sink sink = {telling_take, &telling};
    bool told = recording_read(stack, &sink, &error);
    text_free(&telling.line);
    if (told || telling.ended != 0)
        return telling.ended;
    return -1;
}

static int recording_result(bool done, const struct error *error)
{
    if (done)
        return 0;
    return error->system_error != 0 ? -error->system_error : -EIO;
}

int shakedown_write_capture(const struct shakedown_stack *stack, const char *path)
{
    struct pcapng_writer *writer;
    struct error error = {0};
    if (!pcapng_writer_open(path, &writer, &error))
        return recording_result(false, &error);
    const struct trace_sink sink = pcapng_writer_sink(writer);
    struct error later = {0};
    bool read = recording_read(stack, &sink, &error);
    bool closed = pcapng_writer_close(writer, &later);
    return recording_result(read && closed, read ? &later : &error);
}

int shakedown_write_trace(const struct shakedown_stack *stack, const char *path)
{
    struct trace_writer *writer;
    struct error error = {0};
    if (!trace_writer_open(path, &writer, &error))
        return recording_result(false, &error);
    const struct trace_sink sink = trace_writer_sink(writer);
    struct error later = {0};
    bool read = recording_read(stack, &sink, &error);
    bool closed = trace_writer_close(writer, &later);
    return recording_result(read && closed, read ? &later : &error);
}
