/* SPDX-License-Identifier: MIT */
/* IPv4 (RFC 791). */
#include "packet/decode.h"
#include "packet/wire_layout.h"

enum {
    IPV4_OPTION_END = 0,
    IPV4_OPTION_NOP = 1,
};

/* Finds options whose length can't be; the walk ends there. */
static void decode_ipv4_options(struct packet *packet, struct bytes options)
{
    size_t offset = decode_offset(packet, options);
    size_t at = 0;
    while (at < options.length && options.data[at] != IPV4_OPTION_END) {
        if (options.data[at] == IPV4_OPTION_NOP) {
            at++;
            continue;
        }
        bool has_length = at + 1 < options.length;
        unsigned length = has_length ? options.data[at + 1] : 0;
        if (length < 2 || length > options.length - at) {
            decode_defect(packet, DEFECT_IP_OPTION_LENGTH, offset + at + has_length);
            return;
        }
        at += length;
    }
}

/* The fixed part of a header, as it stands on the wire. */
struct ipv4_wire {
    uint64_t first;
    uint64_t second;
    uint32_t third;
};

static struct ipv4_wire ipv4_wire_at(const uint8_t *at)
{
    struct ipv4_wire wire;
    memcpy(&wire.first, at, sizeof(wire.first));
    memcpy(&wire.second, at + 8, sizeof(wire.second));
    memcpy(&wire.third, at + 16, sizeof(wire.third));
    return wire;
}

/* Sets the fields; the options' view is left. */
ALWAYS_INLINE void decode_ipv4_fields(struct ipv4_header *header, struct ipv4_wire wire)
{
    uint64_t first = __builtin_bswap64(wire.first);
    uint64_t second = __builtin_bswap64(wire.second);
    uint32_t source = (uint32_t)(wire.second >> 32);
    header->version = (uint8_t)(first >> 60);
    header->header_length = first >> 56 & 15;
    header->type_of_service = (uint8_t)(first >> 48);
    header->total_length = (uint16_t)(first >> 32);
    header->identification = (uint16_t)(first >> 16);
    header->flags = (uint8_t)(first >> 13 & 7);
    header->fragment_offset = first & 0x1fff;
    header->time_to_live = (uint8_t)(second >> 56);
    header->protocol = (uint8_t)(second >> 48);
    header->checksum = (uint16_t)(second >> 32);
    memcpy(header->source, &source, sizeof(source));
    memcpy(header->destination, &wire.third, sizeof(wire.third));
}

/* Where the datagram ends by its TOTAL length, as far as that can be believed. */
static size_t decode_ipv4_end(struct packet *packet, unsigned flags, size_t header_size, size_t total)
{
    struct bytes wire = packet->wire;
    if (total >= header_size && total < wire.length) {
        decode_defect(packet, DEFECT_IP_TRAILER, total);
        bytes_set(&packet->trailer, decode_part(wire, total, wire.length));
        return total;
    }
    packet->explicit_fields |= EXPLICIT_IP_LENGTH;
    if (total < header_size)
        decode_defect(packet, DEFECT_IP_LENGTH_SHORT, IPV4_LENGTH_AT);
    else
        decode_shortage(packet, flags, DEFECT_IP_LENGTH_LONG, IPV4_LENGTH_AT);
    return wire.length;
}

/* Compares the checksum with the one that would be computed. */
ALWAYS_INLINE void decode_ipv4_checksum(struct packet *packet, struct ipv4_wire wire, struct bytes options)
{
    uint64_t sum =
        (wire.first & UINT32_MAX) + (wire.first >> 32) + (wire.second & UINT16_MAX) + (wire.second >> 32) + wire.third;
    if (UNLIKELY(options.length > 0))
        sum += checksum_words(options);
    uint16_t computed = checksum_of_words(sum);
    uint16_t given = __builtin_bswap16((uint16_t)(wire.second >> 16));
    if (LIKELY(computed == given))
        return;
    packet->explicit_fields |= EXPLICIT_IP_CHECKSUM;
    /* The two zeros of one's complement are equal. */
    if (computed != 0 || given != UINT16_MAX)
        decode_defect(packet, DEFECT_IP_CHECKSUM, IPV4_CHECKSUM_AT);
}

/* False if a header can't have this size. Where it ends can't be known then: what is behind its fixed part is payload.
 */
static bool ipv4_header_fits(struct packet *packet, size_t *header_size)
{
    if (LIKELY(*header_size >= IPV4_HEADER_SIZE && *header_size <= packet->wire.length))
        return true;
    packet->explicit_fields |= EXPLICIT_IP_HEADER_LENGTH;
    decode_defect(packet, DEFECT_IP_HEADER_LENGTH, 0);
    *header_size = IPV4_HEADER_SIZE;
    return false;
}

void decode_ipv4(struct packet *packet, unsigned flags, struct bytes wire)
{
    if (UNLIKELY(wire.length < IPV4_HEADER_SIZE)) {
        decode_shortage(packet, flags, DEFECT_IP_HEADER_TRUNCATED, 0);
        decode_payload(packet, wire);
        return;
    }
    struct ipv4_wire header = ipv4_wire_at(wire.data);
    uint64_t first = __builtin_bswap64(header.first);
    size_t header_size = first >> 54 & 60;
    size_t total = first >> 32 & UINT16_MAX;
    packet->network = NETWORK_IPV4;
    decode_ipv4_fields(&packet->ipv4, header);
    bool fits = ipv4_header_fits(packet, &header_size);
    struct bytes options = decode_part(wire, IPV4_HEADER_SIZE, header_size);
    bytes_set(&packet->ipv4.options, options);
    if (UNLIKELY(options.length > 0))
        decode_ipv4_options(packet, options);
    if (UNLIKELY((first & IPV4_RESERVED << 13) != 0))
        decode_defect(packet, DEFECT_IP_RESERVED_FLAG, IPV4_FLAGS_AT);
    if ((flags & DECODE_SUMLESS) == 0)
        decode_ipv4_checksum(packet, header, options);
    size_t end = LIKELY(total == wire.length) ? total : decode_ipv4_end(packet, flags, header_size, total);
    struct bytes body = decode_part(wire, header_size, end);
    if ((first & IPV4_MORE_FRAGMENTS << 13) != 0)
        flags |= DECODE_FIRST_FRAGMENT;
    if (fits && (first & 0x1fff) == 0)
        decode_transport(packet, flags, (uint8_t)(__builtin_bswap64(header.second) >> 48), body);
    else
        decode_payload(packet, body);
}
