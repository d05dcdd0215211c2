/* SPDX-License-Identifier: MIT */
#include "packet/build.h"

#include "packet/checksum.h"

const uint8_t build_network_sizes[3] = {
    [NETWORK_NONE] = 0,
    [NETWORK_IPV4] = IPV4_HEADER_SIZE,
    [NETWORK_IPV6] = IPV6_HEADER_SIZE,
};

const uint8_t build_transport_sizes[5] = {
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
static bool options_fit(const struct packet *packet, size_t length, enum packet_explicit_field length_field)
{
    _Static_assert((int)IPV4_OPTIONS_SIZE_MOST == (int)TCP_OPTIONS_SIZE_MOST, "both have up to 15 words");
    return LIKELY(length % 4 == 0 && length <= TCP_OPTIONS_SIZE_MOST) || is_explicit(packet, length_field);
}

/* A length field of 16 bits, unless it is explicit. */
static bool length_fits(const struct packet *packet, size_t length, enum packet_explicit_field field)
{
    return LIKELY(length <= UINT16_MAX) || is_explicit(packet, field);
}

bool build_fits(const struct packet *packet, size_t options, size_t segment)
{
    bool four = packet->network == NETWORK_IPV4;
    size_t said = options + segment + (four ? (size_t)IPV4_HEADER_SIZE : 0);
    if (four && !options_fit(packet, options, EXPLICIT_IP_HEADER_LENGTH))
        return false;
    if (!options_fit(packet, build_tcp_options(packet).length, EXPLICIT_DATA_OFFSET))
        return false;
    if (packet->network != NETWORK_NONE && !length_fits(packet, said, EXPLICIT_IP_LENGTH))
        return false;
    return packet->transport != TRANSPORT_UDP || length_fits(packet, segment, EXPLICIT_UDP_LENGTH);
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
static uint64_t choose(const struct packet *packet, enum packet_explicit_field field, unsigned given, size_t computed)
{
    return is_explicit(packet, field) ? given : computed;
}

static void build_ipv4(const struct packet *packet, size_t segment, uint8_t *at)
{
    const struct ipv4_header *ip = &packet->ipv4;
    size_t header_size = IPV4_HEADER_SIZE + ip->options.length;
    uint64_t version = choose(packet, EXPLICIT_IP_VERSION, ip->version, 4);
    uint64_t words = choose(packet, EXPLICIT_IP_HEADER_LENGTH, ip->header_length, header_size / 4);
    uint64_t total = choose(packet, EXPLICIT_IP_LENGTH, ip->total_length, header_size + segment);
    uint64_t fragment = (ip->flags & 7u) << 13 | (ip->fragment_offset & 0x1fffu);
    uint64_t first = version << 60 | (words & 15) << 56 | (uint64_t)ip->type_of_service << 48 |
                     (total & UINT16_MAX) << 32 | (uint64_t)ip->identification << 16 | fragment;
    uint64_t second =
        (uint64_t)ip->time_to_live << 56 | (uint64_t)build_protocol(packet, ip->protocol) << 48 | load_be32(ip->source);
    uint64_t third = load_be32(ip->destination);
    uint64_t checksum = ip->checksum;
    if (LIKELY(!is_explicit(packet, EXPLICIT_IP_CHECKSUM))) {
        /* These words are in host order: so is their sum. */
        uint64_t sum = (first >> 32) + (first & UINT32_MAX) + (second >> 32) + (second & UINT32_MAX) + third;
        if (UNLIKELY(ip->options.length > 0))
            sum += __builtin_bswap16(checksum_fold(checksum_words(ip->options)));
        checksum = (uint16_t)~checksum_fold(sum);
    }
    store_be64(at, first);
    store_be64(at + 8, second | checksum << 32);
    store_be32(at + 16, (uint32_t)third);
}

static void build_ipv6(const struct packet *packet, size_t segment, uint8_t *at)
{
    const struct ipv6_header *ip = &packet->ipv6;
    uint64_t version = choose(packet, EXPLICIT_IP_VERSION, ip->version, 6);
    uint64_t length = choose(packet, EXPLICIT_IP_LENGTH, ip->payload_length, ip->extensions.length + segment);
    uint64_t next = ip->extensions.length > 0 ? ip->next_header : build_protocol(packet, ip->protocol);
    store_be64(at, version << 60 | (uint64_t)ip->traffic_class << 52 | (uint64_t)(ip->flow_label & 0xfffff) << 32 |
                       (length & UINT16_MAX) << 16 | next << 8 | ip->hop_limit);
    bytes_copy_16(at + 8, ip->source);
    bytes_copy_16(at + 24, ip->destination);
}

void build_network_header(const struct packet *packet, size_t segment, uint8_t *at)
{
    if (packet->network == NETWORK_IPV4)
        build_ipv4(packet, segment, at);
    else if (packet->network == NETWORK_IPV6)
        build_ipv6(packet, segment, at);
}

/* Copies PART to AT and returns where it ends. */
static uint8_t *put_part(uint8_t *at, struct bytes part)
{
    if (part.length > 0)
        memcpy(at, part.data, part.length);
    return at + part.length;
}

static COLD bool fail_no_fit(const struct packet *packet, struct error *error)
{
    struct build_sizes sizes = build_measure(packet);
    return error_set(error, ERROR_TOO_LARGE,
                     "no header says these lengths: %zu bytes of IP options, %zu of TCP options, %zu in all",
                     sizes.options, build_tcp_options(packet).length, sizes.network + sizes.options + sizes.segment);
}

bool packet_build(const struct packet *packet, struct byte_writer *writer, struct error *error)
{
    struct build_sizes sizes = build_measure(packet);
    if (!build_fits(packet, sizes.options, sizes.segment))
        return fail_no_fit(packet, error);
    size_t total = sizes.network + sizes.options + sizes.segment + packet->trailer.length;
    uint8_t *at = byte_writer_room(writer, total);
    if (at == NULL)
        return error_set(error, ERROR_TOO_LARGE, "a packet of %zu bytes does not fit in %zu", total,
                         writer->capacity - writer->length);
    build_network_header(packet, sizes.segment, at);
    at = put_part(at + sizes.network, build_options(packet));
    build_transport_header(packet, sizes.segment, at);
    at = put_part(at + sizes.transport, build_tcp_options(packet));
    (void)put_part(put_part(at, packet->payload), packet->trailer);
    return true;
}
