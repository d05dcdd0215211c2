/* SPDX-License-Identifier: MIT */
#include "packet/checksum.h"

/* Sums are taken in the machine's order and turned round once at the end: swapping the bytes of every word swaps those
 * of their one's complement sum (RFC 1071 section 2 (B)). */

enum { BLOCK_WORDS = 16 };

/* Down to 16 bits; zero only if SUM is. */
static uint16_t checksum_fold(uint64_t sum)
{
    sum = (sum & UINT32_MAX) + (sum >> 32);
    sum = (sum & UINT32_MAX) + (sum >> 32);
    sum = (sum & UINT16_MAX) + (sum >> 16);
    sum = (sum & UINT16_MAX) + (sum >> 16);
    return (uint16_t)sum;
}

static uint64_t checksum_word(const uint8_t *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* Whole blocks, with bounds that the compiler knows: it makes vector code of the inner loop. */
static uint64_t checksum_blocks(const uint8_t *at, size_t blocks)
{
    uint64_t sum = 0;
    for (size_t block = 0; block < blocks; block++) {
        uint32_t words[BLOCK_WORDS];
        memcpy(words, at + block * sizeof(words), sizeof(words));
        for (size_t i = 0; i < BLOCK_WORDS; i++)
            sum += words[i];
    }
    return sum;
}

uint32_t checksum_add(uint32_t sum, struct bytes bytes)
{
    const size_t block_size = BLOCK_WORDS * sizeof(uint32_t);
    size_t blocks = bytes.length / block_size;
    uint64_t total = blocks == 0 ? 0 : checksum_blocks(bytes.data, blocks);
    size_t at = blocks * block_size;
    for (; at + 4 <= bytes.length; at += 4)
        total += checksum_word(bytes.data + at);
    if (at + 2 <= bytes.length) {
        uint16_t word;
        memcpy(&word, bytes.data + at, sizeof(word));
        total += word;
        at += 2;
    }
    if (at < bytes.length)
        total += bytes.data[at];
    return checksum_fold((uint64_t)sum + __builtin_bswap16(checksum_fold(total)));
}

uint16_t checksum_finish(uint32_t sum)
{
    return (uint16_t)~checksum_fold(sum);
}

uint32_t checksum_pseudo_header(const struct packet *packet, uint8_t protocol, uint32_t length)
{
    uint32_t sum = (length >> 16) + (length & UINT16_MAX) + protocol;
    switch (packet->network) {
    case NETWORK_IPV4:
        sum = checksum_add(sum, (struct bytes){packet->ipv4.source, sizeof(packet->ipv4.source)});
        return checksum_add(sum, (struct bytes){packet->ipv4.destination, sizeof(packet->ipv4.destination)});
    case NETWORK_IPV6:
        sum = checksum_add(sum, (struct bytes){packet->ipv6.source, sizeof(packet->ipv6.source)});
        return checksum_add(sum, (struct bytes){packet->ipv6.destination, sizeof(packet->ipv6.destination)});
    case NETWORK_NONE:
        break;
    }
    return sum;
}
