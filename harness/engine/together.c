/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

/* Bits that one of several segments has for all of them. */
static const uint16_t shared_flags = TCP_PSH | TCP_FIN;

static bool same_connection(const struct tcp_header *left, const struct tcp_header *right)
{
    return left->source_port == right->source_port && left->destination_port == right->destination_port;
}

static bool is_piece(const struct packet *packet)
{
    return packet->transport == TRANSPORT_TCP && packet->defect_count == 0 && packet->payload.length > 0 &&
           (packet->tcp.flags & (TCP_SYN | TCP_RST)) == 0;
}

/* True if NEXT goes on where FIRST ends, and differs in nothing that cutting would not make differ. */
static bool goes_on(const struct packet *first, const struct packet *next)
{
    return is_piece(next) && next->tcp.sequence == first->tcp.sequence + (uint32_t)first->payload.length &&
           ((next->tcp.flags ^ first->tcp.flags) & ~(unsigned)shared_flags) == 0 &&
           next->tcp.acknowledgment == first->tcp.acknowledgment &&
           next->tcp.options.length == first->tcp.options.length;
}

/* The place of the oldest frame of FIRST's connection; where the queue ends if there is none. */
static struct run_frame **find_next(struct run *run, const struct packet *first)
{
    struct run_frame **at = &run->frames;
    while (*at != NULL &&
           !((*at)->packet.transport == TRANSPORT_TCP && same_connection(&(*at)->packet.tcp, &first->tcp)))
        at = &(*at)->next;
    return at;
}

static void take(struct run *run, struct run_frame **at)
{
    struct run_frame *taken = *at;
    *at = taken->next;
    if (run->frames_end == &taken->next)
        run->frames_end = at;
}

/* Adds NEXT to FRAME, whose payload has room behind it. */
static void add(struct run_frame *frame, const struct run_frame *next)
{
    struct packet *packet = &frame->packet;
    uint8_t *end = (uint8_t *)(uintptr_t)packet->payload.data + packet->payload.length;
    memcpy(end, next->packet.payload.data, next->packet.payload.length);
    packet->payload.length += next->packet.payload.length;
    /* What the last of them has counts; that another had it says as little against the script as for it. */
    if ((packet->tcp.flags & TCP_PSH) != 0 && (next->packet.tcp.flags & TCP_PSH) == 0) {
        packet->tcp.flags &= (uint16_t)~TCP_PSH;
        frame->open_flags |= TCP_PSH;
    }
    packet->tcp.flags |= next->packet.tcp.flags & shared_flags;
    frame->time.latest = next->time.latest;
}

static bool make_room(struct run *run, struct packet *packet, size_t length)
{
    uint8_t *room = arena_take(&run->arena, length);
    if (room == NULL)
        return run_fault_memory(run, NULL);
    memcpy(room, packet->payload.data, packet->payload.length);
    packet->payload.data = room;
    return true;
}

/* How much payload an answer that FRAME may be the first piece of has; 0 if there is none, or FRAME is a whole one. */
static size_t wanted_payload(const struct event *event, const struct packet *first)
{
    size_t wanted = 0;
    for (size_t i = 0; i < event_answer_count(event); i++) {
        const struct pattern *pattern = event_answer(event, i);
        unsigned differing = pattern->packet.tcp.flags ^ first->tcp.flags;
        if (pattern->packet.transport != TRANSPORT_TCP || !pattern_gives(pattern, FIELD_PAYLOAD_LENGTH) ||
            (differing & ~(unsigned)shared_flags) != 0)
            continue;
        if (pattern->packet.payload.length == first->payload.length)
            return 0;
        if (pattern->packet.payload.length > first->payload.length && wanted == 0)
            wanted = pattern->packet.payload.length;
    }
    return wanted;
}

bool run_put_together(struct run *run, const struct event *event, struct run_frame *frame, nanoseconds deadline)
{
    struct packet *packet = &frame->packet;
    if (run->settings->options.strict_segments || !is_piece(packet))
        return true;
    size_t wanted = wanted_payload(event, packet);
    if (wanted == 0)
        return true;
    if (!make_room(run, packet, wanted))
        return false;
    while (packet->payload.length < wanted) {
        struct run_frame **at = find_next(run, packet);
        if (*at == NULL && run_now(run) >= deadline)
            return true;
        if (*at == NULL && !run_wait_any(run, deadline))
            return false;
        if (*at == NULL)
            continue;
        struct run_frame *next = *at;
        if (!goes_on(packet, &next->packet) || packet->payload.length + next->packet.payload.length > wanted)
            return true;
        take(run, at);
        add(frame, next);
    }
    return true;
}
