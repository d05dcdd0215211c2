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

/*
 * The same in the machine's own order, for those who sum often: sums are plain sums of 32-bit words, so that what one
 * word gave can be taken off again, and they are turned round once, at the end (RFC 1071 section 2 (B)).
 */

/* Sum of BYTES as they would stand at an offset that is a multiple of four. */
uint64_t checksum_words(struct bytes bytes);

/* The word at AT. */
ALWAYS_INLINE uint64_t checksum_word(const uint8_t *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* Sum of the fixed part of an IPv4 header. */
ALWAYS_INLINE uint64_t checksum_ipv4_words(const uint8_t *at)
{
    return checksum_word(at) + checksum_word(at + 4) + checksum_word(at + 8) + checksum_word(at + 12) +
           checksum_word(at + 16);
}

/* Sum of the pseudo-header. */
uint64_t checksum_pseudo_words(const struct packet *packet, uint8_t protocol, uint32_t length);

/* Down to 16 bits; zero only if SUM is. The upper half of a number added to itself with its halves swapped is their
 * sum, carry and all. */
ALWAYS_INLINE uint16_t checksum_fold(uint64_t sum)
{
    sum += sum << 32 | sum >> 32;
    uint32_t upper = (uint32_t)(sum >> 32);
    upper += upper << 16 | upper >> 16;
    return (uint16_t)(upper >> 16);
}

/* The checksum field's value, in host order, for a sum of words. */
ALWAYS_INLINE uint16_t checksum_of_words(uint64_t sum)
{
    return (uint16_t)~__builtin_bswap16(checksum_fold(sum));
}

#endif
