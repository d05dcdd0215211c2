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

/* Reads the fields; the options' view is not set yet. */
static void decode_ipv4_fields(struct ipv4_header *header, const uint8_t *at)
{
    uint16_t fragment = load_be16(at + IPV4_FLAGS_AT);
    header->version = at[0] >> 4;
    header->header_length = at[0] & 15;
    header->type_of_service = at[1];
    header->total_length = load_be16(at + IPV4_LENGTH_AT);
    header->identification = load_be16(at + 4);
    header->flags = (uint8_t)(fragment >> 13);
    header->fragment_offset = fragment & 0x1fff;
    header->time_to_live = at[8];
    header->protocol = at[9];
    header->checksum = load_be16(at + IPV4_CHECKSUM_AT);
    memcpy(header->source, at + 12, sizeof(header->source));
    memcpy(header->destination, at + 16, sizeof(header->destination));
}

/* Where the datagram ends by its total length, as far as that can be believed. */
static size_t decode_ipv4_end(struct decoding *decoding, size_t header_size)
{
    struct packet *packet = decoding->packet;
    size_t length = packet->wire.length, total = packet->ipv4.total_length;
    if (LIKELY(total == length))
        return length;
    if (total >= header_size && total < length) {
        decode_defect(packet, DEFECT_IP_TRAILER, total);
        packet->trailer = bytes_slice(packet->wire, total, length);
        return total;
    }
    packet->explicit_fields |= EXPLICIT_IP_LENGTH;
    if (total < header_size)
        decode_defect(packet, DEFECT_IP_LENGTH_SHORT, IPV4_LENGTH_AT);
    else if ((decoding->flags & DECODE_QUOTED) == 0)
        decode_defect(packet, DEFECT_IP_LENGTH_LONG, IPV4_LENGTH_AT);
    return length;
}

static void decode_ipv4_checksum(struct decoding *decoding, size_t header_size)
{
    struct packet *packet = decoding->packet;
    if ((decoding->flags & (DECODE_UNCHECKED | DECODE_QUOTED)) != 0)
        return;
    uint64_t sum = checksum_ipv4_words(packet->wire.data);
    if (header_size > IPV4_HEADER_SIZE)
        sum += checksum_words(packet->ipv4.options);
    uint16_t computed = decode_computed_checksum(packet->wire, IPV4_CHECKSUM_AT, sum);
    if (LIKELY(computed == packet->ipv4.checksum))
        return;
    packet->explicit_fields |= EXPLICIT_IP_CHECKSUM;
    /* The two zeros of one's complement are equal. */
    if (computed != 0 || packet->ipv4.checksum != UINT16_MAX)
        decode_defect(packet, DEFECT_IP_CHECKSUM, IPV4_CHECKSUM_AT);
}

void decode_ipv4(struct decoding *decoding)
{
    struct packet *packet = decoding->packet;
    struct bytes wire = packet->wire;
    if (wire.length < IPV4_HEADER_SIZE) {
        if ((decoding->flags & DECODE_QUOTED) == 0)
            decode_defect(packet, DEFECT_IP_HEADER_TRUNCATED, 0);
        decode_payload(decoding, wire);
        return;
    }
    packet->network = NETWORK_IPV4;
    decode_ipv4_fields(&packet->ipv4, wire.data);
    size_t header_size = (size_t)packet->ipv4.header_length * 4;
    bool header_fits = header_size >= IPV4_HEADER_SIZE && header_size <= wire.length;
    if (UNLIKELY(!header_fits)) {
        /* Where the header ends can't be known: what is behind its fixed part is payload. */
        packet->explicit_fields |= EXPLICIT_IP_HEADER_LENGTH;
        decode_defect(packet, DEFECT_IP_HEADER_LENGTH, 0);
        header_size = IPV4_HEADER_SIZE;
    }
    packet->ipv4.options = decode_part(wire, IPV4_HEADER_SIZE, header_size);
    if (header_size > IPV4_HEADER_SIZE)
        decode_ipv4_options(packet, packet->ipv4.options);
    if ((packet->ipv4.flags & IPV4_RESERVED) != 0)
        decode_defect(packet, DEFECT_IP_RESERVED_FLAG, IPV4_FLAGS_AT);
    decode_ipv4_checksum(decoding, header_size);
    size_t end = decode_ipv4_end(decoding, header_size);
    struct bytes body = decode_part(wire, header_size, end);
    decoding->first_fragment = (packet->ipv4.flags & IPV4_MORE_FRAGMENTS) != 0;
    if (header_fits && packet->ipv4.fragment_offset == 0)
        decode_transport(decoding, packet->ipv4.protocol, body);
    else
        decode_payload(decoding, body);
}
