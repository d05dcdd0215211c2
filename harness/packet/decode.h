/* SPDX-License-Identifier: MIT */
/* What the layers of one decoding share. Private to this room. */
#ifndef PACKET_DECODE_H
#define PACKET_DECODE_H

#include "packet/checksum.h"

/* More flags of a decoding, beside enum packet_decode_flag. */
enum {
    /* Further fragments follow: the transport's lengths and checksum speak of more than is here. */
    DECODE_FIRST_FRAGMENT = 1 << 16,
    /* Checksums are not looked at. */
    DECODE_SUMLESS = DECODE_UNCHECKED | DECODE_QUOTED,
};

/* Lists a defect at OFFSET from the start of the packet. */
void decode_defect(struct packet *packet, enum packet_defect_kind kind, size_t offset);

/* As decode_defect(), unless a packet that was cut short, as FLAGS say, is nothing else than that. */
void decode_shortage(struct packet *packet, unsigned flags, enum packet_defect_kind kind, size_t offset);

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

/* Takes all of BODY for payload. */
ALWAYS_INLINE void decode_payload(struct packet *packet, struct bytes body)
{
    packet->transport = TRANSPORT_NONE;
    bytes_set(&packet->payload, body);
}

/* Each reads its network header at the start of the packet, whose bytes WIRE are, and what is behind it. */
void decode_ipv4(struct packet *packet, unsigned flags, struct bytes wire);
void decode_ipv6(struct packet *packet, unsigned flags, struct bytes wire);

/* Reads the header of transport PROTOCOL at the start of BODY, the whole of what the network layer carries. */
void decode_transport(struct packet *packet, unsigned flags, uint8_t protocol, struct bytes body);

/* The TCP header at the start of BODY, which is at least TCP_HEADER_SIZE long. */
void decode_tcp(struct packet *packet, unsigned flags, struct bytes body);

/* Sets EXPLICIT_CHECKSUM, and lists DEFECT at OFFSET if that is what it is, for a transport checksum GIVEN that is not
 * the one COMPUTED. */
COLD void decode_other_checksum(struct packet *packet, unsigned flags, uint16_t given, uint16_t computed,
                                struct packet_defect defect);

#endif
