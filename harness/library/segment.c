/* SPDX-License-Identifier: MIT */
/* What a program reads of a segment. */
#include "library/open_stack.h"
#include "packet/pattern.h"

static void segment_options(struct shakedown_segment *segment, struct bytes options)
{
    struct tcp_option option;
    struct tcp_option_value value;
    segment->options = options.data;
    segment->options_length = options.length;
    segment->mss = -1;
    segment->window_scale = -1;
    while (tcp_option_next(&options, &option)) {
        tcp_option_read(&option, &value);
        if (!value.typed && option.kind != TCP_OPTION_SACK_PERMITTED)
            continue;
        if (option.kind == TCP_OPTION_MSS)
            segment->mss = value.mss;
        if (option.kind == TCP_OPTION_WINDOW_SCALE)
            segment->window_scale = value.window_scale;
        if (option.kind == TCP_OPTION_SACK_PERMITTED)
            segment->sack_permitted = option.fault == TCP_OPTION_SOUND;
        if (option.kind != TCP_OPTION_TIMESTAMPS)
            continue;
        segment->has_timestamps = 1;
        segment->timestamp_value = value.timestamps.value;
        segment->timestamp_echo = value.timestamps.echo_reply;
    }
}

void stack_decode_segment(struct shakedown_stack *stack)
{
    const struct answer *answer = &stack->answer;
    struct packet packet;
    stack->has_segment = answer->packet.length > 0;
    if (!stack->has_segment)
        return;
    packet_decode(answer->packet, DECODE_ALL, &packet);
    text_clear(&stack->segment_text);
    packet_print(&stack->segment_text, &packet, PATTERN_WHOLE);
    const struct tcp_header *tcp = &packet.tcp;
    stack->segment = (struct shakedown_segment){.time = (double)answer->time / (double)NANOSECONDS_PER_SECOND,
                                                .stack_port = tcp->source_port,
                                                .remote_port = tcp->destination_port,
                                                .flags = tcp->flags,
                                                .window = tcp->window,
                                                .urgent_pointer = tcp->urgent_pointer,
                                                .sequence = answer->sequence,
                                                .acknowledgment = answer->acknowledgment,
                                                .live_sequence = tcp->sequence,
                                                .live_acknowledgment = tcp->acknowledgment,
                                                .payload = packet.payload.data,
                                                .payload_length = packet.payload.length,
                                                .packet = answer->packet.data,
                                                .packet_length = answer->packet.length,
                                                .text = text_string(&stack->segment_text)};
    segment_options(&stack->segment, tcp->options);
}

const struct shakedown_segment *shakedown_last_segment(const struct shakedown_stack *stack)
{
    return stack != NULL && stack->has_segment ? &stack->segment : NULL;
}

const uint8_t *shakedown_segment_option(const struct shakedown_segment *segment, uint8_t kind, size_t *length)
{
    struct tcp_option option;
    const struct bytes options = {segment->options, segment->options_length};
    if (!tcp_option_find(options, kind, &option))
        return NULL;
    *length = option.body.length;
    return option.body.data;
}
