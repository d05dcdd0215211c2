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
struct build_layout {
    size_t network;       /* the fixed network header */
    struct bytes options; /* IPv4 options or IPv6 extension headers */
    size_t transport;     /* the fixed transport header */
    struct bytes tcp_options;
    size_t segment; /* transport header, its options and payload */
    size_t total;
};

/* False with an error if a length can't be said by the field that has to say it. */
MUST_USE bool build_measure(const struct packet *packet, struct build_layout *layout, struct error *error);

/* Write the fixed headers, computed fields included, to NETWORK_HEADER_MOST and TRANSPORT_HEADER_MOST bytes. */
void build_network_header(const struct packet *packet, const struct build_layout *layout, uint8_t *at);
void build_transport_header(const struct packet *packet, const struct build_layout *layout, uint8_t *at);

#endif
