/* SPDX-License-Identifier: MIT */
/* The Internet checksum (RFC 1071). */
#ifndef PACKET_CHECKSUM_H
#define PACKET_CHECKSUM_H

#include "base/bytes.h"
#include "packet/packet.h"

/* One's complement sum of 16-bit words in wire order (an odd last byte is padded with zero), not yet complemented,
 * added to SUM, a sum so far over an even number of bytes (0 to start). */
uint32_t checksum_add(uint32_t sum, struct bytes bytes);

/* The checksum field's value for a sum, in host order. */
uint16_t checksum_finish(uint32_t sum);

/* Sum of the pseudo-header of PACKET (RFC 9293 section 3.1, RFC 8200 section 8.1) for PROTOCOL over LENGTH bytes. */
uint32_t checksum_pseudo_header(const struct packet *packet, uint8_t protocol, uint32_t length);

#endif
