/* SPDX-License-Identifier: MIT */
#include "packet/build.h"
#include "packet/checksum.h"
#include "packet/wire_layout.h"

/* Sum of what stands at OFFSET of the bytes that a checksum covers: each byte of that offset turns all words by one. */
static uint64_t words_at(size_t offset, struct bytes bytes)
{
    uint64_t sum = checksum_words(bytes);
    return offset % 2 == 0 ? sum : __builtin_bswap16(checksum_fold(sum));
}

/* The transport's checksum over HEADER (in which the field is zero), options and as much of the payload as COVERED
 * bytes of the segment hold. */
static uint16_t transport_checksum(const struct packet *packet, const struct build_layout *layout, uint64_t pseudo,
                                   const uint8_t *header, size_t covered)
{
    size_t behind = layout->transport + layout->tcp_options.length;
    uint64_t sum = pseudo + checksum_words((struct bytes){header, layout->transport});
    sum += checksum_words(layout->tcp_options);
    return checksum_of_words(sum + words_at(behind, bytes_slice(packet->payload, 0, covered - behind)));
}

static void build_tcp(const struct packet *packet, const struct build_layout *layout, uint8_t *at)
{
    const struct tcp_header *tcp = &packet->tcp;
    unsigned offset = (unsigned)((layout->transport + layout->tcp_options.length) / 4);
    if ((packet->explicit_fields & EXPLICIT_DATA_OFFSET) != 0)
        offset = tcp->data_offset;
    store_be16(at, tcp->source_port);
    store_be16(at + 2, tcp->destination_port);
    store_be32(at + 4, tcp->sequence);
    store_be32(at + 8, tcp->acknowledgment);
    store_be16(at + TCP_DATA_OFFSET_AT, (uint16_t)(offset << 12 | (tcp->flags & 0xfff)));
    store_be16(at + 14, tcp->window);
    store_be16(at + TCP_CHECKSUM_AT, 0);
    store_be16(at + 18, tcp->urgent_pointer);
    uint16_t checksum = tcp->checksum;
    if ((packet->explicit_fields & EXPLICIT_CHECKSUM) == 0) {
        uint64_t pseudo = checksum_pseudo_words(packet, PROTOCOL_TCP, (uint32_t)layout->segment);
        checksum = transport_checksum(packet, layout, pseudo, at, layout->segment);
    }
    store_be16(at + TCP_CHECKSUM_AT, checksum);
}

static void build_udp(const struct packet *packet, const struct build_layout *layout, uint8_t *at)
{
    const struct udp_header *udp = &packet->udp;
    size_t length = layout->segment;
    if ((packet->explicit_fields & EXPLICIT_UDP_LENGTH) != 0)
        length = udp->length;
    store_be16(at, udp->source_port);
    store_be16(at + 2, udp->destination_port);
    store_be16(at + UDP_LENGTH_AT, (uint16_t)length);
    store_be16(at + UDP_CHECKSUM_AT, 0);
    uint16_t checksum = udp->checksum;
    if ((packet->explicit_fields & EXPLICIT_CHECKSUM) == 0) {
        size_t covered = udp_covered_length(length, layout->segment);
        uint64_t pseudo = checksum_pseudo_words(packet, PROTOCOL_UDP, (uint32_t)covered);
        checksum = transport_checksum(packet, layout, pseudo, at, covered);
        if (checksum == 0)
            checksum = UINT16_MAX; /* a zero says that there is none (RFC 768) */
    }
    store_be16(at + UDP_CHECKSUM_AT, checksum);
}

static void build_icmp(const struct packet *packet, const struct build_layout *layout, uint8_t *at)
{
    const struct icmp_header *icmp = &packet->icmp;
    at[0] = icmp->type;
    at[1] = icmp->code;
    store_be16(at + ICMP_CHECKSUM_AT, 0);
    store_be32(at + 4, icmp->rest);
    uint16_t checksum = icmp->checksum;
    if ((packet->explicit_fields & EXPLICIT_CHECKSUM) == 0) {
        uint64_t pseudo = 0;
        if (packet->transport == TRANSPORT_ICMPV6)
            pseudo = checksum_pseudo_words(packet, PROTOCOL_ICMPV6, (uint32_t)layout->segment);
        checksum = transport_checksum(packet, layout, pseudo, at, layout->segment);
    }
    store_be16(at + ICMP_CHECKSUM_AT, checksum);
}

void build_transport_header(const struct packet *packet, const struct build_layout *layout, uint8_t *at)
{
    switch (packet->transport) {
    case TRANSPORT_TCP:
        build_tcp(packet, layout, at);
        break;
    case TRANSPORT_UDP:
        build_udp(packet, layout, at);
        break;
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        build_icmp(packet, layout, at);
        break;
    case TRANSPORT_NONE:
        break;
    }
}
