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

static void decode_tcp_fields(struct tcp_header *tcp, const uint8_t *at)
{
    tcp->source_port = load_be16(at);
    tcp->destination_port = load_be16(at + 2);
    tcp->sequence = load_be32(at + 4);
    tcp->acknowledgment = load_be32(at + 8);
    tcp->data_offset = at[TCP_DATA_OFFSET_AT] >> 4;
    tcp->flags = load_be16(at + TCP_DATA_OFFSET_AT) & 0xfff;
    tcp->window = load_be16(at + 14);
    tcp->checksum = load_be16(at + TCP_CHECKSUM_AT);
    tcp->urgent_pointer = load_be16(at + 18);
}

/* Where the header ends by its data offset, as far as that can be believed. */
static size_t decode_tcp_header_end(struct decoding *decoding, struct bytes body)
{
    struct packet *packet = decoding->packet;
    size_t end = (size_t)packet->tcp.data_offset * 4;
    if (LIKELY(end >= TCP_HEADER_SIZE && end <= body.length))
        return end;
    packet->explicit_fields |= EXPLICIT_DATA_OFFSET;
    bool too_short = end < TCP_HEADER_SIZE;
    if (too_short || (decoding->flags & DECODE_QUOTED) == 0)
        decode_defect(packet, too_short ? DEFECT_TCP_DATA_OFFSET_SHORT : DEFECT_TCP_DATA_OFFSET_LONG,
                      decode_offset(packet, body) + TCP_DATA_OFFSET_AT);
    /* Past the end: all that is there belongs to the header. */
    return too_short ? TCP_HEADER_SIZE : body.length;
}

void decode_tcp(struct decoding *decoding, struct bytes body)
{
    struct packet *packet = decoding->packet;
    packet->transport = TRANSPORT_TCP;
    decode_tcp_fields(&packet->tcp, body.data);
    size_t end = decode_tcp_header_end(decoding, body);
    packet->tcp.options = decode_part(body, TCP_HEADER_SIZE, end);
    packet->payload = decode_part(body, end, body.length);
    if (UNLIKELY((packet->tcp.flags & TCP_RESERVED) != 0))
        decode_defect(packet, DEFECT_TCP_RESERVED_BITS, decode_offset(packet, body) + TCP_DATA_OFFSET_AT);
    if (LIKELY(end == (size_t)packet->tcp.data_offset * 4 || (decoding->flags & DECODE_QUOTED) == 0))
        decode_tcp_options(packet, packet->tcp.options);
    uint64_t pseudo = checksum_pseudo_words(packet, PROTOCOL_TCP, (uint32_t)body.length);
    decode_checksum(decoding, body, TCP_CHECKSUM_AT, pseudo, DEFECT_TCP_CHECKSUM);
}
