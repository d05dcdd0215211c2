/* SPDX-License-Identifier: MIT */
#include "link/ethernet.h"

bool ethernet_read(struct byte_reader *reader, struct ethernet_header *header)
{
    const uint8_t *at = byte_reader_take(reader, ETHERNET_HEADER_SIZE);
    if (at == NULL)
        return false;
    const uint8_t *source = at + ETHERNET_ADDRESS_SIZE;
    memcpy(header->destination.bytes, at, ETHERNET_ADDRESS_SIZE);
    memcpy(header->source.bytes, source, ETHERNET_ADDRESS_SIZE);
    header->type = load_be16(source + ETHERNET_ADDRESS_SIZE);
    return true;
}

void ethernet_write(struct byte_writer *writer, const struct ethernet_header *header)
{
    byte_writer_bytes(writer, (struct bytes){header->destination.bytes, ETHERNET_ADDRESS_SIZE});
    byte_writer_bytes(writer, (struct bytes){header->source.bytes, ETHERNET_ADDRESS_SIZE});
    byte_writer_u16(writer, header->type);
}

uint16_t ethernet_type_of(struct bytes packet)
{
    return packet.length > 0 && packet.data[0] >> 4 == 6 ? ETHERNET_TYPE_IPV6 : ETHERNET_TYPE_IPV4;
}
