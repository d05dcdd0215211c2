/* SPDX-License-Identifier: MIT */
#include "isn/collect.h"

#include "packet/packet.h"
#include "stack/sockets.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

enum {
    STACK_PORT = 8080,   /* where the stack listens */
    HARNESS_PORT = 9090, /* where the stack connects to; nobody listens there */
    FIRST_PORT = 10000,  /* of the harness, where each connection has another */
    PACKET_MOST = 128,
    ATTEMPTS = 3,
    LONG_TO_SHORT = 3, /* how much longer the longer gap is */
};

static const nanoseconds usual_gap = NANOSECONDS_PER_MILLISECOND;
static const nanoseconds least_span = 600 * NANOSECONDS_PER_MILLISECOND;
static const nanoseconds patience = NANOSECONDS_PER_SECOND;

/* A collection under way. */
struct collection {
    struct stack *stack;
    bool ipv6;
    nanoseconds short_gap;
    nanoseconds due; /* when the next number is asked for */
    size_t asked;
    uint32_t client_isn; /* of the harness's next SYN */
};

/* What is wanted of the stack: a segment with these flags on this connection. */
struct awaited {
    uint16_t flags;
    uint16_t stack_port; /* 0: any */
    uint16_t remote_port;
    uint32_t acknowledgment; /* of what has an ACK */
};

struct answer {
    bool found;
    struct tcp_header header; /* without its options */
    nanoseconds seen;
};

static bool segment_send(struct collection *collection, const struct tcp_header *header, struct link_frame *sent,
                         struct error *error)
{
    const struct stack *stack = collection->stack;
    uint8_t wire[PACKET_MOST];
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct packet packet = {.transport = TRANSPORT_TCP, .tcp = *header};
    if (collection->ipv6) {
        packet.network = NETWORK_IPV6;
        packet.ipv6.hop_limit = 64;
        memcpy(packet.ipv6.source, stack->remote[1].bytes, sizeof(packet.ipv6.source));
        memcpy(packet.ipv6.destination, stack->local[1].bytes, sizeof(packet.ipv6.destination));
    } else {
        packet.network = NETWORK_IPV4;
        packet.ipv4.identification = 1;
        packet.ipv4.time_to_live = 64;
        packet.ipv4.flags = IPV4_DONT_FRAGMENT;
        memcpy(packet.ipv4.source, stack->remote[0].bytes, sizeof(packet.ipv4.source));
        memcpy(packet.ipv4.destination, stack->local[0].bytes, sizeof(packet.ipv4.destination));
    }
    return packet_build(&packet, &writer, error) && link_send(stack->link, byte_writer_written(&writer), sent, error);
}

/* Waits until the link may have something, at most to UNTIL; in virtual time, moves on. */
static bool stack_wait(struct stack *stack, nanoseconds until, struct error *error)
{
    if (stack_is_virtual(stack))
        return stack_advance(stack, until, true, error);
    nanoseconds left = until - clock_now();
    if (left < 0)
        left = 0;
    struct pollfd polled = {.fd = link_descriptor(stack->link), .events = POLLIN};
    const struct timespec span = {left / NANOSECONDS_PER_SECOND, left % NANOSECONDS_PER_SECOND};
    if (ppoll(&polled, 1, &span, NULL) < 0 && errno != EINTR)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "ppoll() failed");
    return true;
}

static bool is_awaited(const struct packet *packet, const struct awaited *awaited)
{
    const uint16_t looked_at = TCP_SYN | TCP_ACK | TCP_RST;
    return packet->transport == TRANSPORT_TCP && (packet->tcp.flags & looked_at) == awaited->flags &&
           packet->tcp.destination_port == awaited->remote_port &&
           (awaited->stack_port == 0 || packet->tcp.source_port == awaited->stack_port) &&
           ((awaited->flags & TCP_ACK) == 0 || packet->tcp.acknowledgment == awaited->acknowledgment);
}

/* Waits at most to UNTIL for what is AWAITED; all else is passed over. */
static bool segment_await(struct collection *collection, const struct awaited *awaited, nanoseconds until,
                          struct answer *answer, struct error *error)
{
    struct stack *stack = collection->stack;
    answer->found = false;
    for (;;) {
        struct link_frame frame;
        struct packet packet;
        bool came;
        if (!link_next(stack->link, &frame, &came, error))
            return false;
        if (!came) {
            if (stack_now(stack) >= until)
                return true;
            if (!stack_wait(stack, until, error))
                return false;
            continue;
        }
        packet_decode(frame.packet, DECODE_UNCHECKED, &packet);
        if (is_awaited(&packet, awaited)) {
            *answer = (struct answer){true, packet.tcp, frame.time.latest};
            answer->header.options = (struct bytes){NULL, 0};
            return true;
        }
    }
}

/* Lets the time pass until the next number is due. */
static bool collection_pace(struct collection *collection, struct error *error)
{
    static const struct awaited nothing = {.flags = UINT16_MAX};
    struct answer answer;
    if (!segment_await(collection, &nothing, collection->due, &answer, error))
        return false;
    nanoseconds gap = collection->short_gap * (collection->asked++ % 2 == 0 ? 1 : LONG_TO_SHORT);
    collection->due = stack_now(collection->stack) + gap;
    return true;
}

/* One number of a connection from PORT, which is over then. */
static bool sample_passive(struct collection *collection, uint16_t port, struct isn_sample *sample, struct error *error)
{
    static const uint8_t maximum_segment_size[] = {2, 4, 0x05, 0xb4};
    struct tcp_header syn = {.source_port = port,
                             .destination_port = STACK_PORT,
                             .sequence = collection->client_isn,
                             .flags = TCP_SYN,
                             .window = 65535,
                             .options = {maximum_segment_size, sizeof(maximum_segment_size)}};
    const struct awaited awaited = {TCP_SYN | TCP_ACK, STACK_PORT, port, syn.sequence + 1};
    struct tcp_header rst = {
        .source_port = port, .destination_port = STACK_PORT, .sequence = syn.sequence + 1, .flags = TCP_RST};
    struct link_frame sent;
    struct answer answer = {.found = false};
    for (int attempt = 0; attempt < ATTEMPTS && !answer.found; attempt++) {
        if (!segment_send(collection, &syn, &sent, error))
            return false;
        if (attempt == 0)
            sample->time.earliest = sent.time.earliest;
        if (!segment_await(collection, &awaited, stack_now(collection->stack) + patience, &answer, error))
            return false;
    }
    if (!answer.found)
        return error_set(error, ERROR_TIMED_OUT, "the stack answered a SYN by no SYN-ACK, %d times", ATTEMPTS);
    sample->number = answer.header.sequence;
    sample->time.latest = answer.seen;
    collection->client_isn += 100000;
    return segment_send(collection, &rst, &sent, error);
}

/* One number of a connection that the stack opens, and that is refused. */
static bool sample_active(struct collection *collection, struct isn_sample *sample, struct error *error)
{
    static const struct awaited awaited = {.flags = TCP_SYN, .remote_port = HARNESS_PORT};
    struct stack *stack = collection->stack;
    struct answer answer = {.found = false};
    struct link_frame sent;
    int connecting;
    sample->time.earliest = stack_now(stack);
    if (!stack_socket_connect(stack, collection->ipv6, HARNESS_PORT, &connecting, error))
        return false;
    bool done = segment_await(collection, &awaited, stack_now(stack) + ATTEMPTS * patience, &answer, error);
    if (done && !answer.found)
        done = error_set(error, ERROR_TIMED_OUT, "the stack sent no SYN within %d s of connect()", ATTEMPTS);
    if (done) {
        const struct tcp_header rst = {.source_port = HARNESS_PORT,
                                       .destination_port = answer.header.source_port,
                                       .acknowledgment = answer.header.sequence + 1,
                                       .flags = TCP_RST | TCP_ACK};
        sample->number = answer.header.sequence;
        sample->time.latest = answer.seen;
        done = segment_send(collection, &rst, &sent, error);
    }
    stack_socket_close(stack, connecting);
    return done;
}

static bool sample_take(struct collection *collection, enum isn_series_kind kind, size_t index,
                        struct isn_sample *sample, struct error *error)
{
    if (kind == ISN_OF_MANY_ACTIVE)
        return sample_active(collection, sample, error);
    return sample_passive(collection, (uint16_t)(FIRST_PORT + (kind == ISN_OF_MANY_PASSIVE ? 1 + index : 0)), sample,
                          error);
}

static bool series_collect(struct collection *collection, enum isn_series_kind kind, size_t count,
                           struct isn_series *series, struct error *error)
{
    series->samples = calloc(count, sizeof(*series->samples));
    if (series->samples == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %zu numbers", count);
    for (; series->count < count; series->count++)
        if (!collection_pace(collection, error) ||
            !sample_take(collection, kind, series->count, &series->samples[series->count], error))
            return false;
    return true;
}

bool isn_collect(struct stack *stack, const struct isn_plan *plan, struct isn_samples *samples, struct error *error)
{
    *samples = (struct isn_samples){0};
    INVARIANT(plan->count >= ISN_COUNT_LEAST && plan->count <= ISN_COUNT_MOST);
    nanoseconds gap = least_span / (nanoseconds)(plan->count - 1);
    if (gap < usual_gap)
        gap = usual_gap;
    struct collection collection = {.stack = stack,
                                    .ipv6 = plan->ipv6,
                                    .short_gap = 2 * gap / (1 + LONG_TO_SHORT),
                                    .due = stack_now(stack),
                                    .client_isn = 1000};
    int listener;
    if (!stack_socket_listen(stack, plan->ipv6, STACK_PORT, &listener, error))
        return false;
    bool collected = true;
    for (enum isn_series_kind kind = 0; collected && kind < ISN_SERIES_COUNT; kind++)
        if (kind != ISN_OF_MANY_ACTIVE || plan->active)
            collected = series_collect(&collection, kind, plan->count, &samples->series[kind], error);
    stack_socket_close(stack, listener);
    return collected;
}
