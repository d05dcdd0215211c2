/* SPDX-License-Identifier: MIT */
#include "trace/trace.h"

static const char *const kind_names[] = {
    [TRACE_START] = "start",   [TRACE_INJECTED] = "injected", [TRACE_SEEN] = "seen", [TRACE_CALL] = "call",
    [TRACE_RETURN] = "return", [TRACE_NOTE] = "note",         [TRACE_END] = "end",
};
_Static_assert(COUNT_OF(kind_names) == TRACE_EVENT_KIND_COUNT, "a name for every kind of event");

const char *trace_event_kind_name(enum trace_event_kind kind)
{
    INVARIANT(kind < TRACE_EVENT_KIND_COUNT);
    return kind_names[kind];
}

bool trace_give(const struct trace_sink *sink, const struct trace_event *event, struct error *error)
{
    return sink->take(sink->context, event, error);
}

static bool trace_fan_take(void *context, const struct trace_event *event, struct error *error)
{
    const struct trace_fan *fan = context;
    for (size_t i = 0; i < fan->count; i++)
        if (!trace_give(&fan->sinks[i], event, error))
            return false;
    return true;
}

struct trace_sink trace_fan_sink(struct trace_fan *fan)
{
    return (struct trace_sink){.take = trace_fan_take, .context = fan};
}
