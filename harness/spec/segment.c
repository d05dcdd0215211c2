/* SPDX-License-Identifier: MIT */
#include "spec/segment.h"

#include "packet/tcp_option.h"

/* Defects for which a segment is to be dropped unseen. */
static const uint32_t corrupting = 1U << DEFECT_IP_CHECKSUM | 1U << DEFECT_TCP_CHECKSUM | 1U << DEFECT_IP_LENGTH_LONG |
                                   1U << DEFECT_IP_LENGTH_SHORT | 1U << DEFECT_TCP_DATA_OFFSET_SHORT |
                                   1U << DEFECT_TCP_DATA_OFFSET_LONG | 1U << DEFECT_TCP_HEADER_TRUNCATED;

/* By kind; 0: not looked at. */
static const uint8_t option_bits[UINT8_MAX + 1] = {
    [TCP_OPTION_MSS] = SEGMENT_MSS,
    [TCP_OPTION_WINDOW_SCALE] = SEGMENT_WINDOW_SCALE,
    [TCP_OPTION_SACK_PERMITTED] = SEGMENT_SACK_PERMITTED,
    [TCP_OPTION_SACK] = SEGMENT_SACK,
    [TCP_OPTION_TIMESTAMPS] = SEGMENT_TIMESTAMPS,
    [TCP_OPTION_MULTIPATH] = SEGMENT_MULTIPATH,
    [TCP_OPTION_FAST_OPEN] = SEGMENT_FAST_OPEN,
    [TCP_OPTION_ACCECN_0] = SEGMENT_ACCURATE_ECN,
    [TCP_OPTION_ACCECN_1] = SEGMENT_ACCURATE_ECN,
};

uint8_t segment_option_bit(uint8_t kind)
{
    return option_bits[kind];
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
    bool experiment = (option->kind == TCP_OPTION_EXPERIMENT_1 || option->kind == TCP_OPTION_EXPERIMENT_2) &&
                      option->body.length >= 2 && byte_reader_u16(&body) == FAST_OPEN_EXPERIMENT;
    if (option->kind == TCP_OPTION_FAST_OPEN || experiment) {
        segment->options |= SEGMENT_FAST_OPEN;
        segment->cookie = (uint8_t)(option->body.length - (experiment ? 2 : 0));
    }
}

static bool is_stray(const uint8_t *address, bool ipv6)
{
    static const uint8_t none[16];
    static const uint8_t everybody[4] = {255, 255, 255, 255};
    if (ipv6)
        return address[0] == 0xff || memcmp(address, none, sizeof(none)) == 0;
    return (address[0] & 0xf0) == 0xe0 || memcmp(address, none, sizeof(everybody)) == 0 ||
           memcmp(address, everybody, sizeof(everybody)) == 0;
}

static bool comes_astray(const struct packet *packet)
{
    if (packet->network == NETWORK_IPV6)
        return is_stray(packet->ipv6.source, true) || is_stray(packet->ipv6.destination, true);
    return is_stray(packet->ipv4.source, false) || is_stray(packet->ipv4.destination, false);
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
        .ecn = (packet->network == NETWORK_IPV6 ? packet->ipv6.traffic_class : packet->ipv4.type_of_service) & 3,
    };
    segment->stray = comes_astray(packet);
    for (uint32_t i = 0; i < packet->defect_count; i++)
        segment->corrupt = segment->corrupt || (corrupting >> packet->defects[i].kind & 1) != 0;
    while (rest.length > 0 && tcp_option_next(&rest, &option)) {
        if (option.kind == TCP_OPTION_END)
            return;
        if (option.fault == TCP_OPTION_SOUND && option.kind != TCP_OPTION_NOP)
            take_option(segment, &option);
    }
}

void segment_bits_print(struct text *text, uint16_t flags)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } bits[] = {{TCP_SYN, "SYN"}, {TCP_ACK, "ACK"}, {TCP_RST, "RST"}, {TCP_FIN, "FIN"}};
    size_t before = text->length;
    for (size_t i = 0; i < COUNT_OF(bits); i++)
        if ((flags & bits[i].bit) != 0)
            text_append_format(text, "%s%s", text->length == before ? "" : "+", bits[i].name);
    if (text->length == before)
        text_append_string(text, "no control bit");
}
