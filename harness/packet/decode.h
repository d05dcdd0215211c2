/* SPDX-License-Identifier: MIT */
/* What the layers of one decoding share. Private to this room. */
#ifndef PACKET_DECODE_H
#define PACKET_DECODE_H

#include "packet/checksum.h"

struct decoding {
    struct packet *packet;
    unsigned flags;      /* enum packet_decode_flag */
    bool first_fragment; /* the transport's lengths and checksum speak of more than is here */
};

/* Lists a defect at OFFSET from the start of the packet. */
void decode_defect(struct packet *packet, enum packet_defect_kind kind, size_t offset);

/* Offset in the packet of the start of PART, a view of it. */
ALWAYS_INLINE size_t decode_offset(const struct packet *packet, struct bytes part)
{
    return (size_t)(part.data - packet->wire.data);
}

/* The bytes of WHOLE from FROM up to TO, which the caller knows to be there. */
ALWAYS_INLINE struct bytes decode_part(struct bytes whole, size_t from, size_t to)
{
    return (struct bytes){whole.data + from, to - from};
}

/* Each reads its network header at the start of the packet, which has at least a byte, and what is behind it. */
void decode_ipv4(struct decoding *decoding);
void decode_ipv6(struct decoding *decoding);

/* Reads the header of transport PROTOCOL at the start of BODY, the whole of what the network layer carries. */
void decode_transport(struct decoding *decoding, uint8_t protocol, struct bytes body);

/* Takes all of BODY for payload. */
void decode_payload(struct decoding *decoding, struct bytes body);

/* The TCP header at the start of BODY, which is at least TCP_HEADER_SIZE long. */
void decode_tcp(struct decoding *decoding, struct bytes body);

/* The checksum that belongs at AT in COVERED, SUM being that of all that it covers, the field included. */
ALWAYS_INLINE uint16_t decode_computed_checksum(struct bytes covered, size_t at, uint64_t sum)
{
    uint16_t field;
    memcpy(&field, covered.data + at, sizeof(field));
    return checksum_of_words(sum - ((uint64_t)field << at % 4 * 8));
}

/* What there is to say of a transport checksum at AT in COVERED that is not the one COMPUTED. */
COLD void decode_other_checksum(struct decoding *decoding, struct bytes covered, size_t at, uint16_t computed,
                                enum packet_defect_kind defect);

/* Sets EXPLICIT_CHECKSUM and lists DEFECT unless the transport's checksum at AT in COVERED is the one that would be
 * computed, PSEUDO being the sum of words (see checksum.h) of what else it covers. */
ALWAYS_INLINE void decode_checksum(struct decoding *decoding, struct bytes covered, size_t at, uint64_t pseudo,
                                   enum packet_defect_kind defect)
{
    if (UNLIKELY((decoding->flags & (DECODE_UNCHECKED | DECODE_QUOTED)) != 0))
        return;
    uint16_t computed = decode_computed_checksum(covered, at, pseudo + checksum_words(covered));
    if (UNLIKELY(load_be16(covered.data + at) != computed))
        decode_other_checksum(decoding, covered, at, computed, defect);
}

#endif
