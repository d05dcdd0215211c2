/* SPDX-License-Identifier: MIT */
#include "packet/build.h"
#include "packet/checksum.h"
#include "packet/wire_layout.h"

static bool checksum_is_explicit(const struct packet *packet)
{
    return (packet->explicit_fields & EXPLICIT_CHECKSUM) != 0;
}

/* Sum of what stands at OFFSET of the bytes that a checksum covers: each byte of that offset turns all words by one. */
static uint64_t words_at(size_t offset, struct bytes bytes)
{
    uint64_t sum = checksum_words(bytes);
    return offset % 2 == 0 ? sum : (uint64_t)checksum_fold(sum) << 8;
}

/* The checksum of a fixed header whose words, in host order, have the sum HEADER, and what is behind it. */
static uint16_t checksum_with(uint64_t header, uint64_t pseudo, uint64_t behind)
{
    return (uint16_t)~checksum_fold(header + __builtin_bswap16(checksum_fold(pseudo + behind)));
}

static uint16_t tcp_checksum(const struct packet *packet, size_t segment, uint64_t header)
{
    const struct tcp_header *tcp = &packet->tcp;
    uint64_t behind = 0;
    if (tcp->options.length > 0)
        behind = checksum_words(tcp->options);
    if (packet->payload.length > 0)
        behind += words_at(tcp->options.length, packet->payload);
    return checksum_with(header, checksum_pseudo_words(packet, PROTOCOL_TCP, (uint32_t)segment), behind);
}

static void build_tcp(const struct packet *packet, size_t segment, uint8_t *at)
{
    const struct tcp_header *tcp = &packet->tcp;
    uint64_t offset = (TCP_HEADER_SIZE + tcp->options.length) / 4;
    if ((packet->explicit_fields & EXPLICIT_DATA_OFFSET) != 0)
        offset = tcp->data_offset;
    uint64_t first = (uint64_t)tcp->source_port << 48 | (uint64_t)tcp->destination_port << 32 | tcp->sequence;
    uint64_t second =
        (uint64_t)tcp->acknowledgment << 32 | (offset & 15) << 28 | (uint64_t)(tcp->flags & 0xfff) << 16 | tcp->window;
    uint32_t checksum = tcp->checksum;
    if (LIKELY(!checksum_is_explicit(packet)))
        checksum = tcp_checksum(packet, segment,
                                (first >> 32) + (first & UINT32_MAX) + (second >> 32) + (second & UINT32_MAX) +
                                    tcp->urgent_pointer);
    store_be64(at, first);
    store_be64(at + 8, second);
    store_be32(at + TCP_CHECKSUM_AT, checksum << 16 | tcp->urgent_pointer);
}

static uint16_t udp_checksum(const struct packet *packet, size_t covered, uint64_t header)
{
    struct bytes behind = bytes_slice(packet->payload, 0, covered - UDP_HEADER_SIZE);
    uint64_t pseudo = checksum_pseudo_words(packet, PROTOCOL_UDP, (uint32_t)covered);
    uint16_t checksum = checksum_with(header, pseudo, checksum_words(behind));
    return checksum != 0 ? checksum : UINT16_MAX; /* a zero says that there is none (RFC 768) */
}

static void build_udp(const struct packet *packet, size_t segment, uint8_t *at)
{
    const struct udp_header *udp = &packet->udp;
    uint64_t length = segment;
    if ((packet->explicit_fields & EXPLICIT_UDP_LENGTH) != 0)
        length = udp->length;
    uint64_t header =
        (uint64_t)udp->source_port << 48 | (uint64_t)udp->destination_port << 32 | (length & UINT16_MAX) << 16;
    uint16_t checksum = udp->checksum;
    if (LIKELY(!checksum_is_explicit(packet)))
        checksum = udp_checksum(packet, udp_covered_length(length, segment), (header >> 32) + (header & UINT32_MAX));
    store_be64(at, header | checksum);
}

static void build_icmp(const struct packet *packet, size_t segment, uint8_t *at)
{
    const struct icmp_header *icmp = &packet->icmp;
    uint64_t header = (uint64_t)icmp->type << 56 | (uint64_t)icmp->code << 48 | icmp->rest;
    uint64_t checksum = icmp->checksum;
    if (LIKELY(!checksum_is_explicit(packet))) {
        uint64_t pseudo = 0;
        if (packet->transport == TRANSPORT_ICMPV6)
            pseudo = checksum_pseudo_words(packet, PROTOCOL_ICMPV6, (uint32_t)segment);
        uint64_t sum = (header >> 32) + (header & UINT32_MAX);
        checksum = checksum_with(sum, pseudo, checksum_words(packet->payload));
    }
    store_be64(at, header | checksum << 32);
}

void build_transport_header(const struct packet *packet, size_t segment, uint8_t *at)
{
    switch (packet->transport) {
    case TRANSPORT_TCP:
        build_tcp(packet, segment, at);
        break;
    case TRANSPORT_UDP:
        build_udp(packet, segment, at);
        break;
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        build_icmp(packet, segment, at);
        break;
    case TRANSPORT_NONE:
        break;
    }
}
