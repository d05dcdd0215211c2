/* SPDX-License-Identifier: MIT */
/* Where fields stand in their headers, for decoding and building alike. Private to this room. */
#ifndef PACKET_WIRE_LAYOUT_H
#define PACKET_WIRE_LAYOUT_H

#include "packet/packet.h"

enum wire_offset {
    IPV4_LENGTH_AT = 2,
    IPV4_FLAGS_AT = 6,
    IPV4_CHECKSUM_AT = 10,
    IPV6_LENGTH_AT = 4,
    TCP_DATA_OFFSET_AT = 12,
    TCP_CHECKSUM_AT = 16,
    UDP_LENGTH_AT = 4,
    UDP_CHECKSUM_AT = 6,
    ICMP_CHECKSUM_AT = 2,
};

/* Bytes that a UDP checksum covers: by the header's LENGTH where that can be, so that a surplus is left out (RFC 9868),
 * else all that is THERE. */
ALWAYS_INLINE size_t udp_covered_length(size_t length, size_t there)
{
    return length >= UDP_HEADER_SIZE && length <= there ? length : there;
}

#endif
