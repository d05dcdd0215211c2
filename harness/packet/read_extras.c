/* SPDX-License-Identifier: MIT */
/* The list in braces behind a segment: `{checksum bad, payload "hello"}`. */
#include "packet/reader.h"

/* Reads what stands behind a field's name. */
typedef const char *extra_reader(struct reader *reader, const char *at);

static const char *read_transport_checksum(struct reader *reader, const char *at)
{
    struct packet *packet = &reader->pattern.packet;
    struct reader_number number = reader_checksum(reader, at, &reader->pattern.checksum);
    uint16_t value = (uint16_t)number.value;
    if (reader->pattern.checksum == CHECKSUM_AS_GIVEN)
        packet->explicit_fields |= EXPLICIT_CHECKSUM;
    if (packet->transport == TRANSPORT_TCP)
        packet->tcp.checksum = value;
    else if (packet->transport == TRANSPORT_UDP)
        packet->udp.checksum = value;
    else
        packet->icmp.checksum = value;
    return number.at;
}

static const char *read_data_offset(struct reader *reader, const char *at)
{
    struct reader_number number = reader_number(reader, at, 15, "a number of 32-bit words");
    reader->pattern.packet.tcp.data_offset = (uint8_t)number.value;
    reader->pattern.packet.explicit_fields |= EXPLICIT_DATA_OFFSET;
    return number.at;
}

static const char *read_reserved(struct reader *reader, const char *at)
{
    struct reader_number number = reader_number(reader, at, 7, "the three reserved bits as a number");
    reader->pattern.packet.tcp.flags |= (uint16_t)(number.value << 9);
    return number.at;
}

static const char *read_udp_length(struct reader *reader, const char *at)
{
    struct reader_number number = reader_number(reader, at, UINT16_MAX, "a UDP length");
    reader->pattern.packet.udp.length = (uint16_t)number.value;
    reader->pattern.packet.explicit_fields |= EXPLICIT_UDP_LENGTH;
    return number.at;
}

static const char *read_payload(struct reader *reader, const char *start)
{
    struct pattern *pattern = &reader->pattern;
    size_t length = pattern->packet.payload.length;
    const char *at = reader_bytes(reader, start, &pattern->packet.payload, "bytes in hexadecimal or a string");
    if (at == NULL)
        return NULL;
    if (pattern_gives(pattern, FIELD_PAYLOAD_LENGTH) && length != pattern->packet.payload.length)
        return reader_fail(reader, start, at, "this payload has %zu %s, not %zu", pattern->packet.payload.length,
                           reader_bytes_word(pattern->packet.payload.length), length);
    pattern->given |= FIELD_BIT(FIELD_PAYLOAD_LENGTH);
    return at;
}

enum {
    OF_TCP = 1 << TRANSPORT_TCP,
    OF_UDP = 1 << TRANSPORT_UDP,
    OF_ANY = OF_TCP | OF_UDP | 1 << TRANSPORT_ICMPV4 | 1 << TRANSPORT_ICMPV6,
};

/* Words with the same first letter stand together. */
static const struct reader_word extra_words[] = {
    READER_WORD("checksum"), READER_WORD("data_offset"), READER_WORD("length"),
    READER_WORD("payload"),  READER_WORD("reserved"),
};

static const struct extra_row {
    uint8_t field;      /* enum pattern_field */
    uint8_t transports; /* that have it, a bit each */
    extra_reader *read;
} extra_rows[COUNT_OF(extra_words)] = {
    {FIELD_CHECKSUM, OF_ANY, read_transport_checksum}, {FIELD_DATA_OFFSET, OF_TCP, read_data_offset},
    {FIELD_UDP_LENGTH, OF_UDP, read_udp_length},       {FIELD_PAYLOAD, OF_ANY, read_payload},
    {FIELD_RESERVED, OF_TCP, read_reserved},
};

static const uint8_t extra_words_first[128] = {['c'] = 1, ['d'] = 2, ['l'] = 3, ['p'] = 4, ['r'] = 5};

static const struct reader_words extra_word_list = {extra_words, COUNT_OF(extra_words), extra_words_first};

static const char *read_extra(struct reader *reader, const char *start)
{
    const struct reader_word *word = reader_find(reader, start, &extra_word_list);
    if (word == NULL)
        return reader_unknown(reader, start, &extra_word_list, "a field (checksum, payload, ...)");
    const struct extra_row *row = &extra_rows[word - extra_words];
    const char *behind = start + word->length;
    if ((row->transports >> reader->pattern.packet.transport & 1) == 0)
        return reader_fail(reader, start, behind, "a packet of this protocol has no such field");
    if (!reader_give(reader, (enum pattern_field)row->field, start, behind))
        return NULL;
    return row->read(reader, reader_skip(reader, behind));
}

const char *read_extras(struct reader *reader, const char *at)
{
    for (;;) {
        at = read_extra(reader, at);
        if (at == NULL)
            return NULL;
        const char *next = reader_take_comma(reader, at);
        if (next == at)
            return reader_expect(reader, at, '}', "`,` or `}`");
        at = next;
    }
}
