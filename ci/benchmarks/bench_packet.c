/* SPDX-License-Identifier: MIT */
/* How long decoding takes: a SYN with five options, and a full-sized segment beside a memcpy of its bytes. */
#include "base/clock.h"
#include "packet/packet.h"
#include "packet/tcp_option.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    RUNS = 21,
    CALLS = 20000,
    SEGMENT_PAYLOAD = 1420, /* with IPv4 and TCP headers a packet of 1460 bytes */
    SYN_LIMIT = 40,         /* nanoseconds */
    COPY_RATIO = 4,
    COPY_ALLOWANCE = 40,
};

/* Keeps the compiler from leaving out what nobody looks at. */
static void keep(const void *result)
{
    __asm__ volatile("" : : "r"(result) : "memory");
}

static int compare_times(const void *left, const void *right)
{
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

typedef void measured(struct bytes wire);

/* Nanoseconds of a call, the median of several runs. */
static double median_of(measured *call, struct bytes wire)
{
    double times[RUNS];
    for (size_t run = 0; run < RUNS; run++) {
        nanoseconds start = clock_now();
        for (size_t i = 0; i < CALLS; i++)
            call(wire);
        times[run] = (double)(clock_now() - start) / CALLS;
    }
    qsort(times, RUNS, sizeof(times[0]), compare_times);
    return times[RUNS / 2];
}

static void measure_decode(struct bytes wire)
{
    struct packet packet;
    packet_decode(wire, DECODE_ALL, &packet);
    keep(&packet);
}

static void measure_copy(struct bytes wire)
{
    uint8_t copy[PACKET_SIZE_MOST];
    memcpy(copy, wire.data, wire.length);
    keep(copy);
}

/* A segment whose checksums are right. */
static struct bytes segment_with(uint16_t flags, struct bytes options, struct bytes payload)
{
    static uint8_t buffer[PACKET_SIZE_MOST];
    struct packet packet = {
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        .ipv4 = {.identification = 4711, .time_to_live = 64, .source = {10, 0, 0, 1}, .destination = {10, 0, 0, 2}},
        .tcp = {.source_port = 40000, .destination_port = 80, .sequence = 3112279261, .flags = flags, .window = 64240},
        .payload = payload,
    };
    packet.tcp.options = options;
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    struct error error;
    struct packet decoded;
    INVARIANT(packet_build(&packet, &writer, &error));
    packet_decode(byte_writer_written(&writer), DECODE_ALL, &decoded);
    INVARIANT(decoded.defect_count == 0);
    return byte_writer_written(&writer);
}

static void report(const char *name, double value, double limit)
{
    printf("{\"name\": \"%s\", \"value\": %.2f, \"unit\": \"ns\"", name, value);
    if (limit > 0)
        printf(", \"limit\": %.2f", limit);
    puts("}");
}

int main(void)
{
    /* As Linux sends them: maximum segment size, SACK permitted, timestamps, no operation, window scale. */
    static const uint8_t options[] = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 18, 214, 135, 0, 0, 0, 0, 1, 3, 3, 7};
    static uint8_t payload[SEGMENT_PAYLOAD];
    for (size_t i = 0; i < sizeof(payload); i++)
        payload[i] = (uint8_t)(i * 7 + 3);
    struct bytes syn = segment_with(TCP_SYN, (struct bytes){options, sizeof(options)}, (struct bytes){NULL, 0});
    report("decode_syn", median_of(measure_decode, syn), SYN_LIMIT);

    struct bytes full =
        segment_with(TCP_ACK | TCP_PSH, (struct bytes){NULL, 0}, (struct bytes){payload, SEGMENT_PAYLOAD});
    double copy = median_of(measure_copy, full);
    report("copy_segment", copy, 0);
    report("decode_segment", median_of(measure_decode, full), COPY_RATIO * copy + COPY_ALLOWANCE);
    return 0;
}
