/* SPDX-License-Identifier: MIT */
#include "digest/signature.h"

#include "packet/tcp_option.h"

enum {
    PSEUDO_HEADER_MOST = 40,
    CHECKSUM_OFFSET = 16, /* in a TCP header */
    CODE_OFFSET = 4,      /* in the option: behind kind, length and the two identifiers */
    CONTEXT_MOST = 1 + 6 + 2 * 16 + 2 * 2 + 2 * 4 + 2,
};

/* The segment's parts as they were on the wire. */
struct segment_parts {
    uint8_t pseudo[PSEUDO_HEADER_MOST];
    size_t pseudo_length;
    uint8_t header[TCP_HEADER_SIZE + TCP_OPTIONS_SIZE_MOST]; /* checksum zero */
    size_t header_length;
    struct bytes payload;
};

/* The addresses, and what else a checksum covers besides the segment (RFC 9293 section 3.1, RFC 8200 section 8.1). */
static void write_pseudo_header(const struct packet *packet, uint32_t length, struct segment_parts *parts)
{
    struct address source = packet_source(packet);
    struct address destination = packet_destination(packet);
    size_t size = address_size(source.family);
    struct byte_writer writer = byte_writer_on(parts->pseudo, sizeof(parts->pseudo));
    byte_writer_bytes(&writer, (struct bytes){source.bytes, size});
    byte_writer_bytes(&writer, (struct bytes){destination.bytes, size});
    if (packet->network == NETWORK_IPV6) {
        byte_writer_u32(&writer, length);
        byte_writer_u32(&writer, PROTOCOL_TCP);
    } else {
        byte_writer_u16(&writer, PROTOCOL_TCP);
        byte_writer_u16(&writer, (uint16_t)length);
    }
    INVARIANT(!writer.failed);
    parts->pseudo_length = writer.length;
}

static bool take_parts(const struct packet *packet, struct segment_parts *parts)
{
    struct bytes options = packet->tcp.options;
    if (packet->transport != TRANSPORT_TCP || packet->network == NETWORK_NONE || packet->wire.length == 0 ||
        options.length > TCP_OPTIONS_SIZE_MOST || packet->payload.length > UINT16_MAX)
        return false;
    /* The header begins so far before the end of the IP packet. */
    size_t behind = packet->trailer.length + packet->payload.length + options.length + TCP_HEADER_SIZE;
    if (behind > packet->wire.length)
        return false;
    parts->header_length = TCP_HEADER_SIZE + options.length;
    memcpy(parts->header, packet->wire.data + packet->wire.length - behind, parts->header_length);
    store_be16(parts->header + CHECKSUM_OFFSET, 0);
    parts->payload = packet->payload;
    write_pseudo_header(packet, (uint32_t)(parts->header_length + packet->payload.length), parts);
    return true;
}

bool signature_md5(const struct packet *segment, struct bytes key, uint8_t digest[MD5_DIGEST_SIZE])
{
    struct segment_parts parts;
    if (!take_parts(segment, &parts))
        return false;
    const struct bytes pieces[] = {
        {parts.pseudo, parts.pseudo_length}, {parts.header, TCP_HEADER_SIZE}, parts.payload, key};
    return hash_md5(pieces, COUNT_OF(pieces), digest);
}

/* The key of AES-128-CMAC, which takes 16 bytes only: a master key of another length becomes such (RFC 5926 section
 * 3.1.1.2). */
static bool cmac_key(struct bytes master, uint8_t key[AES_128_KEY_SIZE])
{
    static const uint8_t zeros[AES_128_KEY_SIZE];
    if (master.length != AES_128_KEY_SIZE)
        return cmac_aes_128((struct bytes){zeros, sizeof(zeros)}, &master, 1, key);
    memcpy(key, master.data, AES_128_KEY_SIZE);
    return true;
}

/* Input of the key derivation function: a counter, a label, the connection, and the length of the key in bits. */
static size_t write_context(const struct packet *segment, const struct authentication_numbers *numbers, size_t key_size,
                            uint8_t context[CONTEXT_MOST])
{
    static const uint8_t label[] = {'T', 'C', 'P', '-', 'A', 'O'};
    struct address source = packet_source(segment);
    struct address destination = packet_destination(segment);
    size_t size = address_size(source.family);
    struct byte_writer writer = byte_writer_on(context, CONTEXT_MOST);
    byte_writer_u8(&writer, 1);
    byte_writer_bytes(&writer, (struct bytes){label, sizeof(label)});
    byte_writer_bytes(&writer, (struct bytes){source.bytes, size});
    byte_writer_bytes(&writer, (struct bytes){destination.bytes, size});
    byte_writer_u16(&writer, segment->tcp.source_port);
    byte_writer_u16(&writer, segment->tcp.destination_port);
    byte_writer_u32(&writer, numbers->sender);
    byte_writer_u32(&writer, numbers->receiver);
    byte_writer_u16(&writer, (uint16_t)(8 * key_size));
    INVARIANT(!writer.failed);
    return writer.length;
}

bool signature_traffic_key(const struct packet *segment, const struct authentication_key *key,
                           const struct authentication_numbers *numbers, uint8_t traffic_key[DIGEST_SIZE_MOST],
                           size_t *size)
{
    uint8_t context[CONTEXT_MOST];
    uint8_t derived[AES_128_KEY_SIZE];
    bool cmac = key->algorithm == AUTHENTICATION_AES_128_CMAC;
    size_t key_size = cmac ? AES_128_KEY_SIZE : SHA1_DIGEST_SIZE;
    if (segment->transport != TRANSPORT_TCP || segment->network == NETWORK_NONE)
        return false;
    const struct bytes input = {context, write_context(segment, numbers, key_size, context)};
    bool done = cmac ? cmac_key(key->master, derived) &&
                           cmac_aes_128((struct bytes){derived, sizeof(derived)}, &input, 1, traffic_key)
                     : hmac_sha1(key->master, &input, 1, traffic_key);
    if (done)
        *size = key_size;
    return done;
}

/* Zeros the code of the option in the header, and takes all other options out of it if they are not covered. */
static bool cover_options(struct segment_parts *parts, bool omits_options)
{
    struct tcp_option option;
    const struct bytes options = {parts->header + TCP_HEADER_SIZE, parts->header_length - TCP_HEADER_SIZE};
    if (!tcp_option_find(options, TCP_OPTION_AUTHENTICATION, &option))
        return false;
    uint8_t *at = parts->header + (option.whole.data - parts->header);
    memset(at + CODE_OFFSET, 0, option.whole.length - CODE_OFFSET);
    if (omits_options) {
        memmove(parts->header + TCP_HEADER_SIZE, at, option.whole.length);
        parts->header_length = TCP_HEADER_SIZE + option.whole.length;
    }
    return true;
}

bool signature_authenticate(const struct packet *segment, const struct authentication_key *key,
                            struct bytes traffic_key, uint32_t extension, uint8_t code[DIGEST_SIZE_MOST])
{
    struct segment_parts parts;
    uint8_t numbers[4];
    if (!take_parts(segment, &parts) || !cover_options(&parts, key->omits_options))
        return false;
    store_be32(numbers, extension);
    const struct bytes pieces[] = {
        {numbers, sizeof(numbers)},
        {parts.pseudo, parts.pseudo_length},
        {parts.header, parts.header_length},
        parts.payload,
    };
    if (key->algorithm == AUTHENTICATION_AES_128_CMAC)
        return cmac_aes_128(traffic_key, pieces, COUNT_OF(pieces), code);
    return hmac_sha1(traffic_key, pieces, COUNT_OF(pieces), code);
}
