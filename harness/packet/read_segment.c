/* SPDX-License-Identifier: MIT */
/* The text of a segment behind its IP fields: TCP, UDP, ICMP, another protocol, or no packet at all. */
#include "packet/read_segment.h"

#include "base/nearest_name.h"

enum { PAYLOAD_MOST = 65535 };

/* The payload of a text that gives only its length. */
static const uint8_t zeros[PAYLOAD_MOST];

/* A port, or a name for it. */
static struct reader_number read_port(struct reader *reader, const char *at, enum pattern_field field, const char *what)
{
    if (UNLIKELY(reader_peek(reader, at) == '$'))
        return reader_slot_field(reader, at, field);
    return reader_number(reader, at, UINT16_MAX, what);
}

const char *read_ports(struct reader *reader, const char *at, uint16_t *source, uint16_t *destination)
{
    struct reader_number from = read_port(reader, at, FIELD_SOURCE_PORT, "a source port");
    if (from.at == NULL)
        return NULL;
    at = reader_expect(reader, from.at, '>', "`>` and the destination port");
    if (at == NULL)
        return NULL;
    struct reader_number to = read_port(reader, at, FIELD_DESTINATION_PORT, "a destination port");
    *source = (uint16_t)from.value;
    *destination = (uint16_t)to.value;
    reader->pattern.given |= FIELD_BIT(FIELD_SOURCE_PORT) | FIELD_BIT(FIELD_DESTINATION_PORT);
    return to.at;
}

const char *read_length(struct reader *reader, const char *at)
{
    at = reader_expect(reader, at, '(', "`(` and the payload's length");
    if (at == NULL)
        return NULL;
    struct reader_number length = reader_number(reader, at, PAYLOAD_MOST, "the payload's length");
    if (length.at == NULL)
        return NULL;
    reader->pattern.packet.payload = (struct bytes){zeros, length.value};
    reader->pattern.given |= FIELD_BIT(FIELD_PAYLOAD_LENGTH);
    return reader_expect(reader, length.at, ')', "`)`");
}

const char *read_braces(struct reader *reader, const char *at)
{
    const char *behind = reader_take(reader, at, '{');
    return behind == at ? at : read_extras(reader, behind);
}

const char *read_no_packet(struct reader *reader, const char *at)
{
    static const char *const words[] = {"udp", "icmp", "icmpv4", "icmpv6", "protocol", "raw"};
    const char *behind = reader_word_end(reader, at);
    const char *nearest = nearest_name_of(at, (size_t)(behind - at), words, COUNT_OF(words));
    if (nearest == NULL)
        return reader_expected(reader, at, "a packet: control bits (`S`, `.`, `-`, ...), udp, icmp, protocol or raw");
    return reader_fail(reader, at, behind, "no packet begins like this: did you mean `%s`?", nearest);
}

static const char *read_udp(struct reader *reader, const char *at)
{
    struct udp_header *udp = &reader->pattern.packet.udp;
    reader->pattern.packet.transport = TRANSPORT_UDP;
    if (character_is_word(reader_peek(reader, at)))
        at = read_ports(reader, at, &udp->source_port, &udp->destination_port);
    if (at != NULL)
        at = read_length(reader, at);
    return at == NULL ? NULL : read_braces(reader, at);
}

/* Bytes behind a word that has nothing more: they may be left out. */
static const char *read_bare_payload(struct reader *reader, const char *at)
{
    char next = reader_peek(reader, at);
    if (!character_is_word(next) && next != '"')
        return at;
    reader->pattern.given |= FIELD_BIT(FIELD_PAYLOAD) | FIELD_BIT(FIELD_PAYLOAD_LENGTH);
    return reader_bytes(reader, at, &reader->pattern.packet.payload, "bytes in hexadecimal or a string");
}

static const char *read_protocol(struct reader *reader, const char *at)
{
    struct packet *packet = &reader->pattern.packet;
    struct reader_number protocol = reader_number(reader, at, UINT8_MAX, "a protocol number");
    if (protocol.at == NULL || !reader_give(reader, FIELD_PROTOCOL, at, protocol.at))
        return NULL;
    if (packet->network == NETWORK_IPV6)
        packet->ipv6.protocol = (uint8_t)protocol.value;
    else
        packet->ipv4.protocol = (uint8_t)protocol.value;
    return read_bare_payload(reader, protocol.at);
}

/* Words that a packet can begin with, those with the same first letter together. */
enum segment_word {
    SEGMENT_ICMP,
    SEGMENT_ICMPV4,
    SEGMENT_ICMPV6,
    SEGMENT_PROTOCOL,
    SEGMENT_RAW,
    SEGMENT_UDP,
    SEGMENT_WORD_COUNT
};

static const struct reader_word segment_words[SEGMENT_WORD_COUNT] = {
    [SEGMENT_ICMP] = READER_WORD("icmp"),     [SEGMENT_ICMPV4] = READER_WORD("icmpv4"),
    [SEGMENT_ICMPV6] = READER_WORD("icmpv6"), [SEGMENT_PROTOCOL] = READER_WORD("protocol"),
    [SEGMENT_RAW] = READER_WORD("raw"),       [SEGMENT_UDP] = READER_WORD("udp"),
};

static const uint8_t segment_words_first[128] = {
    ['i'] = SEGMENT_ICMP + 1,
    ['p'] = SEGMENT_PROTOCOL + 1,
    ['r'] = SEGMENT_RAW + 1,
    ['u'] = SEGMENT_UDP + 1,
};

const char *read_segment(struct reader *reader, const char *at)
{
    static const struct reader_words words = {segment_words, SEGMENT_WORD_COUNT, segment_words_first};
    const struct reader_word *word = reader_find(reader, at, &words);
    if (word == NULL)
        return read_tcp(reader, at);
    at = reader_skip(reader, at + word->length);
    bool six = reader->pattern.packet.network == NETWORK_IPV6;
    switch ((enum segment_word)(word - segment_words)) {
    case SEGMENT_ICMP:
        return read_icmp(reader, at, six ? TRANSPORT_ICMPV6 : TRANSPORT_ICMPV4);
    case SEGMENT_ICMPV4:
        return read_icmp(reader, at, TRANSPORT_ICMPV4);
    case SEGMENT_ICMPV6:
        return read_icmp(reader, at, TRANSPORT_ICMPV6);
    case SEGMENT_PROTOCOL:
        return read_protocol(reader, at);
    case SEGMENT_RAW:
        return read_bare_payload(reader, at);
    case SEGMENT_UDP:
        return read_udp(reader, at);
    case SEGMENT_WORD_COUNT:
        break;
    }
    return NULL;
}
