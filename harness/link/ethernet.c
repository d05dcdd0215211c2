/* SPDX-License-Identifier: MIT */
#include "link/ethernet.h"

bool ethernet_read(struct byte_reader *reader, struct ethernet_header *header)
{
    struct bytes destination = byte_reader_bytes(reader, ETHERNET_ADDRESS_SIZE);
    struct bytes source = byte_reader_bytes(reader, ETHERNET_ADDRESS_SIZE);
    uint16_t type = byte_reader_u16(reader);
    if (reader->failed)
        return false;
    memcpy(header->destination.bytes, destination.data, ETHERNET_ADDRESS_SIZE);
    memcpy(header->source.bytes, source.data, ETHERNET_ADDRESS_SIZE);
    header->type = type;
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
