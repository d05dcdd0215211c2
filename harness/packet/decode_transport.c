/* SPDX-License-Identifier: MIT */
/* UDP (RFC 768), ICMP (RFC 792, RFC 4443), and which header it is at all. */
#include "packet/decode.h"
#include "packet/wire_layout.h"

void decode_other_checksum(struct packet *packet, unsigned flags, uint16_t given, uint16_t computed,
                           struct packet_defect defect)
{
    bool udp = packet->transport == TRANSPORT_UDP;
    /* The two zeros of one's complement are equal. UDP sends the other one, for 0 says that there is none (RFC 768). */
    bool other_zero = computed == 0 && given == UINT16_MAX;
    if (udp && other_zero)
        return;
    packet->explicit_fields |= EXPLICIT_CHECKSUM;
    bool absent = udp && given == 0 && packet->network == NETWORK_IPV4;
    if (!other_zero && !absent && (flags & DECODE_FIRST_FRAGMENT) == 0)
        decode_defect(packet, defect.kind, defect.offset);
}

static void decode_udp_checksum(struct packet *packet, unsigned flags, struct bytes covered, uint16_t given)
{
    uint64_t field = (uint64_t)__builtin_bswap16(given) << 16;
    uint64_t sum = checksum_pseudo_words(packet, PROTOCOL_UDP, (uint32_t)covered.length) + checksum_words(covered);
    uint16_t computed = checksum_of_words(sum - field);
    struct packet_defect defect = {DEFECT_UDP_CHECKSUM, (uint32_t)decode_offset(packet, covered) + UDP_CHECKSUM_AT};
    if (UNLIKELY(computed != given || given == 0))
        decode_other_checksum(packet, flags, given, computed, defect);
}

static void decode_udp(struct packet *packet, unsigned flags, struct bytes body)
{
    struct udp_header *udp = &packet->udp;
    uint64_t header = load_be64(body.data);
    uint16_t length = (uint16_t)(header >> 16);
    packet->transport = TRANSPORT_UDP;
    udp->source_port = (uint16_t)(header >> 48);
    udp->destination_port = (uint16_t)(header >> 32);
    udp->length = length;
    udp->checksum = (uint16_t)header;
    bytes_set(&packet->payload, decode_part(body, UDP_HEADER_SIZE, body.length));
    if (UNLIKELY(length != body.length)) {
        packet->explicit_fields |= EXPLICIT_UDP_LENGTH;
        if ((flags & (DECODE_FIRST_FRAGMENT | DECODE_QUOTED)) == 0 || length < body.length)
            decode_defect(packet, DEFECT_UDP_LENGTH, decode_offset(packet, body) + UDP_LENGTH_AT);
    }
    struct bytes covered = decode_part(body, 0, udp_covered_length(length, body.length));
    if ((flags & DECODE_SUMLESS) == 0)
        decode_udp_checksum(packet, flags, covered, (uint16_t)header);
}

static void decode_icmp(struct packet *packet, unsigned flags, struct bytes body)
{
    struct icmp_header *icmp = &packet->icmp;
    uint64_t header = load_be64(body.data);
    uint16_t given = (uint16_t)(header >> 32);
    bool six = packet->network == NETWORK_IPV6;
    packet->transport = six ? TRANSPORT_ICMPV6 : TRANSPORT_ICMPV4;
    icmp->type = (uint8_t)(header >> 56);
    icmp->code = (uint8_t)(header >> 48);
    icmp->checksum = given;
    icmp->rest = (uint32_t)header;
    bytes_set(&packet->payload, decode_part(body, ICMP_HEADER_SIZE, body.length));
    if ((flags & DECODE_SUMLESS) != 0)
        return;
    uint64_t sum = checksum_words(body) - ((uint64_t)__builtin_bswap16(given) << 16);
    if (six)
        sum += checksum_pseudo_words(packet, PROTOCOL_ICMPV6, (uint32_t)body.length);
    uint16_t computed = checksum_of_words(sum);
    struct packet_defect defect = {DEFECT_ICMP_CHECKSUM, (uint32_t)decode_offset(packet, body) + ICMP_CHECKSUM_AT};
    if (UNLIKELY(computed != given))
        decode_other_checksum(packet, flags, given, computed, defect);
}

static const struct transport_row {
    void (*decode)(struct packet *packet, unsigned flags, struct bytes body);
    size_t header_size;
    enum packet_network network; /* the only one that carries it, or NETWORK_NONE */
    enum packet_defect_kind truncated;
} transport_rows[256] = {
    [PROTOCOL_TCP] = {decode_tcp, TCP_HEADER_SIZE, NETWORK_NONE, DEFECT_TCP_HEADER_TRUNCATED},
    [PROTOCOL_UDP] = {decode_udp, UDP_HEADER_SIZE, NETWORK_NONE, DEFECT_UDP_HEADER_TRUNCATED},
    [PROTOCOL_ICMPV4] = {decode_icmp, ICMP_HEADER_SIZE, NETWORK_IPV4, DEFECT_ICMP_HEADER_TRUNCATED},
    [PROTOCOL_ICMPV6] = {decode_icmp, ICMP_HEADER_SIZE, NETWORK_IPV6, DEFECT_ICMP_HEADER_TRUNCATED},
};

void decode_transport(struct packet *packet, unsigned flags, uint8_t protocol, struct bytes body)
{
    const struct transport_row *row = &transport_rows[protocol];
    bool ours = row->decode != NULL && (row->network == NETWORK_NONE || row->network == packet->network);
    if (LIKELY(ours && body.length >= row->header_size)) {
        row->decode(packet, flags, body);
        return;
    }
    if (ours)
        decode_shortage(packet, flags, row->truncated, decode_offset(packet, body));
    decode_payload(packet, body);
}
