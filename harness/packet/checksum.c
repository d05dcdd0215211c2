/* SPDX-License-Identifier: MIT */
#include "packet/checksum.h"

/* Two sums side by side. Left to itself, the compiler makes vector code of plain loops too, but not fast code. */
typedef uint64_t sum_pair __attribute__((vector_size(16)));

enum { PAIR_SIZE = sizeof(sum_pair) };

/* The four words at AT: in each half the sum of two. */
static sum_pair pair_at(const uint8_t *at)
{
    sum_pair words;
    memcpy(&words, at, sizeof(words));
    return (words & UINT32_MAX) + (words >> 32);
}

/* Fewer bytes than a pair takes. */
static uint64_t sum_rest(const uint8_t *at, size_t length)
{
    uint64_t sum = 0;
    if ((length & 8) != 0) {
        sum = checksum_word(at) + checksum_word(at + 4);
        at += 8;
    }
    if ((length & 4) != 0) {
        sum += checksum_word(at);
        at += 4;
    }
    if ((length & 3) != 0) {
        uint8_t last[4] = {at[0], (length & 2) != 0 ? at[1] : 0, (length & 3) == 3 ? at[2] : 0, 0};
        sum += checksum_word(last);
    }
    return sum;
}

uint64_t checksum_words(struct bytes bytes)
{
    const uint8_t *at = bytes.data;
    size_t length = bytes.length;
    sum_pair sums = {0, 0};
    for (; length >= (size_t)4 * PAIR_SIZE; length -= (size_t)4 * PAIR_SIZE, at += (size_t)4 * PAIR_SIZE)
        sums += (pair_at(at) + pair_at(at + PAIR_SIZE)) +
                (pair_at(at + (size_t)2 * PAIR_SIZE) + pair_at(at + (size_t)3 * PAIR_SIZE));
    for (; length >= PAIR_SIZE; length -= PAIR_SIZE, at += PAIR_SIZE)
        sums += pair_at(at);
    return sums[0] + sums[1] + (length == 0 ? 0 : sum_rest(at, length));
}

uint32_t checksum_add(uint32_t sum, struct bytes bytes)
{
    return checksum_fold((uint64_t)sum + __builtin_bswap16(checksum_fold(checksum_words(bytes))));
}

uint16_t checksum_finish(uint32_t sum)
{
    return (uint16_t)~checksum_fold(sum);
}

uint64_t checksum_pseudo_words(const struct packet *packet, uint8_t protocol, uint32_t length)
{
    uint64_t sum = (uint64_t)__builtin_bswap32(length) + ((uint64_t)protocol << 8);
    switch (packet->network) {
    case NETWORK_IPV4:
        return sum + checksum_word(packet->ipv4.source) + checksum_word(packet->ipv4.destination);
    case NETWORK_IPV6:
        for (size_t i = 0; i < sizeof(packet->ipv6.source); i += 4)
            sum += checksum_word(packet->ipv6.source + i) + checksum_word(packet->ipv6.destination + i);
        return sum;
    case NETWORK_NONE:
        break;
    }
    return sum;
}

uint32_t checksum_pseudo_header(const struct packet *packet, uint8_t protocol, uint32_t length)
{
    return __builtin_bswap16(checksum_fold(checksum_pseudo_words(packet, protocol, length)));
}
