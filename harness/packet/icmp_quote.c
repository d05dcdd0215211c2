/* SPDX-License-Identifier: MIT */
#include "packet/icmp_quote.h"

#include "packet/encapsulation.h"

enum { QUOTED_TIME_TO_LIVE = 64, TRANSPORT_QUOTED_LEAST = 8 };

/* What the quoted IP header says of what it carries. */
struct quoted_network {
    struct bytes body; /* as far as it is quoted */
    size_t length;     /* of all of it */
    uint8_t protocol;
};

static struct quoted_network quoted_network(const struct packet *message, const struct packet *quoted)
{
    bool six = quoted->network == NETWORK_IPV6;
    size_t options = six ? quoted->ipv6.extensions.length : quoted->ipv4.options.length;
    size_t header = options + (six ? (size_t)IPV6_HEADER_SIZE : (size_t)IPV4_HEADER_SIZE);
    size_t said = six ? (size_t)IPV6_HEADER_SIZE + quoted->ipv6.payload_length : quoted->ipv4.total_length;
    return (struct quoted_network){
        .body = bytes_slice(message->payload, header, SIZE_MAX),
        .length = said > header ? said - header : 0,
        .protocol = six ? quoted->ipv6.protocol : quoted->ipv4.protocol,
    };
}

static uint16_t less(size_t length, size_t headers)
{
    return (uint16_t)(length > headers ? length - headers : 0);
}

/* The TCP header at the start of BODY, of a segment of LENGTH bytes. */
static void quote_tcp(struct icmp_quote *quote, struct bytes body, size_t length, const uint8_t *message)
{
    size_t offset = body.length > 12 ? (size_t)(body.data[12] >> 4) * 4 : TCP_HEADER_SIZE;
    quote->transport = TRANSPORT_TCP;
    quote->source_port = load_be16(body.data);
    quote->destination_port = load_be16(body.data + 2);
    quote->sequence = load_be32(body.data + 4);
    quote->syn = body.length > 13 && (body.data[13] & TCP_SYN) != 0;
    quote->length = less(length, offset < TCP_HEADER_SIZE ? (size_t)TCP_HEADER_SIZE : offset);
    quote->sequence_at = (size_t)(body.data + 4 - message);
}

static void quote_udp(struct icmp_quote *quote, struct bytes body)
{
    quote->transport = TRANSPORT_UDP;
    quote->source_port = load_be16(body.data);
    quote->destination_port = load_be16(body.data + 2);
    quote->length = less(load_be16(body.data + 4), UDP_HEADER_SIZE);
}

bool icmp_quote_read(const struct packet *message, bool over_udp, struct icmp_quote *quote)
{
    struct packet quoted;
    if (!packet_decode_quoted(message, &quoted) || quoted.network == NETWORK_NONE)
        return false;
    struct quoted_network network = quoted_network(message, &quoted);
    struct bytes body = network.body;
    *quote = (struct icmp_quote){.source = packet_source(&quoted), .destination = packet_destination(&quoted)};
    if (body.length < TRANSPORT_QUOTED_LEAST)
        return true;
    bool datagram = network.protocol == PROTOCOL_UDP;
    if (datagram && over_udp && body.length >= UDP_HEADER_SIZE + TRANSPORT_QUOTED_LEAST) {
        quote->over_udp = true;
        quote->udp_source = load_be16(body.data);
        quote->udp_destination = load_be16(body.data + 2);
        quote_tcp(quote, bytes_slice(body, UDP_HEADER_SIZE, SIZE_MAX), less(network.length, UDP_HEADER_SIZE),
                  message->payload.data);
    } else if (datagram) {
        quote_udp(quote, body);
    } else if (network.protocol == PROTOCOL_TCP) {
        quote_tcp(quote, body, network.length, message->payload.data);
    }
    return true;
}

static void set_protocol(struct packet *packet, uint8_t protocol)
{
    if (packet->network == NETWORK_IPV6)
        packet->ipv6.protocol = protocol;
    else
        packet->ipv4.protocol = protocol;
}

static void build_quoted_network(const struct icmp_quote *quote, size_t length, struct packet *packet)
{
    packet->explicit_fields |= EXPLICIT_IP_LENGTH;
    if (quote->source.family == ADDRESS_IPV6) {
        packet->network = NETWORK_IPV6;
        packet->ipv6 = (struct ipv6_header){.hop_limit = QUOTED_TIME_TO_LIVE, .payload_length = (uint16_t)length};
        memcpy(packet->ipv6.source, quote->source.bytes, sizeof(packet->ipv6.source));
        memcpy(packet->ipv6.destination, quote->destination.bytes, sizeof(packet->ipv6.destination));
        return;
    }
    packet->network = NETWORK_IPV4;
    packet->ipv4 = (struct ipv4_header){.time_to_live = QUOTED_TIME_TO_LIVE,
                                        .flags = IPV4_DONT_FRAGMENT,
                                        .total_length = (uint16_t)(IPV4_HEADER_SIZE + length)};
    memcpy(packet->ipv4.source, quote->source.bytes, sizeof(packet->ipv4.source));
    memcpy(packet->ipv4.destination, quote->destination.bytes, sizeof(packet->ipv4.destination));
}

/* The TCP header of which the first bytes are quoted. */
static bool build_quoted_tcp(const struct icmp_quote *quote, struct byte_writer *writer, struct error *error)
{
    const struct packet packet = {.transport = TRANSPORT_TCP,
                                  .tcp = {.source_port = quote->source_port,
                                          .destination_port = quote->destination_port,
                                          .sequence = quote->sequence}};
    return packet_build(&packet, writer, error);
}

bool icmp_quote_build(const struct icmp_quote *quote, struct byte_writer *writer, struct error *error)
{
    struct packet packet = {0};
    uint8_t segment[TCP_HEADER_SIZE];
    struct byte_writer tcp = byte_writer_on(segment, sizeof(segment));
    bool datagram = quote->transport == TRANSPORT_UDP;
    size_t length = quote->length + (datagram ? (size_t)UDP_HEADER_SIZE : (size_t)TCP_HEADER_SIZE);
    size_t carried = length + (quote->over_udp ? (size_t)UDP_HEADER_SIZE : 0);
    build_quoted_network(quote, carried, &packet);
    if (!build_quoted_tcp(quote, &tcp, error))
        return false;
    if (datagram || quote->over_udp) {
        packet.transport = TRANSPORT_UDP;
        packet.explicit_fields |= EXPLICIT_UDP_LENGTH;
        packet.udp = datagram ? (struct udp_header){quote->source_port, quote->destination_port, 0, 0}
                              : (struct udp_header){quote->udp_source, quote->udp_destination, 0, 0};
        packet.udp.length = (uint16_t)carried;
    } else {
        set_protocol(&packet, PROTOCOL_TCP);
    }
    if (!datagram)
        packet.payload = bytes_slice(byte_writer_written(&tcp), 0, TRANSPORT_QUOTED_LEAST);
    return packet_build(&packet, writer, error);
}
