/* SPDX-License-Identifier: MIT */
/*
 * The laws of harness/packet, for any bytes: building what was decoded gives the bytes back; decoding what was built
 * gives the packet back; its text, read again, is built into the same bytes. What an ICMP error quotes is quoted again.
 *
 * What is read is put at the end of a block, so that a sanitizer sees a step past it.
 */
#include "packet/icmp_quote.h"
#include "packet/pattern.h"

#include <stdlib.h>

enum { BLOCK_SIZE = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What all runs share: taking memory is dearer than all the rest. */
static struct {
    uint8_t *wire;
    char *source;
    struct text text;
    struct arena arena;
} shared;

static void prepare(void)
{
    if (shared.wire != NULL)
        return;
    shared.wire = malloc(BLOCK_SIZE);
    shared.source = malloc(BLOCK_SIZE);
    shared.text = text_growing();
    INVARIANT(shared.wire != NULL && shared.source != NULL);
}

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

/* Reads TEXT, which must be all of a packet's. */
static void read_text(const struct text *text, struct pattern *pattern)
{
    INVARIANT(!text->truncated && text->length <= BLOCK_SIZE);
    char *end = shared.source + BLOCK_SIZE;
    memcpy(end - text->length, text->data, text->length);
    struct diagnostics diagnostics = {.arena = &shared.arena};
    struct source source = {"printed", end - text->length, text->length};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    INVARIANT(pattern_parse(&scanner, &shared.arena, NULL, pattern));
    INVARIANT(scanner.offset == source.length && diagnostics.count == 0);
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

/* Builds PACKET and what is around it into exactly the bytes of WIRE. */
static void build_around(const struct encapsulation *encapsulation, const struct packet *packet, struct bytes wire)
{
    struct error error;
    struct byte_writer writer = byte_writer_on(shared.wire + BLOCK_SIZE - wire.length, wire.length);
    INVARIANT(encapsulation_build(encapsulation, packet, &writer, &error));
    INVARIANT(bytes_equal(byte_writer_written(&writer), wire));
}

/* The same laws for a packet that is in others. */
static void check_encapsulated(const struct packet *outermost)
{
    static struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    static struct packet innermost;
    static struct pattern pattern;
    struct encapsulation encapsulation = {.headers = headers};
    encapsulation.count = encapsulation_decode(outermost, headers, &innermost);
    if (LIKELY(encapsulation.count == 0))
        return;
    build_around(&encapsulation, &innermost, outermost->wire);
    text_clear(&shared.text);
    encapsulation_print(&shared.text, &encapsulation, &innermost, PATTERN_WHOLE);
    read_text(&shared.text, &pattern);
    build_around(&pattern.encapsulation, &pattern.packet, outermost->wire);
    arena_clear(&shared.arena);
}

/* The same laws for DATAGRAM as a TCP segment over UDP. What of UDP's header is not as computed has no text there. */
static void check_over_udp(const struct packet *datagram)
{
    static struct packet segment;
    static struct pattern pattern;
    if (datagram->trailer.length > 0 || (datagram->explicit_fields & (EXPLICIT_CHECKSUM | EXPLICIT_UDP_LENGTH)) != 0 ||
        !encapsulation_decode_over_udp(datagram, &segment))
        return;
    const struct encapsulation around = {
        .over_udp = true, .udp_source = datagram->udp.source_port, .udp_destination = datagram->udp.destination_port};
    segment.explicit_fields |= EXPLICIT_CHECKSUM;
    build_around(&around, &segment, datagram->wire);
    text_clear(&shared.text);
    encapsulation_print(&shared.text, &around, &segment, PATTERN_WHOLE);
    read_text(&shared.text, &pattern);
    build_around(&pattern.encapsulation, &pattern.packet, datagram->wire);
    arena_clear(&shared.arena);
}

static bool quotes_equal(const struct icmp_quote *left, const struct icmp_quote *right)
{
    return left->transport == right->transport && address_equal(&left->source, &right->source) &&
           address_equal(&left->destination, &right->destination) && left->source_port == right->source_port &&
           left->destination_port == right->destination_port && left->sequence == right->sequence &&
           left->length == right->length && left->over_udp == right->over_udp &&
           left->udp_source == right->udp_source && left->udp_destination == right->udp_destination;
}

/* What MESSAGE quotes, quoted anew, says the same. */
static void check_quote(const struct packet *message, bool over_udp)
{
    static struct packet anew;
    struct icmp_quote quote, again;
    struct error error;
    if (!icmp_quote_read(message, over_udp, &quote) || quote.transport == TRANSPORT_NONE)
        return;
    INVARIANT(quote.transport == TRANSPORT_UDP || quote.sequence_at + sizeof(uint32_t) <= message->payload.length);
    struct byte_writer writer = byte_writer_on(shared.wire + BLOCK_SIZE - ICMP_QUOTE_SIZE_MOST, ICMP_QUOTE_SIZE_MOST);
    INVARIANT(icmp_quote_build(&quote, &writer, &error));
    anew = *message;
    anew.payload = byte_writer_written(&writer);
    INVARIANT(icmp_quote_read(&anew, over_udp, &again) && quotes_equal(&quote, &again));
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
    check_encapsulated(&packet);
    check_over_udp(&packet);
    check_quote(&packet, false);
    check_quote(&packet, true);
    return 0;
}
