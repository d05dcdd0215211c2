/* SPDX-License-Identifier: MIT */
#include "packet/decode.h"

void decode_defect(struct packet *packet, enum packet_defect_kind kind, size_t offset)
{
    uint32_t count = packet->defect_count;
    if (count == PACKET_DEFECTS_MOST)
        return;
    packet->defects[count].kind = kind;
    packet->defects[count].offset = (uint32_t)offset;
    packet->defect_count = count + 1;
}

void decode_shortage(struct packet *packet, unsigned flags, enum packet_defect_kind kind, size_t offset)
{
    if ((flags & DECODE_QUOTED) == 0)
        decode_defect(packet, kind, offset);
}

void packet_decode(struct bytes wire, unsigned flags, struct packet *packet)
{
    bytes_set(&packet->wire, wire);
    packet->network = NETWORK_NONE;
    packet->explicit_fields = 0;
    packet->defect_count = 0;
    bytes_set(&packet->trailer, (struct bytes){wire.data, 0});
    if (UNLIKELY(wire.length == 0)) {
        decode_defect(packet, DEFECT_EMPTY, 0);
        decode_payload(packet, wire);
        return;
    }
    unsigned version = wire.data[0] >> 4;
    if (LIKELY(version == 4)) {
        decode_ipv4(packet, flags, wire);
    } else if (version == 6) {
        decode_ipv6(packet, flags, wire);
    } else {
        decode_defect(packet, DEFECT_IP_VERSION, 0);
        decode_payload(packet, wire);
    }
}

/* ICMP's errors are those that quote the packet they are about (RFC 792; RFC 4443 section 2.1: the high bit is clear).
 */
static bool icmp_is_error(const struct packet *packet)
{
    if (packet->transport == TRANSPORT_ICMPV6)
        return packet->icmp.type < 128;
    const uint32_t errors = 1u << 3 | 1u << 4 | 1u << 5 | 1u << 11 | 1u << 12;
    return packet->transport == TRANSPORT_ICMPV4 && packet->icmp.type < 32 && (errors >> packet->icmp.type & 1) != 0;
}

bool packet_decode_quoted(const struct packet *packet, struct packet *quoted)
{
    if (!icmp_is_error(packet))
        return false;
    packet_decode(packet->payload, DECODE_QUOTED, quoted);
    return true;
}
