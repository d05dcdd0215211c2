/* SPDX-License-Identifier: MIT */
/* The specification that the project comes with, and traces that are told event by event. */
#ifndef TESTS_SPEC_FIXTURE_H
#define TESTS_SPEC_FIXTURE_H

#include "packet/packet.h"
#include "spec/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct exchange {
    struct spec spec;
    struct arena arena;
    struct diagnostics diagnostics;
    struct judge *judge;
    nanoseconds now;
    const char *doubt; /* of each packet; NULL: none */
    uint16_t port;     /* the peer's; 0: 40000 */
};

/* One segment of an exchange. */
struct told {
    int milliseconds; /* since the one before */
    bool to_stack;
    uint16_t flags;
    uint32_t sequence;
    uint32_t acknowledgment;
    const char *options; /* wire bytes, a multiple of four; NULL: none */
    size_t options_length;
    size_t text;
};

static inline void exchange_load(struct exchange *exchange)
{
    struct error error;
    *exchange = (struct exchange){.now = 0};
    exchange->diagnostics.arena = &exchange->arena;
    assert_true(
        spec_load(&exchange->spec, SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", &exchange->diagnostics, &error));
    assert_int_equal(exchange->diagnostics.count, 0);
}

/* Begins a trace that saw VISIBILITY, with the judge that there is. */
static inline void exchange_start_seeing(struct exchange *exchange, const struct trace_visibility *visibility)
{
    struct error error;
    const struct trace_event start = {.kind = TRACE_START,
                                      .start = {.visibility = *visibility, .stack = "test", .title = "test"}};
    exchange->now = 0;
    const struct trace_sink sink = judge_sink(exchange->judge);
    assert_true(trace_give(&sink, &start, &error));
}

/* Begins a trace that saw all, or a capture that saw what passed. */
static inline void exchange_start(struct exchange *exchange, bool live)
{
    exchange_start_seeing(exchange, &(struct trace_visibility){.injected = live, .seen = true, .from_start = live});
}

static inline void exchange_renew_judge(struct exchange *exchange)
{
    struct error error;
    judge_close(exchange->judge);
    exchange->judge = judge_open(&exchange->spec, &error);
    assert_non_null(exchange->judge);
}

/* As exchange_start(), with a judge of its own. */
static inline void exchange_begin(struct exchange *exchange, bool live)
{
    exchange_renew_judge(exchange);
    exchange_start(exchange, live);
}

/* A capture that was taken on the stack's own machine. */
static inline void exchange_begin_on_stack(struct exchange *exchange)
{
    exchange_renew_judge(exchange);
    exchange_start_seeing(exchange, &(struct trace_visibility){.injected = true, .seen = true});
}

static inline void exchange_tell(struct exchange *exchange, const struct told *told)
{
    static const uint8_t stack[4] = {192, 0, 2, 1};
    static const uint8_t peer[4] = {192, 0, 2, 2};
    static const uint8_t zeros[1460];
    uint8_t wire[2048];
    struct error error;
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct packet packet = {.network = NETWORK_IPV4, .transport = TRANSPORT_TCP};
    uint16_t port = exchange->port == 0 ? 40000 : exchange->port;
    packet.ipv4.time_to_live = 64;
    memcpy(packet.ipv4.source, told->to_stack ? peer : stack, 4);
    memcpy(packet.ipv4.destination, told->to_stack ? stack : peer, 4);
    packet.tcp = (struct tcp_header){.source_port = told->to_stack ? port : 8080,
                                     .destination_port = told->to_stack ? 8080 : port,
                                     .sequence = told->sequence,
                                     .acknowledgment = told->acknowledgment,
                                     .flags = told->flags,
                                     .window = 1000,
                                     .options = {(const uint8_t *)told->options, told->options_length}};
    packet.payload = (struct bytes){zeros, told->text};
    assert_true(packet_build(&packet, &writer, &error));
    exchange->now += told->milliseconds * NANOSECONDS_PER_MILLISECOND;
    const struct trace_event event = {.kind = told->to_stack ? TRACE_INJECTED : TRACE_SEEN,
                                      .time = {exchange->now, exchange->now},
                                      .doubt = exchange->doubt,
                                      .packet = byte_writer_written(&writer)};
    const struct trace_sink sink = judge_sink(exchange->judge);
    assert_true(trace_give(&sink, &event, &error));
}

static inline void exchange_tell_all(struct exchange *exchange, const struct told *told, size_t count)
{
    for (size_t i = 0; i < count; i++)
        exchange_tell(exchange, &told[i]);
}

/* Ends the trace a second later. */
static inline enum verdict exchange_end(struct exchange *exchange)
{
    struct error error;
    exchange->now += NANOSECONDS_PER_SECOND;
    const struct trace_event end = {.kind = TRACE_END, .time = {exchange->now, exchange->now}, .end = {.reason = ""}};
    const struct trace_sink sink = judge_sink(exchange->judge);
    assert_true(trace_give(&sink, &end, &error));
    assert_true(judge_finish(exchange->judge, &error));
    return judge_verdict(exchange->judge);
}

static inline void exchange_free(struct exchange *exchange)
{
    judge_close(exchange->judge);
    spec_free(&exchange->spec);
    arena_free(&exchange->arena);
}

#endif
