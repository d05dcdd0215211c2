/* SPDX-License-Identifier: MIT */
#include "spec/segment.h"

#include "packet/tcp_option.h"

/* Defects for which a segment is to be dropped unseen. */
static const uint32_t corrupting = 1U << DEFECT_IP_CHECKSUM | 1U << DEFECT_TCP_CHECKSUM | 1U << DEFECT_IP_LENGTH_LONG |
                                   1U << DEFECT_IP_LENGTH_SHORT | 1U << DEFECT_TCP_DATA_OFFSET_SHORT |
                                   1U << DEFECT_TCP_DATA_OFFSET_LONG | 1U << DEFECT_TCP_HEADER_TRUNCATED;

uint8_t segment_option_bit(uint8_t kind)
{
    switch (kind) {
    case TCP_OPTION_MSS:
        return SEGMENT_MSS;
    case TCP_OPTION_WINDOW_SCALE:
        return SEGMENT_WINDOW_SCALE;
    case TCP_OPTION_SACK_PERMITTED:
        return SEGMENT_SACK_PERMITTED;
    case TCP_OPTION_SACK:
        return SEGMENT_SACK;
    case TCP_OPTION_TIMESTAMPS:
        return SEGMENT_TIMESTAMPS;
    default:
        return 0;
    }
}

static void take_option(struct segment *segment, const struct tcp_option *option)
{
    struct byte_reader body = byte_reader_on(option->body);
    segment->options |= segment_option_bit(option->kind);
    if (option->kind == TCP_OPTION_WINDOW_SCALE)
        segment->scale = byte_reader_u8(&body);
    if (option->kind == TCP_OPTION_TIMESTAMPS) {
        segment->timestamp = byte_reader_u32(&body);
        segment->echo = byte_reader_u32(&body);
    }
}

void segment_take(struct segment *segment, const struct packet *packet)
{
    const struct tcp_header *tcp = &packet->tcp;
    struct bytes rest = tcp->options;
    struct tcp_option option;
    *segment = (struct segment){
        .sequence = tcp->sequence,
        .acknowledgment = tcp->acknowledgment,
        .length = tcp_segment_length(packet),
        .text = (uint32_t)packet->payload.length,
        .flags = tcp->flags,
        .window = tcp->window,
    };
    for (uint32_t i = 0; i < packet->defect_count; i++)
        segment->corrupt = segment->corrupt || (corrupting >> packet->defects[i].kind & 1) != 0;
    while (rest.length > 0 && tcp_option_next(&rest, &option)) {
        if (option.kind == TCP_OPTION_END)
            return;
        if (option.fault == TCP_OPTION_SOUND && option.kind != TCP_OPTION_NOP)
            take_option(segment, &option);
    }
}
