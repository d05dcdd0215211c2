/* SPDX-License-Identifier: MIT */
/*
 * The laws of harness/packet, for any bytes: building what was decoded gives the bytes back; decoding what was built
 * gives the packet back; its text, read again, is built into the same bytes.
 */
#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Builds PACKET into exactly the bytes of WIRE. */
static struct bytes build_again(const struct packet *packet, struct bytes wire)
{
    struct error error;
    struct byte_writer writer = byte_writer_on(shared.wire + BLOCK_SIZE - wire.length, wire.length);
    INVARIANT(packet_build(packet, &writer, &error));
    struct bytes built = byte_writer_written(&writer);
    INVARIANT(bytes_equal(built, wire));
    return built;
}

/* The text of PACKET says all: read again it is the same packet, and prints as the same text. */
static void parse_again(const struct packet *packet)
{
    text_clear(&shared.text);
    packet_print(&shared.text, packet, PATTERN_WHOLE);
    struct pattern pattern;
    read_text(&shared.text, &pattern);
    (void)build_again(&pattern.packet, packet->wire);
    INVARIANT(pattern.packet.network == packet->network && pattern.packet.transport == packet->transport);
    arena_clear(&shared.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct packet packet, again;
    if (size > BLOCK_SIZE / 16)
        return 0;
    prepare();
    packet_decode((struct bytes){data, size}, DECODE_ALL, &packet);
    packet_decode(build_again(&packet, packet.wire), DECODE_ALL, &again);
    INVARIANT(packet_equal(&packet, &again) && packet.defect_count == again.defect_count);
    parse_again(&packet);
    return 0;
}
