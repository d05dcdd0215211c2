/* SPDX-License-Identifier: MIT */
/*
 * The trace: the ordered stream of everything that was done and seen in one run. It holds wire bytes, calls and times,
 * never a script's mapped numbers. Whoever makes events gives them to a sink; whoever reads them is one.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/verdict.h"
#include "packet/address.h"

/* What the trace could see: the judge takes silence as evidence only where it would have heard. */
struct trace_visibility {
    bool injected;           /* segments to the stack */
    bool seen;               /* segments from the stack */
    bool calls;              /* socket calls */
    bool from_start;         /* nothing came before the first event */
    nanoseconds clock_error; /* how far any time may be off */
};

enum trace_event_kind {
    TRACE_START,    /* the first event: what is to come */
    TRACE_INJECTED, /* a packet was given to the stack */
    TRACE_SEEN,     /* a packet came from the stack */
    TRACE_CALL,     /* a call on the stack began */
    TRACE_RETURN,   /* and returned */
    TRACE_NOTE,     /* something worth knowing: the harness was late by so much, a command ran, ... */
    TRACE_END,      /* the last event: the verdict */
    TRACE_EVENT_KIND_COUNT
};

struct trace_event {
    enum trace_event_kind kind;
    struct interval time; /* since the start of the run */
    const char *doubt;    /* of a packet: why no verdict can rest on it (static, not kept in files); NULL */
    union {
        struct {
            struct trace_visibility visibility;
            nanoseconds realtime; /* CLOCK_REALTIME at time 0 */
            const char *stack;    /* "linux" */
            const char *title;    /* of what is run: a script's path */
            struct address local; /* the stack's address */
            struct address remote;
        } start;
        struct bytes packet; /* INJECTED, SEEN: from the IP header on */
        struct {
            uint32_t number;       /* counts calls from 1 */
            const char *name;      /* "connect" */
            const char *arguments; /* as text, in live numbers */
        } call;
        struct {
            uint32_t number; /* of the call */
            int64_t value;
            int32_t error_number;   /* errno, 0 if none */
            const char *error_name; /* "EINPROGRESS", "" if none */
            const char *output;     /* what the call gave back besides, as text; "" if nothing */
        } returned;
        const char *note;
        struct {
            enum verdict verdict;
            const char *reason;
        } end;
    };
};

/* A reader of a stream. The event and all it points to live only during the call. */
struct trace_sink {
    bool (*take)(void *context, const struct trace_event *event, struct error *error);
    void *context;
};

/* Gives EVENT to SINK; false with the sink's error. */
MUST_USE bool trace_give(const struct trace_sink *sink, const struct trace_event *event, struct error *error);

/* A sink that gives each event to all of COUNT others, in order, and stops at the first that fails. */
struct trace_fan {
    const struct trace_sink *sinks;
    size_t count;
};
struct trace_sink trace_fan_sink(struct trace_fan *fan);

/* "injected", "call", ... Static storage. */
const char *trace_event_kind_name(enum trace_event_kind kind);

#endif
