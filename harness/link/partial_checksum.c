/* SPDX-License-Identifier: MIT */
#include "link/partial_checksum.h"

#include "packet/checksum.h"

enum { CHECKSUM_OFFSET = 16 /* in a TCP header */ };

/* Where the field of a wrong TCP checksum is; false if there is none. */
static bool wrong_checksum_find(const struct packet *packet, size_t *offset)
{
    for (uint32_t index = 0; index < packet->defect_count; index++)
        if (packet->defects[index].kind == DEFECT_TCP_CHECKSUM) {
            *offset = packet->defects[index].offset;
            return true;
        }
    return false;
}

void partial_checksum_complete(uint8_t *wire, size_t length)
{
    struct packet packet;
    size_t field;
    packet_decode((struct bytes){wire, length}, DECODE_ALL, &packet);
    if (!wrong_checksum_find(&packet, &field))
        return;
    struct bytes segment =
        bytes_slice((struct bytes){wire, length - packet.trailer.length}, field - CHECKSUM_OFFSET, SIZE_MAX);
    uint32_t sum = checksum_pseudo_header(&packet, PROTOCOL_TCP, (uint32_t)segment.length);
    const uint16_t partial = (uint16_t)~checksum_finish(sum);
    if (packet.tcp.checksum != partial)
        return;
    store_be16(wire + field, 0);
    store_be16(wire + field, checksum_finish(checksum_add(sum, segment)));
}
