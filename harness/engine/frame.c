/* SPDX-License-Identifier: MIT */
/* Packets of the stack's: what they are in, which of them a script is about, and which may be the expected one. */
#include "engine/run.h"

#include "packet/icmp_quote.h"

static bool keep_headers(struct run *run, struct run_frame *frame, const struct outer_header *headers, size_t count)
{
    struct outer_header *kept = arena_take(&run->arena, count * sizeof(*kept));
    if (kept == NULL)
        return false;
    memcpy(kept, headers, count * sizeof(*kept));
    frame->encapsulation.headers = kept;
    frame->encapsulation.count = count;
    return true;
}

bool frame_unwrap(struct run *run, struct run_frame *frame)
{
    frame->encapsulation = (struct encapsulation){0};
    if (frame->packet.transport == TRANSPORT_NONE && frame->packet.network != NETWORK_NONE) {
        struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
        struct packet innermost;
        size_t count = encapsulation_decode(&frame->packet, headers, &innermost);
        if (count > 0 && !keep_headers(run, frame, headers, count))
            return false;
        if (count > 0)
            frame->packet = innermost;
    }
    struct packet segment;
    if (run->settings->options.udp_encapsulation && encapsulation_decode_over_udp(&frame->packet, &segment)) {
        frame->encapsulation.over_udp = true;
        frame->encapsulation.udp_source = frame->packet.udp.source_port;
        frame->encapsulation.udp_destination = frame->packet.udp.destination_port;
        frame->packet = segment;
    }
    return true;
}

static uint8_t protocol_of(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.protocol : packet->ipv6.protocol;
}

static bool is_icmp(const struct packet *packet)
{
    return packet->transport == TRANSPORT_ICMPV4 || packet->transport == TRANSPORT_ICMPV6;
}

bool frame_counts(const struct run_frame *frame)
{
    const struct packet *packet = &frame->packet;
    if (packet->transport == TRANSPORT_TCP || packet->transport == TRANSPORT_UDP || packet->network == NETWORK_NONE)
        return true;
    if (frame->encapsulation.count > 0)
        return true;
    return packet->transport == TRANSPORT_NONE && protocol_of(packet) == PROTOCOL_TCP;
}

/* A SYN that opens a connection is expected, and PACKET goes on with one that is open. */
static bool goes_on(const struct pattern *pattern, const struct packet *packet)
{
    return packet->transport == TRANSPORT_TCP && pattern_gives(pattern, FIELD_FLAGS) &&
           (pattern->packet.tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && (packet->tcp.flags & TCP_SYN) == 0;
}

static bool ports_agree(const struct run *run, const struct pattern *pattern, const struct packet *packet)
{
    /* UDP has its ports where TCP has them. */
    uint16_t source = packet->tcp.source_port, destination = packet->tcp.destination_port;
    bool datagram = packet->transport == TRANSPORT_UDP;
    if (pattern_gives(pattern, FIELD_SOURCE_PORT) || pattern_gives(pattern, FIELD_DESTINATION_PORT))
        return (!pattern_gives(pattern, FIELD_SOURCE_PORT) || pattern->packet.tcp.source_port == source) &&
               (!pattern_gives(pattern, FIELD_DESTINATION_PORT) || pattern->packet.tcp.destination_port == destination);
    const struct endpoints ends = endpoints_of_sent(packet);
    const struct connection *current = run_current(run, datagram);
    const struct connection *found = run_find_connection(run, datagram, &ends);
    if (current != NULL && found != NULL && goes_on(pattern, packet))
        return false;
    if (current == NULL || found == NULL || found == current)
        return true;
    /* Scripts that name addresses go on without them where the next segment of any subflow is meant. */
    return found->named && current->named;
}

/* True if ADDRESS is what `addr[NAME]` stands for, or the name has no value yet. */
static bool address_agrees(const struct run *run, const struct pattern_slot *slot, struct address address)
{
    const struct named_value *known = slot->has_value ? NULL : names_find(&run->names, slot->name);
    size_t size = address_size(address.family);
    if (slot->has_value)
        return slot->value_size == size && memcmp(slot->value, address.bytes, size) == 0;
    return known == NULL || (known->length == size && memcmp(known->bytes, address.bytes, size) == 0);
}

/* True if PACKET, a segment, is on the connection that PATTERN names. Where it gives addresses, ports don't count that
 * it does not give. */
static bool segment_agrees(const struct run *run, const struct pattern *pattern, const struct packet *packet)
{
    const struct pattern_slot *source = endpoints_slot(pattern, FIELD_SOURCE);
    const struct pattern_slot *destination = endpoints_slot(pattern, FIELD_DESTINATION);
    if (source == NULL && destination == NULL)
        return ports_agree(run, pattern, packet);
    return (source == NULL || address_agrees(run, source, packet_source(packet))) &&
           (destination == NULL || address_agrees(run, destination, packet_destination(packet))) &&
           (!(pattern_gives(pattern, FIELD_SOURCE_PORT) || pattern_gives(pattern, FIELD_DESTINATION_PORT)) ||
            ports_agree(run, pattern, packet));
}

/* A neighbour's solicitation and the like are nothing that a script is about, unless it asks for just that. */
static bool message_agrees(const struct run *run, const struct pattern *written, const struct packet *packet)
{
    struct icmp_quote quote;
    struct pattern pattern = *written;
    pattern_set_network(&pattern, run_network(run));
    return packet->icmp.type == pattern.packet.icmp.type || icmp_quote_read(packet, false, &quote);
}

bool frame_is_candidate(const struct run *run, const struct pattern *pattern, const struct run_frame *frame)
{
    const struct packet *packet = &frame->packet;
    if ((pattern->encapsulation.count > 0) != (frame->encapsulation.count > 0))
        return false;
    switch (pattern->packet.transport) {
    case TRANSPORT_TCP:
        if (packet->transport == TRANSPORT_TCP)
            return segment_agrees(run, pattern, packet);
        return packet->network == NETWORK_NONE ||
               (packet->transport == TRANSPORT_NONE && protocol_of(packet) == PROTOCOL_TCP);
    case TRANSPORT_UDP:
        return packet->transport == TRANSPORT_UDP && ports_agree(run, pattern, packet);
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        return is_icmp(packet) && message_agrees(run, pattern, packet);
    case TRANSPORT_NONE:
        break;
    }
    return packet->transport == TRANSPORT_NONE && packet->network != NETWORK_NONE &&
           protocol_of(packet) == protocol_of(&pattern->packet);
}

bool frame_map_message(struct run *run, const struct run_frame *frame, struct packet *packet)
{
    struct icmp_quote quote;
    *packet = frame->packet;
    if (!icmp_quote_read(packet, run->settings->options.udp_encapsulation, &quote) || quote.transport != TRANSPORT_TCP)
        return true;
    /* What the stack quotes is ours: its source port is the remote one. */
    const struct endpoints ends = {quote.destination, quote.source, quote.destination_port, quote.source_port};
    const struct connection *connection = run_find_connection(run, false, &ends);
    if (connection == NULL || !connection->remote_known || quote.syn)
        return true;
    char *payload = arena_copy(&run->arena, packet->payload.data, packet->payload.length);
    if (payload == NULL)
        return false;
    store_be32((uint8_t *)payload + quote.sequence_at, quote.sequence - connection->remote_isn);
    packet->payload.data = (const uint8_t *)payload;
    return true;
}
