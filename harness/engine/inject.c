/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

#include "packet/icmp_quote.h"

enum {
    DEFAULT_WINDOW = 65535,
    DEFAULT_TIME_TO_LIVE = 64,
};

/* Bytes that an injected packet points to. */
struct inject_room {
    struct resolved_options named; /* with values for names */
    uint8_t options[TCP_OPTIONS_SIZE_MOST];
    uint8_t quote[ICMP_QUOTE_SIZE_MOST];
};

/* Fills in what the script left open of the network header. */
static void inject_network(struct run *run, const struct connection *connection, struct pattern *pattern)
{
    struct packet *packet = &pattern->packet;
    bool is6 = packet->network == NETWORK_IPV6;
    uint8_t *time_to_live = is6 ? &packet->ipv6.hop_limit : &packet->ipv4.time_to_live;
    size_t size = address_size(is6 ? ADDRESS_IPV6 : ADDRESS_IPV4);
    const struct endpoints ends = run_ends(run, connection, is6);
    if (!pattern_gives(pattern, FIELD_TIME_TO_LIVE))
        *time_to_live = DEFAULT_TIME_TO_LIVE;
    if (!pattern_gives(pattern, FIELD_SOURCE))
        memcpy(is6 ? packet->ipv6.source : packet->ipv4.source, ends.remote.bytes, size);
    if (!pattern_gives(pattern, FIELD_DESTINATION))
        memcpy(is6 ? packet->ipv6.destination : packet->ipv4.destination, ends.local.bytes, size);
    if (is6 || pattern_gives(pattern, FIELD_IDENTIFICATION))
        return;
    /* A kernel that sends for us would fill in an identification of 0. */
    run->identification = run->identification == UINT16_MAX ? 1 : (uint16_t)(run->identification + 1);
    packet->ipv4.identification = run->identification;
}

/* Rewrites the TSecr in the option bytes that are to be sent; they are a copy. */
static void inject_timestamps(const struct connection *connection, uint8_t *data, size_t length, bool scaled)
{
    struct bytes rest = {data, length};
    struct tcp_option option;
    while (tcp_option_next(&rest, &option)) {
        if (option.kind != TCP_OPTION_TIMESTAMPS || option.fault != TCP_OPTION_SOUND)
            continue;
        uint8_t *echo = data + (option.body.data - data) + 4;
        uint32_t script = load_be32(echo);
        store_be32(echo,
                   scaled ? connection_echo_scaled(connection, script) : connection_echo_to_live(connection, script));
    }
}

static void inject_tcp(const struct run *run, const struct connection *connection, uint8_t *options,
                       struct pattern *pattern)
{
    struct packet *packet = &pattern->packet;
    const struct packet named = *packet;
    packet->tcp.source_port = connection->ends.remote_port;
    packet->tcp.destination_port = connection->ends.local_port;
    if (!pattern_gives(pattern, FIELD_WINDOW))
        packet->tcp.window = DEFAULT_WINDOW;
    connection_to_live(connection, packet);
    resolve_live(pattern, &named, packet);
    struct bytes written = packet->tcp.options;
    if (written.length > 0 && written.length <= TCP_OPTIONS_SIZE_MOST) {
        memcpy(options, written.data, written.length);
        inject_timestamps(connection, options, written.length, run->settings->options.scaled_echo);
        connection_sack_to_live(connection, packet->tcp.flags, options, written.length);
        packet->tcp.options = (struct bytes){options, written.length};
    }
}

/* Makes the checksum of a transport a wrong one: the right one is known once the packet is built, and any other is bad.
 */
static void spoil_checksum(const struct packet *right, struct packet *packet)
{
    if (packet->transport == TRANSPORT_TCP)
        packet->tcp.checksum = right->tcp.checksum ^ 0x5555;
    else if (packet->transport == TRANSPORT_UDP)
        packet->udp.checksum = right->udp.checksum ^ 0x5555;
    else
        packet->icmp.checksum = right->icmp.checksum ^ 0x5555;
    packet->explicit_fields |= EXPLICIT_CHECKSUM;
}

/* `checksum bad` */
static void inject_bad_checksums(const struct pattern *pattern, struct bytes built, struct packet *packet)
{
    struct packet right;
    packet_decode(built, DECODE_ALL, &right);
    if (pattern->checksum == CHECKSUM_BAD && packet->transport != TRANSPORT_NONE)
        spoil_checksum(&right, packet);
    if (pattern->ip_checksum == CHECKSUM_BAD && packet->network == NETWORK_IPV4) {
        packet->ipv4.checksum = right.ipv4.checksum ^ 0x5555;
        packet->explicit_fields |= EXPLICIT_IP_CHECKSUM;
    }
}

static bool inject_build(struct run *run, const struct event *event, const struct pattern *pattern, struct bytes *wire)
{
    struct error error;
    struct packet packet = pattern->packet;
    struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    struct encapsulation around;
    struct byte_writer writer = byte_writer_on(run->buffer, PACKET_SIZE_MOST);
    bool built = true;
    inject_outer(pattern, headers, &around);
    if (pattern->checksum == CHECKSUM_BAD || pattern->ip_checksum == CHECKSUM_BAD) {
        built = packet_build(&packet, &writer, &error);
        if (built)
            inject_bad_checksums(pattern, byte_writer_written(&writer), &packet);
        writer = byte_writer_on(run->buffer, PACKET_SIZE_MOST);
    }
    if (!built || !encapsulation_build(&around, &packet, &writer, &error))
        return run_fault(run, event, &error);
    *wire = byte_writer_written(&writer);
    return true;
}

/* A segment that the stack must not take for what it says changes nothing in what the numbers mean. */
static bool injection_counts(const struct pattern *pattern)
{
    return pattern->packet.transport == TRANSPORT_TCP && pattern->checksum != CHECKSUM_BAD &&
           pattern->ip_checksum != CHECKSUM_BAD;
}

static bool run_send(struct run *run, const struct event *event, nanoseconds due, struct bytes wire)
{
    struct link_frame sent;
    struct error error;
    if (!run_wait_to_inject(run, due))
        return false;
    if (!link_send(run->stack->link, wire, &sent, &error))
        return run_fault(run, event, &error);
    struct interval when = run_interval(run, sent.time);
    schedule_acted(&run->schedule, due, when, true);
    return run_record(run, &(struct trace_event){.kind = TRACE_INJECTED, .time = when, .packet = sent.packet});
}

/* `raw` without a word on IP: the packet is just these bytes. */
static bool pattern_is_bytes(const struct pattern *pattern)
{
    const uint64_t bytes = FIELD_BIT(FIELD_PAYLOAD) | FIELD_BIT(FIELD_PAYLOAD_LENGTH);
    return pattern->packet.network == NETWORK_NONE && pattern->packet.transport == TRANSPORT_NONE &&
           (pattern->given & ~bytes) == 0;
}

/* Puts the values of names into PATTERN. */
static bool inject_names(struct run *run, const struct event *event, struct connection *connection,
                         struct resolved_options *options, struct pattern *pattern)
{
    struct error error;
    const bool six = pattern->packet.network == NETWORK_IPV6;
    if (pattern->slot_count == 0)
        return true;
    const struct multipath_filling multipath = {.state = &run->multipath,
                                                .connection = connection,
                                                .names = &run->names,
                                                .arena = &run->arena,
                                                .injected = true,
                                                .ipv6 = six,
                                                .remote = run->stack->remote[six]};
    const struct resolving resolving = {.names = &run->names,
                                        .arena = &run->arena,
                                        .options = options,
                                        .code_length = signing_code_length(&run->keys, pattern, true),
                                        .multipath = &multipath};
    if (!resolve_pattern(&resolving, pattern, &error))
        return run_fault(run, event, &error);
    size_t length = pattern->packet.tcp.options.length;
    if (length % 4 == 0 || (pattern->packet.explicit_fields & EXPLICIT_DATA_OFFSET) != 0)
        return true;
    (void)error_set(&error, ERROR_MALFORMED,
                    "with the values of their names these options take %zu bytes: pad them with nop to a multiple of 4",
                    length);
    return run_fault(run, event, &error);
}

/* Gives the packet what belongs to its connection. False: the run has ended. */
static bool inject_transport(struct run *run, const struct event *event, struct inject_room *room,
                             struct pattern *pattern, struct connection **connection)
{
    enum packet_transport transport = pattern->packet.transport;
    struct error error;
    if (!pattern_resolve_icmp(pattern)) {
        (void)error_set(&error, ERROR_MALFORMED, "ICMP of this IP version has no such type or code");
        return run_fault(run, event, &error);
    }
    if (transport != TRANSPORT_TCP && transport != TRANSPORT_UDP)
        return inject_quote(run, event, pattern, room->quote);
    resolve_ports(&run->names, pattern);
    *connection = run_connection_to_inject(run, pattern);
    if (*connection == NULL)
        return run_fault_memory(run, event);
    if (!inject_names(run, event, *connection, &room->named, pattern))
        return false;
    if (transport == TRANSPORT_TCP) {
        inject_tcp(run, *connection, room->options, pattern);
    } else {
        pattern->packet.udp.source_port = (*connection)->ends.remote_port;
        pattern->packet.udp.destination_port = (*connection)->ends.local_port;
    }
    return true;
}

/* Signs the segment where PATTERN says so; its option bytes are at OPTIONS. */
static bool inject_sign(struct run *run, const struct event *event, const struct connection *connection,
                        uint8_t *options, const struct pattern *pattern)
{
    struct error error;
    struct packet unsigned_packet;
    if (pattern->slot_count == 0 || connection == NULL)
        return true;
    struct byte_writer writer = byte_writer_on(run->buffer, PACKET_SIZE_MOST);
    if (!packet_build(&pattern->packet, &writer, &error))
        return run_fault(run, event, &error);
    packet_decode(byte_writer_written(&writer), DECODE_UNCHECKED, &unsigned_packet);
    const struct signing signing = {.keys = &run->keys,
                                    .pattern = pattern,
                                    .segment = &unsigned_packet,
                                    .injected = true,
                                    .numbers = run_numbers(connection, &unsigned_packet, true)};
    return signing_write(&signing, options, pattern->packet.tcp.options.length, &error) ||
           run_fault(run, event, &error);
}

bool run_inject(struct run *run, const struct event *event)
{
    struct inject_room room;
    struct pattern pattern = event->pattern;
    struct connection *connection = NULL;
    struct bytes wire = {NULL, 0};
    nanoseconds due = schedule_due(&run->schedule, &event->time, true);
    if (!pattern_is_bytes(&pattern))
        run_adapt_pattern(run, &pattern);
    if (!inject_transport(run, event, &room, &pattern, &connection))
        return false;
    if (pattern.packet.network != NETWORK_NONE)
        inject_network(run, connection, &pattern);
    if (!inject_sign(run, event, connection, room.options, &pattern) || !inject_build(run, event, &pattern, &wire) ||
        !run_send(run, event, due, wire))
        return false;
    if (injection_counts(&pattern))
        connection_note_injected(connection, &pattern.packet);
    return run_take_in(run);
}
