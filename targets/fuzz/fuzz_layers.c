/* SPDX-License-Identifier: MIT */
/*
 * The laws of packets that hold others, for any bytes: those in tunnels, TCP over UDP, and what ICMP quotes. Built
 * again they are the same bytes, and so is their text, read again.
 */
#include "packet/icmp_quote.h"
#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
    static struct packet packet;
    if (size > BLOCK_SIZE / 16)
        return 0;
    prepare();
    packet_decode((struct bytes){data, size}, DECODE_ALL, &packet);
    check_encapsulated(&packet);
    check_over_udp(&packet);
    check_quote(&packet, false);
    check_quote(&packet, true);
    return 0;
}
