/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a trace that is judged by the specification that the project comes with: first what the trace could see,
 * then segments and calls, each with the time since the one before. The judge says something about every connection,
 * and keeps no more than its share of memory for it.
 */
#include "packet/packet.h"
#include "specification.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WIRE_MOST = 512 };

/* Numbers that have something to do with each other: a base of either side's, and a little more or less. */
static uint32_t number_from(struct byte_reader *reader, uint32_t base)
{
    uint8_t kind = byte_reader_u8(reader);
    if (kind == UINT8_MAX)
        return byte_reader_u32(reader);
    return kind < 128 ? base + kind : base - (256U - kind);
}

/* A whole segment, with checksums as they should be, in WRITER. */
static bool put_segment(struct byte_reader *reader, bool to_stack, struct byte_writer *writer)
{
    static const uint8_t text[64];
    static const uint8_t stack[4] = {192, 0, 2, 1};
    static const uint8_t peer[4] = {192, 0, 2, 2};
    struct packet packet = {.network = NETWORK_IPV4, .transport = TRANSPORT_TCP};
    struct error error;
    uint8_t shape = byte_reader_u8(reader);
    uint16_t port = (uint16_t)(40000 + (shape & 1));
    memcpy(to_stack ? packet.ipv4.destination : packet.ipv4.source, stack, 4);
    memcpy(to_stack ? packet.ipv4.source : packet.ipv4.destination, peer, 4);
    packet.ipv4.time_to_live = 64;
    packet.ipv4.type_of_service = shape >> 1 & 3;
    packet.tcp.source_port = to_stack ? port : 8080;
    packet.tcp.destination_port = to_stack ? 8080 : port;
    packet.tcp.flags = byte_reader_u16(reader) & 0x1ff;
    packet.tcp.sequence = number_from(reader, to_stack ? 1000 : UINT32_MAX - 10);
    packet.tcp.acknowledgment = number_from(reader, to_stack ? UINT32_MAX - 10 : 1000);
    packet.tcp.window = byte_reader_u16(reader);
    packet.payload = (struct bytes){text, shape >> 3 & 31};
    packet.tcp.options = byte_reader_bytes(reader, (size_t)(byte_reader_u8(reader) & 7) * 4);
    return packet_build(&packet, writer, &error);
}

/* Raw bytes of a packet, whatever they are. */
static bool put_bytes(struct byte_reader *reader, struct byte_writer *writer)
{
    byte_writer_bytes(writer, byte_reader_bytes(reader, byte_reader_u8(reader)));
    return true;
}

static void give(struct judge *judge, const struct trace_event *event)
{
    struct error error;
    const struct trace_sink sink = judge_sink(judge);
    INVARIANT(trace_give(&sink, event, &error));
}

static void give_event(struct judge *judge, struct byte_reader *reader, nanoseconds *now)
{
    uint8_t wire[WIRE_MOST];
    uint8_t kind = byte_reader_u8(reader);
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    bool to_stack = (kind & 1) != 0;
    *now += (nanoseconds)byte_reader_u16(reader) * NANOSECONDS_PER_MILLISECOND;
    struct trace_event event = {.kind = to_stack ? TRACE_INJECTED : TRACE_SEEN, .time = {*now, *now}};
    if ((kind & 0xe) == 0xe) {
        event.kind = TRACE_CALL;
        event.call.name = to_stack ? "close" : "setsockopt";
        event.call.arguments = "3, 1, 13";
    } else {
        bool built = (kind & 0xe) == 0xc ? put_bytes(reader, &writer) : put_segment(reader, to_stack, &writer);
        if (!built)
            return;
        event.packet = byte_writer_written(&writer);
    }
    give(judge, &event);
}

static void look_at(const struct judge *judge)
{
    for (size_t i = 0; i < judge_connection_count(judge); i++) {
        const struct judge_connection *connection = judge_connection_at(judge, i);
        INVARIANT(connection->verdict == VERDICT_PASS || connection->verdict == VERDICT_FAIL ||
                  connection->verdict == VERDICT_INCONCLUSIVE);
        INVARIANT((connection->verdict == VERDICT_INCONCLUSIVE) == (connection->reason != NULL));
        if (connection->verdict == VERDICT_FAIL)
            INVARIANT(judge_violation_at(judge, connection->violation)->clause_count > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct byte_reader reader = byte_reader_on((struct bytes){data, size});
    struct error error;
    nanoseconds now = 0;
    uint8_t sees = byte_reader_u8(&reader);
    const struct trace_event start = {.kind = TRACE_START,
                                      .start = {.visibility = {.injected = (sees & 1) != 0,
                                                               .seen = true,
                                                               .calls = (sees & 2) != 0,
                                                               .from_start = (sees & 4) != 0},
                                                .stack = "",
                                                .title = ""}};
    struct judge *judge = judge_open(specification(), &error);
    INVARIANT(judge != NULL);
    give(judge, &start);
    while (!reader.failed && byte_reader_left(&reader) > 0)
        give_event(judge, &reader, &now);
    INVARIANT(judge_finish(judge, &error));
    look_at(judge);
    judge_close(judge);
    return 0;
}
