/* SPDX-License-Identifier: MIT */
#include "trace/capture_trace.h"

#include "packet/packet.h"
#include "trace/capture_layers.h"
#include "trace/capture_order.h"

#include <stdlib.h>

enum {
    EXTENSION_FRAGMENT = 44,
    IP_PACKET_SIZE_MOST = 65535 + IPV6_HEADER_SIZE,
};
/* Processors that hand over packets at the same time may disagree by less than this. */
static const nanoseconds backward_by_race = NANOSECONDS_PER_MILLISECOND;

struct capture_telling {
    const struct capture_trace_settings *settings;
    const struct trace_sink *sink;
    struct capture_summary *summary;
    nanoseconds began; /* time of the first packet */
    nanoseconds last;
    uint64_t packets; /* read, one of which may be told before or behind its place in the file */
    struct capture_order order;
    uint8_t packet[IP_PACKET_SIZE_MOST]; /* one that had to be mended */
};

bool address_prefix_has(const struct address_prefix *prefix, const struct address *address)
{
    if (prefix->address.family != address->family)
        return false;
    size_t whole = prefix->bits / 8;
    unsigned rest = prefix->bits % 8;
    uint8_t mask = (uint8_t)(0xff00 >> rest);
    return memcmp(prefix->address.bytes, address->bytes, whole) == 0 &&
           (rest == 0 || ((prefix->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0);
}

bool address_prefix_parse(const char *string, struct address_prefix *prefix, struct error *error)
{
    struct address_prefix parsed = {.bits = 0};
    size_t length = strcspn(string, "/");
    if (!address_parse(string, length, &parsed.address))
        return error_set(error, ERROR_USAGE, "%s is no IPv4 or IPv6 address", string);
    unsigned long most = address_size(parsed.address.family) * 8;
    unsigned long bits = most;
    if (string[length] == '/') {
        char *end = NULL;
        const char *digits = string + length + 1;
        bits = strtoul(digits, &end, 10);
        if (*digits < '0' || *digits > '9' || *end != '\0' || bits > most)
            return error_set(error, ERROR_USAGE, "%s: the length of its prefix is none from 0 to %lu", string, most);
    }
    parsed.bits = (unsigned)bits;
    *prefix = parsed;
    return true;
}

static bool is_looked_at(const struct capture_trace_settings *settings, const struct address *address)
{
    for (size_t i = 0; i < settings->side_count; i++)
        if (address_prefix_has(&settings->sides[i], address))
            return true;
    return settings->side_count == 0;
}

static bool has_defect(const struct packet *packet, uint32_t kinds)
{
    for (uint32_t i = 0; i < packet->defect_count; i++)
        if ((kinds >> packet->defects[i].kind & 1) != 0)
            return true;
    return false;
}

static bool is_fragment(const struct packet *packet)
{
    struct ipv6_extension extension;
    if (packet->network == NETWORK_IPV4)
        return packet->ipv4.fragment_offset != 0 || (packet->ipv4.flags & IPV4_MORE_FRAGMENTS) != 0;
    struct bytes rest = packet->ipv6.extensions;
    uint8_t kind = packet->ipv6.next_header;
    while (ipv6_extension_next(&rest, &kind, &extension))
        /* An atomic fragment is whole (RFC 6946). */
        if (extension.kind == EXTENSION_FRAGMENT && (load_be16(extension.whole.data + 2) & 0xfff9) != 0)
            return true;
    return false;
}

/* The length that the IP header of PACKET gives; 0 where the network card is to fill it in, as it is for segments that
 * it cuts up (TSO). */
static size_t length_told(const struct packet *packet)
{
    if (packet->network == NETWORK_IPV4)
        return packet->ipv4.total_length;
    return packet->ipv6.payload_length == 0 ? 0 : IPV6_HEADER_SIZE + (size_t)packet->ipv6.payload_length;
}

/* Makes PACKET the whole that it was: text that was cut off is zeros, and a length that was left to the card is set. */
static void mend(struct capture_telling *telling, size_t length, struct packet *packet)
{
    size_t there = packet->wire.length < length ? packet->wire.length : length;
    memcpy(telling->packet, packet->wire.data, there);
    memset(telling->packet + there, 0, length - there);
    if (packet->network == NETWORK_IPV4)
        store_be16(telling->packet + 2, (uint16_t)length);
    else
        store_be16(telling->packet + 4, (uint16_t)(length - IPV6_HEADER_SIZE));
    packet_decode((struct bytes){telling->packet, length}, DECODE_UNCHECKED, packet);
}

/* Decodes WIRE, of which WHOLE bytes were on the wire; false if no TCP segment can be read, which is counted. */
static bool read_segment(struct capture_telling *telling, struct bytes wire, size_t whole, struct packet *packet)
{
    const uint32_t headless = 1U << DEFECT_IP_HEADER_TRUNCATED | 1U << DEFECT_IP_VERSION |
                              1U << DEFECT_IP_HEADER_LENGTH | 1U << DEFECT_TCP_HEADER_TRUNCATED |
                              1U << DEFECT_IP_EXTENSION_TRUNCATED;
    struct capture_summary *summary = telling->summary;
    packet_decode(wire, DECODE_UNCHECKED, packet);
    if (packet->network != NETWORK_NONE && length_told(packet) == 0 && wire.length == whole && whole <= UINT16_MAX)
        mend(telling, whole, packet);
    if (packet->network == NETWORK_NONE || has_defect(packet, headless)) {
        summary->unreadable++;
        return false;
    }
    size_t told = length_told(packet);
    if (wire.length < whole && wire.length < told && packet->transport == TRANSPORT_TCP) {
        if (has_defect(packet, 1U << DEFECT_TCP_DATA_OFFSET_LONG))
            return true;
        summary->clipped++;
        mend(telling, told, packet);
    }
    if (packet->transport == TRANSPORT_TCP)
        return true;
    if (is_fragment(packet))
        summary->fragments++;
    else
        summary->not_tcp++;
    return false;
}

/* Why a segment says less than it seems to; NULL if all is well. */
static const char *doubt_about(struct capture_telling *telling, const struct packet *packet, bool cut,
                               nanoseconds backward)
{
    if (is_fragment(packet)) {
        telling->summary->fragments++;
        return "it has IP fragments, which are not put together";
    }
    if (cut && has_defect(packet, 1U << DEFECT_TCP_DATA_OFFSET_LONG)) {
        telling->summary->unreadable++;
        return "the capture cuts packets before the end of their TCP header";
    }
    return backward > backward_by_race ? "its packets are not in the order of their times" : NULL;
}

static bool tell(struct capture_telling *telling, enum trace_event_kind kind, struct bytes packet, const char *doubt,
                 struct error *error)
{
    const struct trace_event event = {
        .kind = kind, .time = {telling->last, telling->last}, .doubt = doubt, .packet = packet};
    return trace_give(telling->sink, &event, error);
}

static bool tell_segment(struct capture_telling *telling, const struct packet *packet, const char *doubt,
                         struct error *error)
{
    struct address source = packet_source(packet);
    struct address destination = packet_destination(packet);
    bool from = is_looked_at(telling->settings, &source);
    bool to = is_looked_at(telling->settings, &destination);
    if (from || to)
        telling->summary->segments++;
    else
        telling->summary->aside++;
    return (!from || tell(telling, TRACE_SEEN, packet->wire, doubt, error)) &&
           (!to || tell(telling, TRACE_INJECTED, packet->wire, doubt, error));
}

/* Moves the trace's time to that of RECORD, which may not be earlier than what was told; how much it is. */
static nanoseconds move_time(struct capture_telling *telling, const struct capture_record *record)
{
    nanoseconds time = record->time == 0 ? telling->last : record->time - telling->began;
    nanoseconds backward = telling->last - time;
    if (backward <= 0) {
        telling->last = time;
        return 0;
    }
    telling->summary->backward++;
    return backward;
}

static bool tell_record(struct capture_telling *telling, const struct capture_record *record, struct error *error)
{
    struct capture_summary *summary = telling->summary;
    struct bytes wire = {NULL, 0};
    struct packet packet;
    nanoseconds backward = move_time(telling, record);
    summary->packets = record->number;
    telling->packets = record->number > telling->packets ? record->number : telling->packets;
    switch (capture_layers(record->link_type, record->data, &wire)) {
    case CAPTURE_LAYER_UNKNOWN:
        if (summary->unknown_link++ == 0)
            summary->link_type = record->link_type;
        return true;
    case CAPTURE_LAYER_CUT:
        summary->unreadable++;
        return true;
    case CAPTURE_LAYER_OTHER:
        summary->not_tcp++;
        return true;
    case CAPTURE_LAYER_IP:
        break;
    }
    size_t cut = record->length > record->data.length ? record->length - record->data.length : 0;
    if (!read_segment(telling, wire, wire.length + cut, &packet))
        return true;
    return tell_segment(telling, &packet, doubt_about(telling, &packet, cut > 0, backward), error);
}

static bool tell_start(struct capture_telling *telling, struct error *error)
{
    bool arrives = telling->settings->on_stack;
    const struct trace_event start = {
        .kind = TRACE_START,
        .start = {.visibility = {.injected = arrives, .seen = true, .clock_error = NANOSECONDS_PER_MICROSECOND},
                  .realtime = telling->began,
                  .stack = "captured",
                  .title = ""}};
    return trace_give(telling->sink, &start, error);
}

static bool tell_end(struct capture_telling *telling, struct error *error)
{
    const struct trace_event end = {.kind = TRACE_END,
                                    .time = {telling->last, telling->last},
                                    .end = {.verdict = VERDICT_PASS, .reason = telling->summary->reason}};
    return trace_give(telling->sink, &end, error);
}

static bool tell_all(struct capture_telling *telling, struct capture_file *file, struct error *error)
{
    struct capture_record record;
    enum capture_file_next next = CAPTURE_FILE_PACKET;
    bool begun = false;
    while (true) {
        if (!capture_order_next(&telling->order, &record, &next, error))
            return false;
        if (next != CAPTURE_FILE_PACKET)
            break;
        if (!begun) {
            telling->began = record.time;
            begun = true;
            if (!tell_start(telling, error))
                return false;
        }
        if (!tell_record(telling, &record, error))
            return false;
    }
    telling->summary->packets = telling->packets;
    telling->summary->out_of_order = telling->order.moved;
    telling->summary->lost = capture_file_lost(file);
    telling->summary->broken = next == CAPTURE_FILE_BROKEN;
    if (telling->summary->broken)
        memcpy(telling->summary->reason, telling->order.why.text, sizeof(telling->order.why.text));
    return (begun || tell_start(telling, error)) && tell_end(telling, error);
}

bool capture_trace(struct capture_file *file, const struct capture_trace_settings *settings,
                   const struct trace_sink *sink, struct capture_summary *summary, struct error *error)
{
    struct capture_telling *telling = malloc(sizeof(*telling));
    if (telling == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read a capture");
    telling->settings = settings;
    telling->sink = sink;
    telling->summary = summary;
    telling->began = 0;
    telling->last = 0;
    telling->packets = 0;
    *summary = (struct capture_summary){.packets = 0};
    capture_order_open(&telling->order, file);
    bool told = tell_all(telling, file, error);
    capture_order_close(&telling->order);
    free(telling);
    return told;
}
