/* SPDX-License-Identifier: MIT */
#include "packet/build.h"

/* Each of these gathers the bits in which two values differ: one look at the end is enough. */

/* The bits of a field, if it counts: if it is explicit in both packets. */
static uint64_t differ_explicit(uint32_t fields, enum packet_explicit_field field, unsigned left, unsigned right)
{
    return (fields & field) != 0 ? left ^ right : 0;
}

static uint64_t differ_16(const uint8_t *left, const uint8_t *right)
{
    return (load_be64(left) ^ load_be64(right)) | (load_be64(left + 8) ^ load_be64(right + 8));
}

static uint64_t differ_ipv4(const struct ipv4_header *left, const struct ipv4_header *right, uint32_t fields)
{
    uint64_t bits = (uint64_t)(left->type_of_service ^ right->type_of_service);
    bits |= (uint64_t)(left->identification ^ right->identification) | (uint64_t)((left->flags ^ right->flags) & 7);
    bits |= (uint64_t)((left->fragment_offset ^ right->fragment_offset) & 0x1fff);
    bits |= (uint64_t)(left->time_to_live ^ right->time_to_live);
    bits |= load_be32(left->source) ^ load_be32(right->source);
    bits |= load_be32(left->destination) ^ load_be32(right->destination);
    bits |= differ_explicit(fields, EXPLICIT_IP_VERSION, left->version & 15u, right->version & 15u);
    bits |= differ_explicit(fields, EXPLICIT_IP_HEADER_LENGTH, left->header_length & 15u, right->header_length & 15u);
    bits |= differ_explicit(fields, EXPLICIT_IP_LENGTH, left->total_length, right->total_length);
    return bits | differ_explicit(fields, EXPLICIT_IP_CHECKSUM, left->checksum, right->checksum);
}

static uint64_t differ_ipv6(const struct ipv6_header *left, const struct ipv6_header *right, uint32_t fields)
{
    uint64_t bits = (uint64_t)(left->traffic_class ^ right->traffic_class);
    bits |= (left->flow_label ^ right->flow_label) & 0xfffff;
    bits |= (uint64_t)(left->hop_limit ^ right->hop_limit);
    bits |= differ_16(left->source, right->source) | differ_16(left->destination, right->destination);
    if (left->extensions.length > 0)
        bits |= (uint64_t)(left->next_header ^ right->next_header);
    bits |= differ_explicit(fields, EXPLICIT_IP_VERSION, left->version & 15u, right->version & 15u);
    return bits | differ_explicit(fields, EXPLICIT_IP_LENGTH, left->payload_length, right->payload_length);
}

/* In the protocol number, where that does not follow from the transport. */
static uint64_t differ_protocol(const struct packet *left, const struct packet *right)
{
    bool counts = left->transport == TRANSPORT_NONE || (left->explicit_fields & EXPLICIT_IP_PROTOCOL) != 0;
    if (!counts || left->network == NETWORK_NONE)
        return 0;
    if (left->network == NETWORK_IPV4)
        return (uint64_t)(left->ipv4.protocol ^ right->ipv4.protocol);
    return left->ipv6.extensions.length > 0 ? 0 : (uint64_t)(left->ipv6.protocol ^ right->ipv6.protocol);
}

static uint64_t differ_tcp(const struct tcp_header *left, const struct tcp_header *right, uint32_t fields)
{
    uint64_t bits = (uint64_t)(left->source_port ^ right->source_port);
    bits |= (uint64_t)(left->destination_port ^ right->destination_port);
    bits |= (left->sequence ^ right->sequence) | (left->acknowledgment ^ right->acknowledgment);
    bits |= (uint64_t)((left->flags ^ right->flags) & 0xfff) | (uint64_t)(left->window ^ right->window);
    bits |= (uint64_t)(left->urgent_pointer ^ right->urgent_pointer);
    bits |= differ_explicit(fields, EXPLICIT_DATA_OFFSET, left->data_offset & 15u, right->data_offset & 15u);
    return bits | differ_explicit(fields, EXPLICIT_CHECKSUM, left->checksum, right->checksum);
}

static uint64_t differ_transport(const struct packet *left, const struct packet *right, uint32_t fields)
{
    const struct udp_header *udp[] = {&left->udp, &right->udp};
    const struct icmp_header *icmp[] = {&left->icmp, &right->icmp};
    switch (left->transport) {
    case TRANSPORT_TCP:
        return differ_tcp(&left->tcp, &right->tcp, fields);
    case TRANSPORT_UDP:
        return (uint64_t)(udp[0]->source_port ^ udp[1]->source_port) |
               (uint64_t)(udp[0]->destination_port ^ udp[1]->destination_port) |
               differ_explicit(fields, EXPLICIT_UDP_LENGTH, udp[0]->length, udp[1]->length) |
               differ_explicit(fields, EXPLICIT_CHECKSUM, udp[0]->checksum, udp[1]->checksum);
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        return (uint64_t)(icmp[0]->type ^ icmp[1]->type) | (uint64_t)(icmp[0]->code ^ icmp[1]->code) |
               (icmp[0]->rest ^ icmp[1]->rest) |
               differ_explicit(fields, EXPLICIT_CHECKSUM, icmp[0]->checksum, icmp[1]->checksum);
    case TRANSPORT_NONE:
        break;
    }
    return 0;
}

/* Where the same fields are explicit, the others are computed from equal ones. */
static bool fields_equal(const struct packet *left, const struct packet *right)
{
    uint32_t fields = left->explicit_fields;
    uint64_t bits = differ_transport(left, right, fields) | differ_protocol(left, right);
    if (left->network == NETWORK_IPV4)
        bits |= differ_ipv4(&left->ipv4, &right->ipv4, fields);
    else if (left->network == NETWORK_IPV6)
        bits |= differ_ipv6(&left->ipv6, &right->ipv6, fields);
    return bits == 0;
}

/* Where they are not, an explicit value may be the one that would be computed. */
static COLD bool headers_equal(const struct packet *left, const struct packet *right)
{
    uint8_t headers[2][NETWORK_HEADER_MOST + TRANSPORT_HEADER_MOST];
    struct build_sizes sizes = build_measure(left);
    build_network_header(left, sizes.segment, headers[0]);
    build_network_header(right, sizes.segment, headers[1]);
    build_transport_header(left, sizes.segment, headers[0] + sizes.network);
    build_transport_header(right, sizes.segment, headers[1] + sizes.network);
    return memcmp(headers[0], headers[1], sizes.network + sizes.transport) == 0;
}

static bool packet_fits(const struct packet *packet)
{
    struct build_sizes sizes = build_measure(packet);
    return build_fits(packet, sizes.options, sizes.segment);
}

bool packet_equal(const struct packet *left, const struct packet *right)
{
    if (left->network != right->network || left->transport != right->transport)
        return false;
    if (!bytes_equal(build_options(left), build_options(right)) ||
        !bytes_equal(build_tcp_options(left), build_tcp_options(right)) ||
        !bytes_equal(left->payload, right->payload) || !bytes_equal(left->trailer, right->trailer))
        return false;
    if (!packet_fits(left) || !packet_fits(right))
        return false;
    return left->explicit_fields == right->explicit_fields ? fields_equal(left, right) : headers_equal(left, right);
}
