/* SPDX-License-Identifier: MIT */
/* The text of a segment behind its IP fields: TCP, UDP, ICMP, another protocol, or no packet at all. */
#include "base/nearest_name.h"
#include "packet/reader.h"

enum { PAYLOAD_MOST = 65535 };

/* The payload of a text that gives only its length. */
static const uint8_t zeros[PAYLOAD_MOST];

static bool read_ports(struct reader *reader, uint16_t *source, uint16_t *destination)
{
    uint32_t from, to;
    if (!reader_number(reader, UINT16_MAX, &from, "a source port") ||
        !reader_expect(reader, '>', "`>` and the destination port") ||
        !reader_number(reader, UINT16_MAX, &to, "a destination port"))
        return false;
    *source = (uint16_t)from;
    *destination = (uint16_t)to;
    reader->pattern.given |= FIELD_BIT(FIELD_SOURCE_PORT) | FIELD_BIT(FIELD_DESTINATION_PORT);
    return true;
}

/* `(LENGTH)` */
static bool read_length(struct reader *reader, uint32_t *length)
{
    if (!reader_expect(reader, '(', "`(` and the payload's length") ||
        !reader_number(reader, PAYLOAD_MOST, length, "the payload's length") || !reader_expect(reader, ')', "`)`"))
        return false;
    reader->pattern.packet.payload = (struct bytes){zeros, *length};
    reader->pattern.given |= FIELD_BIT(FIELD_PAYLOAD_LENGTH);
    return true;
}

/* The three upper control bits of TCP as one number, AccECN's ACE field (RFC 9768 section 3.2.2): AE, CWR, ECE. */
static unsigned ace_flags(unsigned field)
{
    return (field & 4 ? TCP_AE : 0u) | (field & 2 ? TCP_CWR : 0u) | (field & 1 ? TCP_ECE : 0u);
}

static unsigned flag_of(char letter)
{
    static const uint16_t flags[128] = {
        ['F'] = TCP_FIN, ['S'] = TCP_SYN, ['R'] = TCP_RST, ['P'] = TCP_PSH, ['.'] = TCP_ACK,
        ['U'] = TCP_URG, ['E'] = TCP_ECE, ['W'] = TCP_CWR, ['A'] = TCP_AE,
    };
    return letter < 0 ? 0 : flags[(unsigned char)letter];
}

static bool fail_no_packet(struct reader *reader)
{
    static const char *const words[] = {"udp", "icmp", "icmpv4", "icmpv6", "protocol", "raw"};
    const char *start = reader->at;
    const char *behind = start;
    while (behind < reader->end && character_is_word(*behind))
        behind++;
    const char *nearest = nearest_name_of(start, (size_t)(behind - start), words, COUNT_OF(words));
    if (nearest == NULL)
        return reader_fail_expected(reader, "a packet: control bits (`S`, `.`, `-`, ...), udp, icmp, protocol or raw");
    reader->at = behind;
    return reader_fail_since(reader, start, "no packet begins like this: did you mean `%s`?", nearest);
}

/* Letters, each at most once. */
static bool read_flag_letters(struct reader *reader, unsigned *flags)
{
    unsigned flag;
    while (reader->at < reader->end && (flag = flag_of(*reader->at)) != 0) {
        reader->at++;
        if ((*flags & flag) != 0)
            return reader_fail_since(reader, reader->at - 1, "this control bit is there twice");
        *flags |= flag;
    }
    return true;
}

/* A digit behind letters is the ACE field. */
static bool read_ace_field(struct reader *reader, unsigned *flags)
{
    if (reader->at == reader->end || *reader->at < '0' || *reader->at > '7')
        return true;
    if ((*flags & ace_flags(7)) != 0)
        return reader_fail_since(reader, reader->at - 1, "E, W and A are bits of this number: give one or the other");
    *flags |= ace_flags((unsigned)(*reader->at++ - '0'));
    return true;
}

static bool read_flags(struct reader *reader, uint16_t *flags)
{
    unsigned all = 0;
    reader_skip(reader);
    const char *start = reader->at;
    if (!reader_take(reader, '-')) {
        if (!read_flag_letters(reader, &all))
            return false;
        if (reader->at == start)
            return fail_no_packet(reader);
        if (!read_ace_field(reader, &all))
            return false;
    }
    if (reader->at < reader->end && character_is_word(*reader->at)) {
        reader->at++;
        return reader_fail_since(reader, reader->at - 1, "no control bit has this letter: expected some of FSRP.UEWA");
    }
    *flags = (uint16_t)all;
    reader->pattern.given |= FIELD_BIT(FIELD_FLAGS);
    return true;
}

/* `SEQUENCE:END(LENGTH)` */
static bool read_sequence(struct reader *reader, struct tcp_header *tcp)
{
    uint32_t end, length;
    reader_skip(reader);
    const char *start = reader->at;
    if (!reader_number(reader, UINT32_MAX, &tcp->sequence, "a sequence number") ||
        !reader_expect(reader, ':', "`:` and the sequence number behind the payload") ||
        !reader_number(reader, UINT32_MAX, &end, "the sequence number behind the payload") ||
        !read_length(reader, &length))
        return false;
    if (end != tcp->sequence + length)
        return reader_fail_since(reader, start, "these numbers don't agree: %u and %u bytes make %u", tcp->sequence,
                                 length, tcp->sequence + length);
    reader->pattern.given |= FIELD_BIT(FIELD_SEQUENCE);
    return true;
}

/* `ack N`, `win N`, `urg N`, each of which may be left out. */
static bool read_numbers(struct reader *reader, struct tcp_header *tcp)
{
    uint32_t value;
    reader_skip_to_more(reader);
    if (READER_TAKE_WORD(reader, "ack")) {
        if (!reader_number(reader, UINT32_MAX, &tcp->acknowledgment, "an acknowledgment number"))
            return false;
        reader->pattern.given |= FIELD_BIT(FIELD_ACKNOWLEDGMENT);
    }
    reader_skip_to_more(reader);
    if (READER_TAKE_WORD(reader, "win")) {
        if (!reader_number(reader, UINT16_MAX, &value, "a window"))
            return false;
        tcp->window = (uint16_t)value;
        reader->pattern.given |= FIELD_BIT(FIELD_WINDOW);
    }
    reader_skip_to_more(reader);
    if (READER_TAKE_WORD(reader, "urg")) {
        if (!reader_number(reader, UINT16_MAX, &value, "an urgent pointer"))
            return false;
        tcp->urgent_pointer = (uint16_t)value;
        reader->pattern.given |= FIELD_BIT(FIELD_URGENT_POINTER);
    }
    return true;
}

static bool read_options(struct reader *reader)
{
    if (reader_take(reader, '<'))
        return read_tcp_options(reader);
    if (reader_take_ellipsis(reader))
        reader->pattern.any_options = true;
    else
        reader->pattern.given |= FIELD_BIT(FIELD_OPTIONS);
    return true;
}

static bool read_tcp(struct reader *reader)
{
    struct packet *packet = &reader->pattern.packet;
    packet->transport = TRANSPORT_TCP;
    if (character_is_digit(reader_peek(reader)) &&
        !read_ports(reader, &packet->tcp.source_port, &packet->tcp.destination_port))
        return false;
    if (!read_flags(reader, &packet->tcp.flags) || !read_sequence(reader, &packet->tcp) ||
        !read_numbers(reader, &packet->tcp))
        return false;
    reader_skip_to_more(reader);
    reader_skip(reader);
    const char *start = reader->at;
    if (!read_options(reader))
        return false;
    const char *behind = reader->at;
    reader_skip_to_more(reader);
    if (reader_take(reader, '{') && !read_extras(reader))
        return false;
    if (packet->tcp.options.length % 4 == 0 || (packet->explicit_fields & EXPLICIT_DATA_OFFSET) != 0)
        return true;
    reader->at = behind;
    return reader_fail_since(reader, start, "these options take %zu bytes: pad them with nop to a multiple of 4",
                             packet->tcp.options.length);
}

static bool read_udp(struct reader *reader)
{
    struct packet *packet = &reader->pattern.packet;
    uint32_t length;
    packet->transport = TRANSPORT_UDP;
    if (reader_at_number(reader) && !read_ports(reader, &packet->udp.source_port, &packet->udp.destination_port))
        return false;
    return read_length(reader, &length) && (!reader_take(reader, '{') || read_extras(reader));
}

static bool read_icmp(struct reader *reader, enum packet_transport transport)
{
    struct pattern *pattern = &reader->pattern;
    struct icmp_header *icmp = &pattern->packet.icmp;
    uint32_t value;
    pattern->packet.transport = transport;
    if (!READER_TAKE_WORD(reader, "type"))
        return reader_fail_expected(reader, "`type` and a number");
    if (!reader_number(reader, UINT8_MAX, &value, "a type"))
        return false;
    icmp->type = (uint8_t)value;
    pattern->given |= FIELD_BIT(FIELD_ICMP_TYPE);
    if (READER_TAKE_WORD(reader, "code")) {
        if (!reader_number(reader, UINT8_MAX, &value, "a code"))
            return false;
        icmp->code = (uint8_t)value;
        pattern->given |= FIELD_BIT(FIELD_ICMP_CODE);
    }
    if (READER_TAKE_WORD(reader, "rest")) {
        if (!reader_number(reader, UINT32_MAX, &icmp->rest, "the second word of the header"))
            return false;
        pattern->given |= FIELD_BIT(FIELD_ICMP_REST);
    }
    if (reader_peek(reader) == '(' && !read_length(reader, &value))
        return false;
    return !reader_take(reader, '{') || read_extras(reader);
}

/* Bytes behind a word that has nothing more: they may be left out. */
static bool read_bare_payload(struct reader *reader)
{
    char next = reader_peek(reader);
    if (!character_is_word(next) && next != '"')
        return true;
    reader->pattern.given |= FIELD_BIT(FIELD_PAYLOAD) | FIELD_BIT(FIELD_PAYLOAD_LENGTH);
    return reader_bytes(reader, &reader->pattern.packet.payload, "bytes in hexadecimal or a string");
}

static bool read_protocol(struct reader *reader)
{
    const char *start = reader->at;
    uint32_t protocol;
    struct packet *packet = &reader->pattern.packet;
    if (!reader_number(reader, UINT8_MAX, &protocol, "a protocol number") ||
        !reader_give(reader, FIELD_PROTOCOL, start))
        return false;
    if (packet->network == NETWORK_IPV6)
        packet->ipv6.protocol = (uint8_t)protocol;
    else
        packet->ipv4.protocol = (uint8_t)protocol;
    return read_bare_payload(reader);
}

bool read_segment(struct reader *reader)
{
    switch (reader_peek(reader)) {
    case 'u':
        if (READER_TAKE_WORD(reader, "udp"))
            return read_udp(reader);
        break;
    case 'i':
        if (READER_TAKE_WORD(reader, "icmp"))
            return read_icmp(reader,
                             reader->pattern.packet.network == NETWORK_IPV6 ? TRANSPORT_ICMPV6 : TRANSPORT_ICMPV4);
        if (READER_TAKE_WORD(reader, "icmpv4"))
            return read_icmp(reader, TRANSPORT_ICMPV4);
        if (READER_TAKE_WORD(reader, "icmpv6"))
            return read_icmp(reader, TRANSPORT_ICMPV6);
        break;
    case 'p':
        if (READER_TAKE_WORD(reader, "protocol"))
            return read_protocol(reader);
        break;
    case 'r':
        if (READER_TAKE_WORD(reader, "raw"))
            return read_bare_payload(reader);
        break;
    default:
        break;
    }
    return read_tcp(reader);
}
