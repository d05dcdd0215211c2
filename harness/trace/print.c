/* SPDX-License-Identifier: MIT */
#include "trace/print.h"

#include "trace/print_layers.h"

static uint8_t packet_protocol(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.protocol : packet->ipv6.protocol;
}

static bool packet_ports(const struct packet *packet, uint16_t *source, uint16_t *destination)
{
    if (packet->transport == TRANSPORT_TCP) {
        *source = packet->tcp.source_port;
        *destination = packet->tcp.destination_port;
    } else if (packet->transport == TRANSPORT_UDP) {
        *source = packet->udp.source_port;
        *destination = packet->udp.destination_port;
    } else {
        return false;
    }
    return true;
}

static void print_addresses(struct text *text, const struct packet *packet)
{
    struct address source = packet_source(packet);
    struct address destination = packet_destination(packet);
    uint16_t source_port, destination_port;
    bool ports = packet_ports(packet, &source_port, &destination_port);
    text_append_string(text, packet->network == NETWORK_IPV4 ? "IP " : "IP6 ");
    address_print(text, &source);
    if (ports)
        text_append_format(text, ".%u", source_port);
    text_append_string(text, " > ");
    address_print(text, &destination);
    if (ports)
        text_append_format(text, ".%u", destination_port);
    text_append_string(text, ": ");
}

static void print_transport(struct text *text, const struct packet *packet)
{
    switch (packet->transport) {
    case TRANSPORT_TCP:
        print_tcp(text, packet);
        break;
    case TRANSPORT_UDP:
        text_append_format(text, "UDP, length %zu", packet->payload.length);
        break;
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        print_icmp(text, packet);
        break;
    default:
        text_append_format(text, "ip-proto-%u, length %zu", packet_protocol(packet), packet->payload.length);
    }
}

static void print_defects(struct text *text, const struct packet *packet)
{
    for (uint32_t i = 0; i < packet->defect_count && i < PACKET_DEFECTS_MOST; i++)
        text_append_format(text, " [%s (byte %u)]", packet_defect_text(packet->defects[i].kind),
                           packet->defects[i].offset);
}

void trace_print_packet(struct text *text, const struct packet *packet)
{
    struct packet innermost;
    if (packet->transport == TRANSPORT_NONE && print_encapsulation(text, packet, &innermost)) {
        print_addresses(text, &innermost);
        print_transport(text, &innermost);
        print_defects(text, &innermost);
        print_defects(text, packet);
        return;
    }
    if (packet->network == NETWORK_NONE) {
        text_append_format(text, "no IP packet, length %zu", packet->payload.length);
    } else {
        print_addresses(text, packet);
        print_transport(text, packet);
    }
    print_defects(text, packet);
}

/* A trace may come from anywhere: nothing but what can be shown reaches a terminal. */
static void print_shown(struct text *text, const char *string)
{
    for (const char *at = string == NULL ? "" : string; *at != '\0'; at++) {
        unsigned char character = (unsigned char)*at;
        if (character == '\n')
            text_append_string(text, "\\n");
        else if (character < 0x20 || character == 0x7f)
            text_append_format(text, "\\x%02x", character);
        else
            text_append_character(text, *at);
    }
}

static void print_start(struct text *text, const struct trace_event *event)
{
    text_append_string(text, "- start: ");
    print_shown(text, event->start.title);
    text_append_string(text, ", stack ");
    print_shown(text, event->start.stack);
    const struct address *ends[] = {&event->start.local, &event->start.remote};
    static const char *const names[] = {" at ", ", harness at "};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        if (ends[i]->family == ADDRESS_NONE)
            continue;
        text_append_string(text, names[i]);
        address_print(text, ends[i]);
    }
}

static void print_event_packet(struct text *text, const struct trace_event *event)
{
    struct packet packet;
    packet_decode(event->packet, DECODE_ALL, &packet);
    text_append_string(text, event->kind == TRACE_INJECTED ? "< " : "> ");
    trace_print_packet(text, &packet);
}

static void print_call(struct text *text, const struct trace_event *event)
{
    text_append_format(text, "# %u: ", event->call.number);
    print_shown(text, event->call.name);
    text_append_character(text, '(');
    print_shown(text, event->call.arguments);
    text_append_character(text, ')');
}

static void print_return(struct text *text, const struct trace_event *event)
{
    text_append_format(text, "# %u: = %lld", event->returned.number, (long long)event->returned.value);
    if (event->returned.error_number != 0) {
        text_append_character(text, ' ');
        print_shown(text, event->returned.error_name);
    }
    if (event->returned.output != NULL && event->returned.output[0] != '\0') {
        text_append_string(text, ", ");
        print_shown(text, event->returned.output);
    }
}

static void print_note(struct text *text, const struct trace_event *event)
{
    text_append_string(text, "- ");
    print_shown(text, event->note);
}

static void print_end(struct text *text, const struct trace_event *event)
{
    text_append_format(text, "- end: %s", verdict_name(event->end.verdict));
    if (event->end.reason != NULL && event->end.reason[0] != '\0') {
        text_append_string(text, ": ");
        print_shown(text, event->end.reason);
    }
}

static void (*const print_event[])(struct text *text, const struct trace_event *event) = {
    [TRACE_START] = print_start, [TRACE_INJECTED] = print_event_packet, [TRACE_SEEN] = print_event_packet,
    [TRACE_CALL] = print_call,   [TRACE_RETURN] = print_return,         [TRACE_NOTE] = print_note,
    [TRACE_END] = print_end,
};
_Static_assert(COUNT_OF(print_event) == TRACE_EVENT_KIND_COUNT, "every kind of event can be printed");

/* Seconds with microseconds, right-aligned so that the lines of a run of up to a thousand seconds stand in columns. */
static void print_time(struct text *text, nanoseconds time)
{
    uint64_t magnitude = time < 0 ? 0 - (uint64_t)time : (uint64_t)time;
    uint64_t microseconds = magnitude / 1000;
    char digits[32];
    struct text number = text_in(digits, sizeof(digits));
    text_append_format(&number, "%s%llu.%06llu", time < 0 ? "-" : "", (unsigned long long)(microseconds / 1000000),
                       (unsigned long long)(microseconds % 1000000));
    text_append_format(text, "%10s ", digits);
}

void trace_print_event(struct text *text, const struct trace_event *event)
{
    INVARIANT(event->kind < TRACE_EVENT_KIND_COUNT);
    print_time(text, event->time.earliest);
    print_event[event->kind](text, event);
    text_append_character(text, '\n');
}
