/* SPDX-License-Identifier: MIT */
#include "packet/decode.h"
#include "packet/encapsulation.h"

struct mpls_entry mpls_entry_read(const uint8_t *at)
{
    uint32_t word = load_be32(at);
    return (struct mpls_entry){
        .label = word >> 12,
        .traffic_class = word >> 9 & 7,
        .bottom = (word >> 8 & 1) != 0,
        .time_to_live = (uint8_t)word,
    };
}

/* What is behind some headers: its bytes, and the network that they have to be of. */
struct carried {
    struct bytes bytes;
    enum packet_network network;
};

/* The headers that one step found. */
struct unwrapping {
    struct outer_header *headers;
    size_t count;
    size_t room;
};

static struct outer_header *unwrapping_add(struct unwrapping *unwrapping, enum outer_kind kind)
{
    if (unwrapping->count == unwrapping->room)
        return NULL;
    struct outer_header *header = &unwrapping->headers[unwrapping->count++];
    header->kind = kind;
    header->given = 0;
    return header;
}

/* The label stack at the start of BODY; what is behind it is IP, as its first four bits say. */
static bool unwrap_mpls(struct unwrapping *unwrapping, struct bytes body, struct carried *carried)
{
    size_t size = 0;
    bool bottom = false;
    while (!bottom && size + MPLS_ENTRY_SIZE <= body.length && size < (size_t)MPLS_ENTRIES_MOST * MPLS_ENTRY_SIZE) {
        bottom = mpls_entry_read(body.data + size).bottom;
        size += MPLS_ENTRY_SIZE;
    }
    struct outer_header *header = bottom && size < body.length ? unwrapping_add(unwrapping, OUTER_MPLS) : NULL;
    if (header == NULL)
        return false;
    header->mpls = bytes_slice(body, 0, size);
    carried->bytes = bytes_slice(body, size, body.length);
    carried->network = carried->bytes.data[0] >> 4 == 6 ? NETWORK_IPV6 : NETWORK_IPV4;
    return true;
}

static void read_gre(struct gre_header *gre, struct bytes body)
{
    const uint8_t *at = body.data + 4;
    *gre = (struct gre_header){.flags = load_be16(body.data)};
    if ((gre->flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0) {
        gre->checksum = load_be16(at);
        gre->offset = load_be16(at + 2);
        uint64_t field = (uint64_t)__builtin_bswap16(gre->checksum);
        gre->explicit_checksum = checksum_of_words(checksum_words(body) - field) != gre->checksum;
        at += 4;
    }
    if ((gre->flags & GRE_KEY) != 0) {
        gre->key = load_be32(at);
        at += 4;
    }
    if ((gre->flags & GRE_SEQUENCE) != 0)
        gre->sequence = load_be32(at);
}

static bool unwrap_gre(struct unwrapping *unwrapping, struct bytes body, struct carried *carried)
{
    size_t size = body.length < 4 ? SIZE_MAX : gre_header_size(load_be16(body.data));
    struct outer_header *header = size <= body.length ? unwrapping_add(unwrapping, OUTER_GRE) : NULL;
    if (header == NULL)
        return false;
    read_gre(&header->gre, body);
    carried->bytes = bytes_slice(body, size, body.length);
    switch (load_be16(body.data + 2)) {
    case 0x0800:
        carried->network = NETWORK_IPV4;
        return true;
    case 0x86dd:
        carried->network = NETWORK_IPV6;
        return true;
    case 0x8847:
        return unwrap_mpls(unwrapping, carried->bytes, carried);
    default:
        return false;
    }
}

/* Parts of packets, and what more than a network header would have to say, are not looked into. */
static bool is_plain(const struct packet *packet)
{
    if (packet->transport != TRANSPORT_NONE || packet->trailer.length > 0)
        return false;
    if (packet->network == NETWORK_IPV4)
        return (packet->ipv4.flags & IPV4_MORE_FRAGMENTS) == 0 && packet->ipv4.fragment_offset == 0 &&
               (packet->explicit_fields & EXPLICIT_IP_HEADER_LENGTH) == 0;
    return packet->network == NETWORK_IPV6 && packet->ipv6.extensions.length == 0;
}

/* The network header of PACKET and the tunnel headers behind it. */
static bool unwrap(struct unwrapping *unwrapping, const struct packet *packet, struct carried *carried)
{
    struct outer_header *header = is_plain(packet) ? unwrapping_add(unwrapping, OUTER_IP) : NULL;
    if (header == NULL)
        return false;
    header->ip = *packet;
    header->ip.payload.length = 0;
    carried->bytes = packet->payload;
    switch (packet->network == NETWORK_IPV4 ? packet->ipv4.protocol : packet->ipv6.protocol) {
    case PROTOCOL_IPV4:
        carried->network = NETWORK_IPV4;
        return true;
    case PROTOCOL_IPV6:
        carried->network = NETWORK_IPV6;
        return true;
    case PROTOCOL_GRE:
        return unwrap_gre(unwrapping, packet->payload, carried);
    case PROTOCOL_MPLS:
        return unwrap_mpls(unwrapping, packet->payload, carried);
    default:
        return false;
    }
}

size_t encapsulation_decode(const struct packet *outer, struct outer_header headers[ENCAPSULATION_HEADERS_MOST],
                            struct packet *innermost)
{
    struct unwrapping unwrapping = {headers, 0, ENCAPSULATION_HEADERS_MOST};
    struct packet next;
    struct carried carried;
    size_t count = 0;
    while (unwrap(&unwrapping, count == 0 ? outer : innermost, &carried)) {
        packet_decode(carried.bytes, DECODE_ALL, &next);
        if (next.network != carried.network)
            break;
        *innermost = next;
        count = unwrapping.count;
    }
    return count;
}

bool encapsulation_decode_over_udp(const struct packet *datagram, struct packet *segment)
{
    if (datagram->transport != TRANSPORT_UDP || datagram->payload.length < TCP_HEADER_SIZE)
        return false;
    struct bytes body = datagram->payload;
    *segment = *datagram;
    segment->explicit_fields &= ~(uint32_t)(EXPLICIT_CHECKSUM | EXPLICIT_UDP_LENGTH);
    decode_tcp(segment, DECODE_UNCHECKED, body);
    return true;
}
