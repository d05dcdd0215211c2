/* SPDX-License-Identifier: MIT */
/* The fixed part of headers, put together. Private to this room. */
#ifndef PACKET_BUILD_H
#define PACKET_BUILD_H

#include "packet/packet.h"

enum {
    NETWORK_HEADER_MOST = IPV6_HEADER_SIZE,
    TRANSPORT_HEADER_MOST = TCP_HEADER_SIZE,
};

/* Sizes of what makes up a packet on the wire. */
struct build_sizes {
    size_t network;   /* the fixed network header */
    size_t options;   /* behind it: IPv4 options or IPv6 extension headers */
    size_t transport; /* the fixed transport header */
    size_t segment;   /* transport header, its options and payload */
};

/* IPv4 options or IPv6 extension headers. */
ALWAYS_INLINE struct bytes build_options(const struct packet *packet)
{
    if (packet->network == NETWORK_IPV4)
        return packet->ipv4.options;
    return packet->network == NETWORK_IPV6 ? packet->ipv6.extensions : (struct bytes){NULL, 0};
}

ALWAYS_INLINE struct bytes build_tcp_options(const struct packet *packet)
{
    return packet->transport == TRANSPORT_TCP ? packet->tcp.options : (struct bytes){NULL, 0};
}

extern const uint8_t build_network_sizes[3];
extern const uint8_t build_transport_sizes[5];

/* Sizes of the parts, whether they can be built or not. */
ALWAYS_INLINE struct build_sizes build_measure(const struct packet *packet)
{
    size_t transport = build_transport_sizes[packet->transport];
    return (struct build_sizes){
        .network = build_network_sizes[packet->network],
        .options = build_options(packet).length,
        .transport = transport,
        .segment = transport + build_tcp_options(packet).length + packet->payload.length,
    };
}

/* True if each length can be said by the field that has to say it, or is explicit. */
bool build_fits(const struct packet *packet, size_t options, size_t segment);

/* Write the fixed headers, computed fields included, to NETWORK_HEADER_MOST and TRANSPORT_HEADER_MOST bytes. SEGMENT is
 * the size of the transport's header, options and payload. */
void build_network_header(const struct packet *packet, size_t segment, uint8_t *at);
void build_transport_header(const struct packet *packet, size_t segment, uint8_t *at);

#endif
