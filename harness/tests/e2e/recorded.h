/* SPDX-License-Identifier: MIT */
/* Packets that a trace holds, kept to be told again as a capture in which some are missing or out of order. */
#ifndef TESTS_E2E_RECORDED_H
#define TESTS_E2E_RECORDED_H

#include "program.h"
#include "spec/judge.h"
#include "trace/capture_trace.h"
#include "trace/file.h"

enum { RECORDED_MOST = 512 };

/* One packet, where it stands in the capture and when. */
struct recorded_packet {
    nanoseconds time;
    uint8_t *bytes;
    size_t length;
    bool to_stack;
};

struct recorded {
    struct recorded_packet packets[RECORDED_MOST];
    size_t count;
    struct address stack;
    bool whole; /* none was left out for want of room */
};

static inline bool recorded_take(void *context, const struct trace_event *event, struct error *error)
{
    struct recorded *recorded = context;
    (void)error;
    if (event->kind == TRACE_START)
        recorded->stack = event->start.local;
    if (event->kind != TRACE_INJECTED && event->kind != TRACE_SEEN)
        return true;
    if (recorded->count == RECORDED_MOST) {
        recorded->whole = false;
        return true;
    }
    struct recorded_packet *packet = &recorded->packets[recorded->count++];
    *packet = (struct recorded_packet){
        .time = event->time.earliest, .length = event->packet.length, .to_stack = event->kind == TRACE_INJECTED};
    packet->bytes = malloc(event->packet.length + 1);
    assert_non_null(packet->bytes);
    memcpy(packet->bytes, event->packet.data, event->packet.length);
    return true;
}

/* Reads the trace at PATH. End with recorded_free(). */
static inline void recorded_read(struct recorded *recorded, const char *path)
{
    struct error error;
    const struct trace_sink sink = {recorded_take, recorded};
    recorded->count = 0;
    recorded->whole = true;
    if (!trace_read(path, &sink, &error))
        fail_msg("%s", error.text);
}

static inline void recorded_free(struct recorded *recorded)
{
    for (size_t i = 0; i < recorded->count; i++)
        free(recorded->packets[i].bytes);
    recorded->count = 0;
}

/* A capture that is put together from recorded packets: nanoseconds, raw IP, this machine's byte order. */
struct pieced {
    uint8_t *bytes;
    size_t length;
    size_t room;
};

static inline void pieced_put(struct pieced *pieced, const void *bytes, size_t length)
{
    if (length > pieced->room - pieced->length) {
        pieced->room = (pieced->room + length) * 2;
        pieced->bytes = realloc(pieced->bytes, pieced->room);
        assert_non_null(pieced->bytes);
    }
    memcpy(pieced->bytes + pieced->length, bytes, length);
    pieced->length += length;
}

static inline void pieced_begin(struct pieced *pieced)
{
    static const uint32_t header[6] = {0xa1b23c4d, 4U << 16 | 2, 0, 0, 65535, 101};
    pieced->length = 0;
    pieced_put(pieced, header, sizeof(header));
}

/* PACKET, with the time stamp NOW. */
static inline void pieced_add(struct pieced *pieced, const struct recorded_packet *packet, nanoseconds now)
{
    const nanoseconds since = 1000 * NANOSECONDS_PER_SECOND + now;
    const uint32_t header[4] = {(uint32_t)(since / NANOSECONDS_PER_SECOND), (uint32_t)(since % NANOSECONDS_PER_SECOND),
                                (uint32_t)packet->length, (uint32_t)packet->length};
    pieced_put(pieced, header, sizeof(header));
    pieced_put(pieced, packet->bytes, packet->length);
}

/* The verdict of JUDGE on what PIECED shows of the stack at STACK. */
static inline enum verdict pieced_judge(const struct pieced *pieced, const struct address *stack, bool on_stack,
                                        struct judge *judge)
{
    struct error error;
    struct capture_file *file;
    struct capture_summary summary;
    const struct address_prefix side = {*stack, (unsigned)address_size(stack->family) * 8};
    const struct capture_trace_settings settings = {&side, 1, on_stack};
    const struct trace_sink sink = judge_sink(judge);
    judge_restart(judge);
    assert_true(capture_file_open_bytes((struct bytes){pieced->bytes, pieced->length}, &file, &error));
    assert_true(capture_trace(file, &settings, &sink, &summary, &error));
    capture_file_close(file);
    assert_true(judge_finish(judge, &error));
    return judge_verdict(judge);
}

#endif
