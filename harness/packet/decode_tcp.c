/* SPDX-License-Identifier: MIT */
/* TCP (RFC 9293 section 3.1). */
#include "packet/decode.h"
#include "packet/tcp_option_table.h"
#include "packet/wire_layout.h"

static const enum packet_defect_kind option_defects[] = {
    [TCP_OPTION_LENGTH_BELOW_TWO] = DEFECT_TCP_OPTION_LENGTH,
    [TCP_OPTION_PAST_HEADER] = DEFECT_TCP_OPTION_TRUNCATED,
    [TCP_OPTION_UNUSUAL_SIZE] = DEFECT_TCP_OPTION_SIZE,
};

static void decode_tcp_option_padding(struct packet *packet, struct bytes padding)
{
    for (size_t i = 0; i < padding.length; i++) {
        if (padding.data[i] != 0) {
            decode_defect(packet, DEFECT_TCP_OPTION_AFTER_END, decode_offset(packet, padding) + i);
            return;
        }
    }
}

/* As tcp_option_next(), but only for what is wrong. */
static void decode_tcp_options(struct packet *packet, struct bytes options)
{
    size_t at = 0, length = 1;
    while (at < options.length) {
        enum tcp_option_fault fault = tcp_option_step(options.data + at, options.length - at, &length);
        if (UNLIKELY(fault != TCP_OPTION_SOUND)) {
            /* At the length byte, if there is one. */
            bool has_length = options.length - at > 1;
            decode_defect(packet, option_defects[fault], decode_offset(packet, options) + at + has_length);
            if (fault != TCP_OPTION_UNUSUAL_SIZE)
                return;
        } else if (options.data[at] == TCP_OPTION_END) {
            decode_tcp_option_padding(packet, bytes_slice(options, at + 1, options.length));
            return;
        }
        at += length;
    }
}

/* The fixed part of a header, as it stands on the wire. */
struct tcp_wire {
    uint64_t first;
    uint64_t second;
    uint32_t third;
};

static struct tcp_wire tcp_wire_at(const uint8_t *at)
{
    struct tcp_wire wire;
    memcpy(&wire.first, at, sizeof(wire.first));
    memcpy(&wire.second, at + 8, sizeof(wire.second));
    memcpy(&wire.third, at + TCP_CHECKSUM_AT, sizeof(wire.third));
    return wire;
}

/* Sets the fields; the options' view is left. */
ALWAYS_INLINE void decode_tcp_fields(struct tcp_header *tcp, struct tcp_wire wire)
{
    uint64_t first = __builtin_bswap64(wire.first);
    uint64_t second = __builtin_bswap64(wire.second);
    uint32_t third = __builtin_bswap32(wire.third);
    tcp->source_port = (uint16_t)(first >> 48);
    tcp->destination_port = (uint16_t)(first >> 32);
    tcp->sequence = (uint32_t)first;
    tcp->acknowledgment = (uint32_t)(second >> 32);
    tcp->data_offset = second >> 28 & 15;
    tcp->flags = second >> 16 & 0xfff;
    tcp->window = (uint16_t)second;
    tcp->checksum = (uint16_t)(third >> 16);
    tcp->urgent_pointer = (uint16_t)third;
}

/* Where the header ends, if that can't be where the data offset says. */
static COLD size_t decode_tcp_header_end(struct packet *packet, unsigned flags, struct bytes body, size_t said)
{
    size_t offset = decode_offset(packet, body) + TCP_DATA_OFFSET_AT;
    packet->explicit_fields |= EXPLICIT_DATA_OFFSET;
    if (said < TCP_HEADER_SIZE) {
        decode_defect(packet, DEFECT_TCP_DATA_OFFSET_SHORT, offset);
        return TCP_HEADER_SIZE;
    }
    /* All that is there belongs to the header. */
    decode_shortage(packet, flags, DEFECT_TCP_DATA_OFFSET_LONG, offset);
    return body.length;
}

/* Compares the checksum with the one that would be computed. */
ALWAYS_INLINE void decode_tcp_checksum(struct packet *packet, unsigned flags, struct tcp_wire wire, struct bytes body)
{
    uint64_t sum = checksum_pseudo_words(packet, PROTOCOL_TCP, (uint32_t)body.length);
    sum += (wire.first & UINT32_MAX) + (wire.first >> 32) + (wire.second & UINT32_MAX) + (wire.second >> 32);
    sum += wire.third >> 16 << 16;
    if (body.length > TCP_HEADER_SIZE)
        sum += checksum_words(decode_part(body, TCP_HEADER_SIZE, body.length));
    uint16_t computed = checksum_of_words(sum);
    uint16_t given = __builtin_bswap16((uint16_t)wire.third);
    struct packet_defect defect = {DEFECT_TCP_CHECKSUM, (uint32_t)decode_offset(packet, body) + TCP_CHECKSUM_AT};
    if (UNLIKELY(computed != given))
        decode_other_checksum(packet, flags, given, computed, defect);
}

void decode_tcp(struct packet *packet, unsigned flags, struct bytes body)
{
    struct tcp_wire wire = tcp_wire_at(body.data);
    unsigned words_and_flags = __builtin_bswap16((uint16_t)(wire.second >> 32));
    size_t said = words_and_flags >> 12 << 2;
    packet->transport = TRANSPORT_TCP;
    decode_tcp_fields(&packet->tcp, wire);
    size_t end = said;
    if (UNLIKELY(said < TCP_HEADER_SIZE || said > body.length))
        end = decode_tcp_header_end(packet, flags, body, said);
    struct bytes options = decode_part(body, TCP_HEADER_SIZE, end);
    bytes_set(&packet->tcp.options, options);
    bytes_set(&packet->payload, decode_part(body, end, body.length));
    if (UNLIKELY((words_and_flags & TCP_RESERVED) != 0))
        decode_defect(packet, DEFECT_TCP_RESERVED_BITS, decode_offset(packet, body) + TCP_DATA_OFFSET_AT);
    if (options.length > 0 && LIKELY(end == said || (flags & DECODE_QUOTED) == 0))
        decode_tcp_options(packet, options);
    if ((flags & DECODE_SUMLESS) == 0)
        decode_tcp_checksum(packet, flags, wire, body);
}
