/* SPDX-License-Identifier: MIT */
#include "packet/build.h"

#include "packet/checksum.h"
#include "packet/wire_layout.h"

static const uint8_t transport_sizes[] = {
    [TRANSPORT_NONE] = 0,
    [TRANSPORT_TCP] = TCP_HEADER_SIZE,
    [TRANSPORT_UDP] = UDP_HEADER_SIZE,
    [TRANSPORT_ICMPV4] = ICMP_HEADER_SIZE,
    [TRANSPORT_ICMPV6] = ICMP_HEADER_SIZE,
};

static bool is_explicit(const struct packet *packet, enum packet_explicit_field field)
{
    return (packet->explicit_fields & field) != 0;
}

/* A header's options, where its length field (unless explicit) counts words and has four bits. */
static bool options_fit(const struct packet *packet, struct bytes options, enum packet_explicit_field length_field)
{
    _Static_assert((int)IPV4_OPTIONS_SIZE_MOST == (int)TCP_OPTIONS_SIZE_MOST, "both have up to 15 words");
    return is_explicit(packet, length_field) || (options.length % 4 == 0 && options.length <= TCP_OPTIONS_SIZE_MOST);
}

static bool build_check(const struct packet *packet, const struct build_layout *layout, struct error *error)
{
    bool four = packet->network == NETWORK_IPV4, six = packet->network == NETWORK_IPV6;
    if (four && !options_fit(packet, layout->options, EXPLICIT_IP_HEADER_LENGTH))
        return error_set(error, ERROR_TOO_LARGE, "%zu bytes of IPv4 options are no header of 20 to 60 bytes",
                         layout->options.length);
    if (packet->transport == TRANSPORT_TCP && !options_fit(packet, layout->tcp_options, EXPLICIT_DATA_OFFSET))
        return error_set(error, ERROR_TOO_LARGE, "%zu bytes of TCP options are no header of 20 to 60 bytes",
                         layout->tcp_options.length);
    size_t said = layout->options.length + layout->segment + (four ? layout->network : 0);
    if ((four || six) && said > UINT16_MAX && !is_explicit(packet, EXPLICIT_IP_LENGTH))
        return error_set(error, ERROR_TOO_LARGE, "%zu bytes are too many for an IP length", said);
    if (packet->transport == TRANSPORT_UDP && layout->segment > UINT16_MAX && !is_explicit(packet, EXPLICIT_UDP_LENGTH))
        return error_set(error, ERROR_TOO_LARGE, "%zu bytes are too many for a UDP length", layout->segment);
    return true;
}

bool build_measure(const struct packet *packet, struct build_layout *layout, struct error *error)
{
    struct build_layout sizes = {.transport = transport_sizes[packet->transport]};
    if (packet->network == NETWORK_IPV4) {
        sizes.network = IPV4_HEADER_SIZE;
        sizes.options = packet->ipv4.options;
    } else if (packet->network == NETWORK_IPV6) {
        sizes.network = IPV6_HEADER_SIZE;
        sizes.options = packet->ipv6.extensions;
    }
    if (packet->transport == TRANSPORT_TCP)
        sizes.tcp_options = packet->tcp.options;
    sizes.segment = sizes.transport + sizes.tcp_options.length + packet->payload.length;
    sizes.total = sizes.network + sizes.options.length + sizes.segment + packet->trailer.length;
    if (!build_check(packet, &sizes, error))
        return false;
    *layout = sizes;
    return true;
}

/* The protocol number that the IP header, or the last extension header, gives. */
static uint8_t build_protocol(const struct packet *packet, uint8_t given)
{
    static const uint8_t protocols[] = {
        [TRANSPORT_TCP] = PROTOCOL_TCP,
        [TRANSPORT_UDP] = PROTOCOL_UDP,
        [TRANSPORT_ICMPV4] = PROTOCOL_ICMPV4,
        [TRANSPORT_ICMPV6] = PROTOCOL_ICMPV6,
    };
    if (packet->transport == TRANSPORT_NONE || is_explicit(packet, EXPLICIT_IP_PROTOCOL))
        return given;
    return protocols[packet->transport];
}

/* Either the value given or, unless it is explicit, the one computed. */
static unsigned choose(const struct packet *packet, enum packet_explicit_field field, unsigned given, size_t computed)
{
    return is_explicit(packet, field) ? given : (unsigned)computed;
}

static void build_ipv4(const struct packet *packet, const struct build_layout *layout, uint8_t *at)
{
    const struct ipv4_header *ip = &packet->ipv4;
    size_t header_size = layout->network + layout->options.length;
    unsigned version = choose(packet, EXPLICIT_IP_VERSION, ip->version, 4);
    unsigned words = choose(packet, EXPLICIT_IP_HEADER_LENGTH, ip->header_length, header_size / 4);
    unsigned total = choose(packet, EXPLICIT_IP_LENGTH, ip->total_length, header_size + layout->segment);
    at[0] = (uint8_t)(version << 4 | (words & 15));
    at[1] = ip->type_of_service;
    store_be16(at + IPV4_LENGTH_AT, (uint16_t)total);
    store_be16(at + 4, ip->identification);
    store_be16(at + IPV4_FLAGS_AT, (uint16_t)((ip->flags & 7) << 13 | (ip->fragment_offset & 0x1fff)));
    at[8] = ip->time_to_live;
    at[9] = build_protocol(packet, ip->protocol);
    store_be16(at + IPV4_CHECKSUM_AT, 0);
    memcpy(at + 12, ip->source, sizeof(ip->source));
    memcpy(at + 16, ip->destination, sizeof(ip->destination));
    uint64_t sum = checksum_ipv4_words(at) + checksum_words(layout->options);
    unsigned checksum = choose(packet, EXPLICIT_IP_CHECKSUM, ip->checksum, checksum_of_words(sum));
    store_be16(at + IPV4_CHECKSUM_AT, (uint16_t)checksum);
}

static void build_ipv6(const struct packet *packet, const struct build_layout *layout, uint8_t *at)
{
    const struct ipv6_header *ip = &packet->ipv6;
    unsigned version = choose(packet, EXPLICIT_IP_VERSION, ip->version, 6);
    unsigned length = choose(packet, EXPLICIT_IP_LENGTH, ip->payload_length, layout->options.length + layout->segment);
    store_be32(at, version << 28 | (uint32_t)ip->traffic_class << 20 | (ip->flow_label & 0xfffff));
    store_be16(at + IPV6_LENGTH_AT, (uint16_t)length);
    at[6] = layout->options.length > 0 ? ip->next_header : build_protocol(packet, ip->protocol);
    at[7] = ip->hop_limit;
    memcpy(at + 8, ip->source, sizeof(ip->source));
    memcpy(at + 24, ip->destination, sizeof(ip->destination));
}

void build_network_header(const struct packet *packet, const struct build_layout *layout, uint8_t *at)
{
    if (packet->network == NETWORK_IPV4)
        build_ipv4(packet, layout, at);
    else if (packet->network == NETWORK_IPV6)
        build_ipv6(packet, layout, at);
}

bool packet_build(const struct packet *packet, struct byte_writer *writer, struct error *error)
{
    struct build_layout layout;
    if (!build_measure(packet, &layout, error))
        return false;
    if (layout.total > writer->capacity - writer->length || writer->failed)
        return error_set(error, ERROR_TOO_LARGE, "a packet of %zu bytes does not fit in %zu", layout.total,
                         writer->capacity - writer->length);
    if (layout.network > 0)
        build_network_header(packet, &layout, byte_writer_room(writer, layout.network));
    byte_writer_bytes(writer, layout.options);
    if (layout.transport > 0)
        build_transport_header(packet, &layout, byte_writer_room(writer, layout.transport));
    byte_writer_bytes(writer, layout.tcp_options);
    byte_writer_bytes(writer, packet->payload);
    byte_writer_bytes(writer, packet->trailer);
    return true;
}
