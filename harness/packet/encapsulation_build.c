/* SPDX-License-Identifier: MIT */
#include "packet/build.h"
#include "packet/checksum.h"
#include "packet/encapsulation.h"

enum {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_MPLS = 0x8847,
};

void mpls_entry_write(const struct mpls_entry *entry, uint8_t *at)
{
    store_be32(at, (entry->label & 0xfffff) << 12 | (uint32_t)(entry->traffic_class & 7) << 9 |
                       (uint32_t)entry->bottom << 8 | entry->time_to_live);
}

size_t gre_header_size(uint16_t flags)
{
    size_t words = 1;
    words += (flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0;
    words += (flags & GRE_KEY) != 0;
    words += (flags & GRE_SEQUENCE) != 0;
    return 4 * words;
}

static size_t outer_size(const struct outer_header *header)
{
    if (header->kind == OUTER_GRE)
        return gre_header_size(header->gre.flags);
    if (header->kind == OUTER_MPLS)
        return header->mpls.length;
    struct build_sizes sizes = build_measure(&header->ip);
    return sizes.network + sizes.options;
}

static enum packet_network network_behind(const struct outer_header *next, const struct packet *packet)
{
    return next == NULL ? packet->network : next->ip.network;
}

/* The protocol number for what an IP header carries: the header NEXT or, if that is NULL, PACKET. */
static uint8_t protocol_behind(const struct outer_header *next, const struct packet *packet)
{
    if (next != NULL && next->kind != OUTER_IP)
        return next->kind == OUTER_GRE ? PROTOCOL_GRE : PROTOCOL_MPLS;
    return network_behind(next, packet) == NETWORK_IPV6 ? PROTOCOL_IPV6 : PROTOCOL_IPV4;
}

static uint16_t ethertype_behind(const struct outer_header *next, const struct packet *packet)
{
    if (next != NULL && next->kind == OUTER_MPLS)
        return ETHERTYPE_MPLS;
    return network_behind(next, packet) == NETWORK_IPV6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
}

static void build_outer_ip(const struct outer_header *header, uint8_t protocol, size_t behind, uint8_t *at)
{
    struct packet ip = header->ip;
    if ((ip.explicit_fields & EXPLICIT_IP_PROTOCOL) == 0) {
        if (ip.network == NETWORK_IPV4)
            ip.ipv4.protocol = protocol;
        else
            ip.ipv6.protocol = protocol;
    }
    struct bytes options = build_options(&ip);
    build_network_header(&ip, behind, at);
    if (options.length > 0)
        memcpy(at + build_network_sizes[ip.network], options.data, options.length);
}

/* WHOLE is the header and all that is behind it. */
static void build_gre(const struct gre_header *gre, uint16_t protocol, uint8_t *at, size_t whole)
{
    uint8_t *next = at + 4;
    store_be32(at, (uint32_t)gre->flags << 16 | protocol);
    bool summed = (gre->flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0;
    if (summed) {
        store_be16(next, gre->explicit_checksum ? gre->checksum : 0);
        store_be16(next + 2, gre->offset);
        next += 4;
    }
    if ((gre->flags & GRE_KEY) != 0) {
        store_be32(next, gre->key);
        next += 4;
    }
    if ((gre->flags & GRE_SEQUENCE) != 0)
        store_be32(next, gre->sequence);
    if (summed && !gre->explicit_checksum)
        store_be16(at + 4, checksum_of_words(checksum_words((struct bytes){at, whole})));
}

/* Writes the headers, whose ends the packet of INNER bytes at AT follows, from the innermost outwards. */
static void build_outer(const struct encapsulation *encapsulation, const struct packet *packet, uint8_t *at,
                        size_t inner)
{
    const struct outer_header *next = NULL;
    for (size_t i = encapsulation->count; i > 0; i--) {
        const struct outer_header *header = &encapsulation->headers[i - 1];
        size_t size = outer_size(header);
        at -= size;
        if (header->kind == OUTER_IP)
            build_outer_ip(header, protocol_behind(next, packet), inner, at);
        else if (header->kind == OUTER_GRE)
            build_gre(&header->gre, ethertype_behind(next, packet), at, size + inner);
        else
            memcpy(at, header->mpls.data, size);
        inner += size;
        next = header;
    }
}

/* The IP and UDP headers that PACKET, a TCP segment, has over UDP; the payload is still to be set. */
static struct packet datagram_of(const struct encapsulation *encapsulation, const struct packet *packet)
{
    struct packet datagram = *packet;
    datagram.transport = TRANSPORT_UDP;
    datagram.explicit_fields &= ~(uint32_t)(EXPLICIT_DATA_OFFSET | EXPLICIT_CHECKSUM | EXPLICIT_UDP_LENGTH);
    datagram.udp = (struct udp_header){.source_port = encapsulation->udp_source,
                                       .destination_port = encapsulation->udp_destination};
    return datagram;
}

static bool build_over_udp(const struct encapsulation *encapsulation, const struct packet *packet,
                           struct byte_writer *writer, struct error *error)
{
    struct packet datagram = datagram_of(encapsulation, packet);
    struct packet segment = *packet;
    struct build_sizes sizes = build_measure(&datagram);
    size_t headers = sizes.network + sizes.options + UDP_HEADER_SIZE;
    uint8_t *at = byte_writer_room(writer, headers);
    if (at == NULL)
        return error_set(error, ERROR_TOO_LARGE, "a packet's headers of %zu bytes do not fit", headers);
    segment.network = NETWORK_NONE;
    segment.trailer.length = 0;
    if ((segment.explicit_fields & EXPLICIT_CHECKSUM) == 0)
        segment.tcp.checksum = 0;
    segment.explicit_fields |= EXPLICIT_CHECKSUM;
    size_t before = writer->length;
    if (!packet_build(&segment, writer, error))
        return false;
    datagram.payload = (struct bytes){at + headers, writer->length - before};
    datagram.trailer.length = 0;
    sizes = build_measure(&datagram);
    if (!build_fits(&datagram, sizes.options, sizes.segment))
        return error_set(error, ERROR_TOO_LARGE, "no header says these lengths: %zu bytes over UDP", sizes.segment);
    build_network_header(&datagram, sizes.segment, at);
    if (sizes.options > 0)
        memcpy(at + sizes.network, build_options(&datagram).data, sizes.options);
    build_transport_header(&datagram, sizes.segment, at + sizes.network + sizes.options);
    return true;
}

bool encapsulation_build(const struct encapsulation *encapsulation, const struct packet *packet,
                         struct byte_writer *writer, struct error *error)
{
    size_t outer = 0;
    for (size_t i = 0; i < encapsulation->count; i++)
        outer += outer_size(&encapsulation->headers[i]);
    uint8_t *at = byte_writer_room(writer, outer);
    if (at == NULL)
        return error_set(error, ERROR_TOO_LARGE, "outer headers of %zu bytes do not fit", outer);
    size_t before = writer->length;
    bool built = encapsulation->over_udp && packet->transport == TRANSPORT_TCP
                     ? build_over_udp(encapsulation, packet, writer, error)
                     : packet_build(packet, writer, error);
    if (!built)
        return false;
    size_t inner = writer->length - before;
    if (outer + inner > UINT16_MAX && encapsulation->count > 0)
        return error_set(error, ERROR_TOO_LARGE, "no outer header says these lengths: %zu bytes in all", outer + inner);
    build_outer(encapsulation, packet, at + outer, inner);
    return true;
}
