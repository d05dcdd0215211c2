/* SPDX-License-Identifier: MIT */
/* TCP (RFC 9293 section 3.1), UDP (RFC 768), ICMP (RFC 792, RFC 4443). */
#include "packet/decode.h"
#include "packet/wire_layout.h"

void decode_other_checksum(struct decoding *decoding, struct bytes covered, size_t at, uint16_t computed,
                           enum packet_defect_kind defect)
{
    struct packet *packet = decoding->packet;
    uint16_t given = load_be16(covered.data + at);
    bool udp = packet->transport == TRANSPORT_UDP;
    /* The two zeros of one's complement are equal. UDP sends the other one, for 0 says that there is none (RFC 768). */
    bool other_zero = computed == 0 && given == UINT16_MAX;
    if (udp && other_zero)
        return;
    packet->explicit_fields |= EXPLICIT_CHECKSUM;
    bool absent = udp && given == 0 && packet->network == NETWORK_IPV4;
    if (!other_zero && !absent && !decoding->first_fragment)
        decode_defect(packet, defect, decode_offset(packet, covered) + at);
}

static void decode_udp(struct decoding *decoding, struct bytes body)
{
    struct packet *packet = decoding->packet;
    struct udp_header *udp = &packet->udp;
    packet->transport = TRANSPORT_UDP;
    udp->source_port = load_be16(body.data);
    udp->destination_port = load_be16(body.data + 2);
    udp->length = load_be16(body.data + UDP_LENGTH_AT);
    udp->checksum = load_be16(body.data + UDP_CHECKSUM_AT);
    packet->payload = bytes_slice(body, UDP_HEADER_SIZE, body.length);
    if (udp->length != body.length) {
        packet->explicit_fields |= EXPLICIT_UDP_LENGTH;
        bool partial = decoding->first_fragment || (decoding->flags & DECODE_QUOTED) != 0;
        if (!partial || udp->length < body.length)
            decode_defect(packet, DEFECT_UDP_LENGTH, decode_offset(packet, body) + UDP_LENGTH_AT);
    }
    struct bytes covered = bytes_slice(body, 0, udp_covered_length(udp->length, body.length));
    uint64_t pseudo = checksum_pseudo_words(packet, PROTOCOL_UDP, (uint32_t)covered.length);
    decode_checksum(decoding, covered, UDP_CHECKSUM_AT, pseudo, DEFECT_UDP_CHECKSUM);
}

static void decode_icmp(struct decoding *decoding, struct bytes body)
{
    struct packet *packet = decoding->packet;
    struct icmp_header *icmp = &packet->icmp;
    bool six = packet->network == NETWORK_IPV6;
    packet->transport = six ? TRANSPORT_ICMPV6 : TRANSPORT_ICMPV4;
    icmp->type = body.data[0];
    icmp->code = body.data[1];
    icmp->checksum = load_be16(body.data + ICMP_CHECKSUM_AT);
    icmp->rest = load_be32(body.data + 4);
    packet->payload = bytes_slice(body, ICMP_HEADER_SIZE, body.length);
    uint64_t pseudo = six ? checksum_pseudo_words(packet, PROTOCOL_ICMPV6, (uint32_t)body.length) : 0;
    decode_checksum(decoding, body, ICMP_CHECKSUM_AT, pseudo, DEFECT_ICMP_CHECKSUM);
}

static const struct transport_row {
    void (*decode)(struct decoding *decoding, struct bytes body);
    size_t header_size;
    enum packet_defect_kind truncated;
} transport_rows[] = {
    [TRANSPORT_TCP] = {decode_tcp, TCP_HEADER_SIZE, DEFECT_TCP_HEADER_TRUNCATED},
    [TRANSPORT_UDP] = {decode_udp, UDP_HEADER_SIZE, DEFECT_UDP_HEADER_TRUNCATED},
    [TRANSPORT_ICMPV4] = {decode_icmp, ICMP_HEADER_SIZE, DEFECT_ICMP_HEADER_TRUNCATED},
    [TRANSPORT_ICMPV6] = {decode_icmp, ICMP_HEADER_SIZE, DEFECT_ICMP_HEADER_TRUNCATED},
};

static enum packet_transport transport_of(const struct packet *packet, uint8_t protocol)
{
    switch (protocol) {
    case PROTOCOL_TCP:
        return TRANSPORT_TCP;
    case PROTOCOL_UDP:
        return TRANSPORT_UDP;
    case PROTOCOL_ICMPV4:
        return packet->network == NETWORK_IPV4 ? TRANSPORT_ICMPV4 : TRANSPORT_NONE;
    case PROTOCOL_ICMPV6:
        return packet->network == NETWORK_IPV6 ? TRANSPORT_ICMPV6 : TRANSPORT_NONE;
    default:
        return TRANSPORT_NONE;
    }
}

void decode_transport(struct decoding *decoding, uint8_t protocol, struct bytes body)
{
    struct packet *packet = decoding->packet;
    enum packet_transport transport = transport_of(packet, protocol);
    const struct transport_row *row = &transport_rows[transport];
    if (LIKELY(transport != TRANSPORT_NONE && body.length >= row->header_size)) {
        row->decode(decoding, body);
        return;
    }
    if (transport != TRANSPORT_NONE && (decoding->flags & DECODE_QUOTED) == 0)
        decode_defect(packet, row->truncated, decode_offset(packet, body));
    decode_payload(decoding, body);
}
