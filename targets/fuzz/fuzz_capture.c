/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a capture, pcap or pcapng, both ends of whose connections are judged by the specification that the
 * project comes with. Every packet is counted once, and time never runs backward.
 */
#include "specification.h"
#include "trace/capture_trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct watched {
    struct trace_sink judge;
    nanoseconds last;
};

static bool watch(void *context, const struct trace_event *event, struct error *error)
{
    struct watched *watched = context;
    INVARIANT(event->time.earliest >= watched->last);
    watched->last = event->time.latest;
    return trace_give(&watched->judge, event, error);
}

static void judge_capture(struct capture_file *file, struct judge *judge)
{
    const struct capture_trace_settings settings = {.side_count = 0};
    struct watched watched = {.judge = judge_sink(judge)};
    const struct trace_sink sink = {watch, &watched};
    struct capture_summary summary;
    struct error error;
    INVARIANT(capture_trace(file, &settings, &sink, &summary, &error));
    INVARIANT(judge_finish(judge, &error));
    INVARIANT(summary.segments + summary.not_tcp + summary.unknown_link <= summary.packets);
    INVARIANT(judge_connection_count(judge) <= 2 * summary.segments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct capture_file *file;
    struct error error;
    if (!capture_file_open_bytes((struct bytes){data, size}, &file, &error))
        return 0;
    struct judge *judge = judge_open(specification(), &error);
    INVARIANT(judge != NULL);
    judge_capture(file, judge);
    judge_close(judge);
    capture_file_close(file);
    return 0;
}
