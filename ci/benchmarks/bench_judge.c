/* SPDX-License-Identifier: MIT */
/*
 * How fast the judge is: segments a second from memory, over connections that are opened, used both ways and closed;
 * the memory of a live connection; and how long the specification takes to be read.
 */
#include "packet/packet.h"
#include "processor_clock.h"
#include "spec/judge.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CONNECTIONS = 1000,
    LIVE_CONNECTIONS = 20000,
    ROUNDS = 100, /* of text and its ACK, on each connection */
    TEXT = 100,
    WIRE_MOST = 40 + TEXT,
    SEGMENTS_MOST = CONNECTIONS * (ROUNDS * 2 + 6),
    SEGMENTS_FLOOR = 2000000, /* a second */
    MEMORY_LIMIT = 1024,      /* bytes a connection */
    LOADING_LIMIT = 5000,     /* microseconds */
    LOADINGS = 20,
};

static const char specification[] = SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec";

/* Segments, ready on the wire before any is told. */
struct bench {
    struct judge *judge;
    nanoseconds now;
    uint8_t *wires;
    size_t length; /* of all wires */
    struct {
        bool to_stack;
        uint32_t offset;
        uint32_t length;
    } * segments;
    size_t count;
};

static void end(const char *what)
{
    (void)fprintf(stderr, "bench_judge: %s\n", what);
    exit(EXIT_FAILURE);
}

static void give(struct bench *bench, const struct trace_event *event)
{
    struct error error;
    const struct trace_sink sink = judge_sink(bench->judge);
    if (!trace_give(&sink, event, &error))
        end(error.text);
}

struct told {
    uint32_t connection;
    bool to_stack;
    uint8_t flags;
    uint32_t sequence;
    uint32_t acknowledgment;
    bool text;
};

static void prepare(struct bench *bench, const struct told *told)
{
    static const uint8_t text[TEXT];
    const uint8_t stack[4] = {192, 0, 2, 1};
    const uint8_t peer[4] = {198, 51, 100, (uint8_t)(told->connection >> 15)};
    const uint16_t port = (uint16_t)(told->connection | 0x8000);
    struct packet packet = {.network = NETWORK_IPV4, .transport = TRANSPORT_TCP};
    struct byte_writer writer = byte_writer_on(bench->wires + bench->length, WIRE_MOST);
    struct error error;
    packet.ipv4.time_to_live = 64;
    memcpy(told->to_stack ? packet.ipv4.destination : packet.ipv4.source, stack, 4);
    memcpy(told->to_stack ? packet.ipv4.source : packet.ipv4.destination, peer, 4);
    packet.tcp = (struct tcp_header){.source_port = told->to_stack ? port : 8080,
                                     .destination_port = told->to_stack ? 8080 : port,
                                     .sequence = told->sequence,
                                     .acknowledgment = told->acknowledgment,
                                     .flags = told->flags,
                                     .window = 65535};
    packet.payload = (struct bytes){text, told->text ? TEXT : 0};
    if (!packet_build(&packet, &writer, &error))
        end(error.text);
    size_t length = byte_writer_written(&writer).length;
    bench->segments[bench->count].to_stack = told->to_stack;
    bench->segments[bench->count].offset = (uint32_t)bench->length;
    bench->segments[bench->count++].length = (uint32_t)length;
    bench->length += length;
}

/* Judges all segments that were prepared, and gives the time that it took. */
static nanoseconds tell_all(struct bench *bench)
{
    nanoseconds start = processor_clock_now();
    for (size_t i = 0; i < bench->count; i++) {
        bench->now += NANOSECONDS_PER_MICROSECOND;
        const struct trace_event event = {
            .kind = bench->segments[i].to_stack ? TRACE_INJECTED : TRACE_SEEN,
            .time = {bench->now, bench->now},
            .packet = {bench->wires + bench->segments[i].offset, bench->segments[i].length}};
        give(bench, &event);
    }
    return processor_clock_now() - start;
}

static void begin(struct bench *bench, const struct spec *spec)
{
    struct error error;
    const struct trace_event start = {
        .kind = TRACE_START,
        .start = {.visibility = {.injected = false, .seen = true, .from_start = false}, .stack = "", .title = ""}};
    *bench = (struct bench){.judge = judge_open(spec, &error)};
    if (bench->judge == NULL)
        end(error.text);
    bench->wires = malloc((size_t)SEGMENTS_MOST * WIRE_MOST);
    bench->segments = calloc(SEGMENTS_MOST, sizeof(*bench->segments));
    if (bench->wires == NULL || bench->segments == NULL)
        end("no memory");
    give(bench, &start);
}

static void open_connection(struct bench *bench, uint32_t i)
{
    prepare(bench, &(struct told){i, true, TCP_SYN, 1000, 0, false});
    prepare(bench, &(struct told){i, false, TCP_SYN | TCP_ACK, 5000, 1001, false});
    prepare(bench, &(struct told){i, true, TCP_ACK, 1001, 5001, false});
}

static void exchange_text(struct bench *bench, uint32_t i, uint32_t round)
{
    uint32_t in = 1001 + round * TEXT;
    uint32_t out = 5001 + round * TEXT;
    prepare(bench, &(struct told){i, true, TCP_ACK, in, out, true});
    prepare(bench, &(struct told){i, false, TCP_ACK, out, in + TEXT, true});
}

static void close_connection(struct bench *bench, uint32_t i)
{
    uint32_t in = 1001 + ROUNDS * TEXT;
    uint32_t out = 5001 + ROUNDS * TEXT;
    prepare(bench, &(struct told){i, true, TCP_FIN | TCP_ACK, in, out, false});
    prepare(bench, &(struct told){i, false, TCP_FIN | TCP_ACK, out, in + 1, false});
    prepare(bench, &(struct told){i, true, TCP_ACK, in + 1, out + 1, false});
}

static void finish(struct bench *bench)
{
    struct error error;
    if (!judge_finish(bench->judge, &error))
        end(error.text);
    if (judge_verdict(bench->judge) != VERDICT_PASS)
        end(judge_violation_count(bench->judge) > 0 ? judge_violation_at(bench->judge, 0)->text : "inconclusive");
    judge_close(bench->judge);
    free(bench->wires);
    free(bench->segments);
}

static void measure_speed(const struct spec *spec)
{
    struct bench bench;
    begin(&bench, spec);
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        open_connection(&bench, i);
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < CONNECTIONS; i++)
            exchange_text(&bench, i, round);
    for (uint32_t i = 0; i < CONNECTIONS; i++)
        close_connection(&bench, i);
    double seconds = (double)tell_all(&bench) / (double)NANOSECONDS_PER_SECOND;
    printf("{\"name\": \"judged_segments\", \"value\": %.0f, \"unit\": \"segments/s\", \"floor\": %d}\n",
           (double)bench.count / seconds, SEGMENTS_FLOOR);
    finish(&bench);
}

static void measure_memory(const struct spec *spec)
{
    struct bench bench;
    begin(&bench, spec);
    for (uint32_t i = 0; i < LIVE_CONNECTIONS; i++) {
        open_connection(&bench, i);
        exchange_text(&bench, i, 0);
    }
    size_t before = mallinfo2().uordblks;
    (void)tell_all(&bench);
    double used = (double)(mallinfo2().uordblks - before) / LIVE_CONNECTIONS;
    printf("{\"name\": \"judged_connection\", \"value\": %.0f, \"unit\": \"bytes\", \"limit\": %d}\n", used,
           MEMORY_LIMIT);
    finish(&bench);
}

static void load(struct spec *spec)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct error error;
    if (!spec_load(spec, specification, &diagnostics, &error))
        end(error.text);
    if (diagnostics.count > 0)
        end("the specification is not sound");
    arena_free(&arena);
}

static void measure_loading(void)
{
    nanoseconds start = processor_clock_now();
    for (size_t i = 0; i < LOADINGS; i++) {
        struct spec spec;
        load(&spec);
        spec_free(&spec);
    }
    double microseconds = (double)(processor_clock_now() - start) / LOADINGS / (double)NANOSECONDS_PER_MICROSECOND;
    printf("{\"name\": \"load_specification\", \"value\": %.0f, \"unit\": \"us\", \"limit\": %d}\n", microseconds,
           LOADING_LIMIT);
}

int main(void)
{
    struct spec spec;
    load(&spec);
    measure_speed(&spec);
    measure_memory(&spec);
    spec_free(&spec);
    measure_loading();
    return EXIT_SUCCESS;
}
