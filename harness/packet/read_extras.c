/* SPDX-License-Identifier: MIT */
/* The list in braces behind a segment: `{checksum bad, payload "hello"}`. */
#include "base/nearest_name.h"
#include "packet/reader.h"

static bool read_transport_checksum(struct reader *reader)
{
    struct packet *packet = &reader->pattern.packet;
    uint32_t value = 0;
    if (!reader_checksum(reader, &value, &reader->pattern.checksum))
        return false;
    if (reader->pattern.checksum == CHECKSUM_AS_GIVEN)
        packet->explicit_fields |= EXPLICIT_CHECKSUM;
    if (packet->transport == TRANSPORT_TCP)
        packet->tcp.checksum = (uint16_t)value;
    else if (packet->transport == TRANSPORT_UDP)
        packet->udp.checksum = (uint16_t)value;
    else
        packet->icmp.checksum = (uint16_t)value;
    return true;
}

static bool read_data_offset(struct reader *reader)
{
    uint32_t value;
    if (!reader_number(reader, 15, &value, "a number of 32-bit words"))
        return false;
    reader->pattern.packet.tcp.data_offset = (uint8_t)value;
    reader->pattern.packet.explicit_fields |= EXPLICIT_DATA_OFFSET;
    return true;
}

static bool read_reserved(struct reader *reader)
{
    uint32_t value;
    if (!reader_number(reader, 7, &value, "the three reserved bits as a number"))
        return false;
    reader->pattern.packet.tcp.flags |= (uint16_t)(value << 9);
    return true;
}

static bool read_udp_length(struct reader *reader)
{
    uint32_t value;
    if (!reader_number(reader, UINT16_MAX, &value, "a UDP length"))
        return false;
    reader->pattern.packet.udp.length = (uint16_t)value;
    reader->pattern.packet.explicit_fields |= EXPLICIT_UDP_LENGTH;
    return true;
}

static bool read_payload(struct reader *reader)
{
    struct pattern *pattern = &reader->pattern;
    struct bytes payload;
    reader_skip(reader);
    const char *start = reader->at;
    if (!reader_bytes(reader, &payload, "bytes in hexadecimal or a string"))
        return false;
    if (pattern_gives(pattern, FIELD_PAYLOAD_LENGTH) && payload.length != pattern->packet.payload.length)
        return reader_fail_since(reader, start, "this payload has %zu bytes, not %zu", payload.length,
                                 pattern->packet.payload.length);
    pattern->packet.payload = payload;
    pattern->given |= FIELD_BIT(FIELD_PAYLOAD_LENGTH);
    return true;
}

enum {
    OF_TCP = 1 << TRANSPORT_TCP,
    OF_UDP = 1 << TRANSPORT_UDP,
    OF_ANY = OF_TCP | OF_UDP | 1 << TRANSPORT_ICMPV4 | 1 << TRANSPORT_ICMPV6,
};

static const struct extra_row {
    char name[16];
    uint8_t name_length;
    uint8_t field;      /* enum pattern_field */
    uint8_t transports; /* that have it, a bit each */
    bool (*read)(struct reader *reader);
} extra_rows[] = {
    {"checksum", 8, FIELD_CHECKSUM, OF_ANY, read_transport_checksum},
    {"data_offset", 11, FIELD_DATA_OFFSET, OF_TCP, read_data_offset},
    {"reserved", 8, FIELD_RESERVED, OF_TCP, read_reserved},
    {"length", 6, FIELD_UDP_LENGTH, OF_UDP, read_udp_length},
    {"payload", 7, FIELD_PAYLOAD, OF_ANY, read_payload},
};

static const char *extra_name(const void *context, size_t index)
{
    (void)context;
    return index < COUNT_OF(extra_rows) ? extra_rows[index].name : NULL;
}

static bool fail_unknown_extra(struct reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && character_is_word(*reader->at))
        reader->at++;
    size_t length = (size_t)(reader->at - start);
    if (length == 0)
        return reader_fail_expected(reader, "a field (checksum, payload, ...)");
    const char *nearest = nearest_name(start, length, extra_name, NULL);
    if (nearest == NULL)
        return reader_fail_since(reader, start, "no field has this name: expected checksum, payload, ...");
    return reader_fail_since(reader, start, "no field has this name: did you mean `%s`?", nearest);
}

static bool read_extra(struct reader *reader)
{
    reader_skip(reader);
    const char *start = reader->at;
    for (size_t i = 0; i < COUNT_OF(extra_rows); i++) {
        const struct extra_row *row = &extra_rows[i];
        if (!reader_take_word(reader, row->name, row->name_length))
            continue;
        if ((row->transports >> reader->pattern.packet.transport & 1) == 0)
            return reader_fail_since(reader, start, "a packet of this protocol has no such field");
        return reader_give(reader, row->field, start) && row->read(reader);
    }
    return fail_unknown_extra(reader);
}

bool read_extras(struct reader *reader)
{
    do {
        if (!read_extra(reader))
            return false;
    } while (reader_take_comma(reader));
    return reader_expect(reader, '}', "`,` or `}`");
}
