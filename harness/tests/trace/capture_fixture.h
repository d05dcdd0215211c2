/* SPDX-License-Identifier: MIT */
/* Captures that are put together byte by byte, and what is told of them. */
#ifndef TESTS_TRACE_CAPTURE_FIXTURE_H
#define TESTS_TRACE_CAPTURE_FIXTURE_H

#include "packet/packet.h"
#include "trace/capture_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TOLD_MOST = 16 };

struct told {
    size_t count;
    struct trace_event events[TOLD_MOST];
    struct capture_summary summary;
};

/* A capture that grows; in the byte order of a little-endian machine unless `big`. */
struct made {
    uint8_t bytes[8192];
    size_t length;
    bool big;
};

static inline void put_bytes(struct made *made, const void *bytes, size_t length)
{
    assert_true(length <= sizeof(made->bytes) - made->length);
    memcpy(made->bytes + made->length, bytes, length);
    made->length += length;
}

static inline void put_u32(struct made *made, uint32_t value)
{
    uint8_t bytes[4];
    store_be32(bytes, made->big ? value : __builtin_bswap32(value));
    put_bytes(made, bytes, sizeof(bytes));
}

static inline void put_u16(struct made *made, uint16_t value)
{
    uint8_t bytes[2];
    store_be16(bytes, made->big ? value : __builtin_bswap16(value));
    put_bytes(made, bytes, sizeof(bytes));
}

static inline void put_u64(struct made *made, uint64_t value)
{
    put_u32(made, (uint32_t)(made->big ? value >> 32 : value));
    put_u32(made, (uint32_t)(made->big ? value : value >> 32));
}

static inline void put_pcap_header(struct made *made, uint32_t magic, uint32_t link_type)
{
    put_u32(made, magic);
    put_u16(made, 2);
    put_u16(made, 4);
    put_u32(made, 0);
    put_u32(made, 0);
    put_u32(made, 65535);
    put_u32(made, link_type);
}

static inline void put_record(struct made *made, uint32_t fraction, struct bytes data, uint32_t length)
{
    put_u32(made, 1000);
    put_u32(made, fraction);
    put_u32(made, (uint32_t)data.length);
    put_u32(made, length);
    put_bytes(made, data.data, data.length);
}

/* A SYN from 192.0.2.1.1000 to 192.0.2.2.80, or its like over IPv6, of TEXT bytes; in static storage. */
static inline struct bytes syn(enum packet_network network, size_t text)
{
    static uint8_t wire[2048];
    static const uint8_t zeros[1500];
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct packet packet = {.network = network, .transport = TRANSPORT_TCP, .payload = {zeros, text}};
    struct error error;
    if (network == NETWORK_IPV4) {
        memcpy(packet.ipv4.source, "\xc0\x00\x02\x01", 4);
        memcpy(packet.ipv4.destination, "\xc0\x00\x02\x02", 4);
    } else {
        memcpy(packet.ipv6.source, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
        memcpy(packet.ipv6.destination, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16);
    }
    packet.tcp = (struct tcp_header){.source_port = 1000, .destination_port = 80, .flags = TCP_SYN, .window = 1000};
    assert_true(packet_build(&packet, &writer, &error));
    return byte_writer_written(&writer);
}

static inline bool take_told(void *context, const struct trace_event *event, struct error *error)
{
    struct told *told = context;
    (void)error;
    assert_true(told->count < TOLD_MOST);
    told->events[told->count++] = *event;
    return true;
}

/* All that is told of MADE, as seen from both ends of its connections or from SIDES. Packets' bytes are gone. */
static inline void tell_from(struct told *told, const struct made *made, const struct capture_trace_settings *settings)
{
    struct capture_file *file;
    struct error error = {.text = ""};
    /* Of its exact size, so that a sanitizer sees what is read past the end. */
    uint8_t *exact = malloc(made->length == 0 ? 1 : made->length);
    assert_non_null(exact);
    memcpy(exact, made->bytes, made->length);
    *told = (struct told){.count = 0};
    const struct trace_sink sink = {take_told, told};
    assert_true(capture_file_open_bytes((struct bytes){exact, made->length}, &file, &error));
    assert_true(capture_trace(file, settings, &sink, &told->summary, &error));
    capture_file_close(file);
    free(exact);
}

static inline void tell(struct told *told, const struct made *made)
{
    const struct capture_trace_settings settings = {.side_count = 0};
    tell_from(told, made, &settings);
}

static inline size_t packets_told(const struct told *told)
{
    size_t count = 0;
    for (size_t i = 0; i < told->count; i++)
        count += told->events[i].kind == TRACE_INJECTED || told->events[i].kind == TRACE_SEEN;
    return count;
}

#endif
