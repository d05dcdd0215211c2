/* SPDX-License-Identifier: MIT */
/* Ethernet frames, as far as a link deals with them. */
#ifndef LINK_ETHERNET_H
#define LINK_ETHERNET_H

#include "base/bytes.h"

enum {
    ETHERNET_ADDRESS_SIZE = 6,
    ETHERNET_HEADER_SIZE = 14,
    ETHERNET_TYPE_IPV4 = 0x0800,
    ETHERNET_TYPE_ARP = 0x0806,
    ETHERNET_TYPE_IPV6 = 0x86dd,
};

struct ethernet_address {
    uint8_t bytes[ETHERNET_ADDRESS_SIZE];
};

struct ethernet_header {
    struct ethernet_address destination;
    struct ethernet_address source;
    uint16_t type;
};

ALWAYS_INLINE bool ethernet_address_equal(const struct ethernet_address *left, const struct ethernet_address *right)
{
    return memcmp(left->bytes, right->bytes, sizeof(left->bytes)) == 0;
}

/* Reads the header at READER; false (and the reader fails) if the frame is shorter. */
MUST_USE bool ethernet_read(struct byte_reader *reader, struct ethernet_header *header);

void ethernet_write(struct byte_writer *writer, const struct ethernet_header *header);

/* The type of a frame that carries PACKET: IPv6 if the packet's first four bits say so, else IPv4. */
uint16_t ethernet_type_of(struct bytes packet);

#endif
