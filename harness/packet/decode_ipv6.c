/* SPDX-License-Identifier: MIT */
/* IPv6 and its extension headers (RFC 8200; IANA "IPv6 Extension Header Types"). */
#include "packet/decode.h"
#include "packet/wire_layout.h"

enum {
    EXTENSION_HOP_BY_HOP = 0,
    EXTENSION_ROUTING = 43,
    EXTENSION_FRAGMENT = 44,
    EXTENSION_AUTHENTICATION = 51,
    EXTENSION_DESTINATION = 60,
    EXTENSION_MOBILITY = 135,
    EXTENSION_HOST_IDENTITY = 139,
    EXTENSION_SHIM6 = 140,
    EXTENSION_SIZE_LEAST = 8,
};

/* How an extension header says its length. */
enum extension_shape {
    SHAPE_NOT_AN_EXTENSION,
    SHAPE_EIGHTS, /* units of eight bytes, the first not counted */
    SHAPE_FOURS,  /* units of four bytes, less two (RFC 4302 section 2.2) */
    SHAPE_FIXED,  /* eight bytes; the length byte is reserved */
};

static const uint8_t extension_shapes[256] = {
    [EXTENSION_HOP_BY_HOP] = SHAPE_EIGHTS,    [EXTENSION_ROUTING] = SHAPE_EIGHTS,
    [EXTENSION_FRAGMENT] = SHAPE_FIXED,       [EXTENSION_AUTHENTICATION] = SHAPE_FOURS,
    [EXTENSION_DESTINATION] = SHAPE_EIGHTS,   [EXTENSION_MOBILITY] = SHAPE_EIGHTS,
    [EXTENSION_HOST_IDENTITY] = SHAPE_EIGHTS, [EXTENSION_SHIM6] = SHAPE_EIGHTS,
};

static size_t extension_size(uint8_t kind, uint8_t length)
{
    switch ((enum extension_shape)extension_shapes[kind]) {
    case SHAPE_EIGHTS:
        return (size_t)length * 8 + 8;
    case SHAPE_FOURS:
        return (size_t)length * 4 + 8;
    case SHAPE_FIXED:
        return EXTENSION_SIZE_LEAST;
    case SHAPE_NOT_AN_EXTENSION:
        break;
    }
    return 0;
}

/* Size of the extension header of KIND at the start of REST; 0 if there is none, or not all of it. */
static size_t extension_there(uint8_t kind, struct bytes rest)
{
    if (extension_shapes[kind] == SHAPE_NOT_AN_EXTENSION || rest.length < EXTENSION_SIZE_LEAST)
        return 0;
    size_t size = extension_size(kind, rest.data[1]);
    return size <= rest.length ? size : 0;
}

bool ipv6_extension_next(struct bytes *rest, uint8_t *kind, struct ipv6_extension *extension)
{
    size_t size = extension_there(*kind, *rest);
    if (size == 0)
        return false;
    extension->kind = *kind;
    extension->next = rest->data[0];
    extension->whole = bytes_slice(*rest, 0, size);
    *kind = extension->next;
    *rest = bytes_slice(*rest, size, rest->length);
    return true;
}

static void decode_ipv6_fields(struct ipv6_header *header, uint64_t first, const uint8_t *at)
{
    header->version = (uint8_t)(first >> 60);
    header->traffic_class = (uint8_t)(first >> 52);
    header->flow_label = first >> 32 & 0xfffff;
    header->payload_length = (uint16_t)(first >> 16);
    header->next_header = (uint8_t)(first >> 8);
    header->hop_limit = (uint8_t)first;
    bytes_copy_16(header->source, at + 8);
    bytes_copy_16(header->destination, at + 24);
}

/* What follows the fixed header, as far as its payload LENGTH says and there are bytes. */
static struct bytes decode_ipv6_contents(struct packet *packet, unsigned flags, size_t length)
{
    struct bytes contents = decode_part(packet->wire, IPV6_HEADER_SIZE, packet->wire.length);
    if (LIKELY(length == contents.length))
        return contents;
    if (length < contents.length) {
        decode_defect(packet, DEFECT_IP_TRAILER, IPV6_HEADER_SIZE + length);
        bytes_set(&packet->trailer, decode_part(contents, length, contents.length));
        return decode_part(contents, 0, length);
    }
    packet->explicit_fields |= EXPLICIT_IP_LENGTH;
    decode_shortage(packet, flags, DEFECT_IP_LENGTH_LONG, IPV6_LENGTH_AT);
    return contents;
}

/* What is behind extension headers, of which the first has kind KIND. */
static void decode_ipv6_extended(struct packet *packet, unsigned flags, uint8_t kind, struct bytes contents)
{
    struct bytes body = contents;
    bool transport = true;
    size_t size;
    while (transport && (size = extension_there(kind, body)) > 0) {
        if (kind == EXTENSION_FRAGMENT) {
            uint16_t fragment = load_be16(body.data + 2);
            transport = fragment >> 3 == 0;
            flags |= (fragment & 1) != 0 ? DECODE_FIRST_FRAGMENT : 0;
        }
        kind = body.data[0];
        body = decode_part(body, size, body.length);
    }
    packet->ipv6.protocol = kind;
    bytes_set(&packet->ipv6.extensions, decode_part(contents, 0, contents.length - body.length));
    if (transport && extension_shapes[kind] == SHAPE_NOT_AN_EXTENSION) {
        decode_transport(packet, flags, kind, body);
        return;
    }
    if (transport)
        decode_shortage(packet, flags, DEFECT_IP_EXTENSION_TRUNCATED, decode_offset(packet, body));
    decode_payload(packet, body);
}

void decode_ipv6(struct packet *packet, unsigned flags, struct bytes wire)
{
    if (UNLIKELY(wire.length < IPV6_HEADER_SIZE)) {
        decode_shortage(packet, flags, DEFECT_IP_HEADER_TRUNCATED, 0);
        decode_payload(packet, wire);
        return;
    }
    packet->network = NETWORK_IPV6;
    uint64_t first = load_be64(wire.data);
    uint8_t next = (uint8_t)(first >> 8);
    decode_ipv6_fields(&packet->ipv6, first, wire.data);
    struct bytes contents = decode_ipv6_contents(packet, flags, first >> 16 & UINT16_MAX);
    if (UNLIKELY(extension_shapes[next] != SHAPE_NOT_AN_EXTENSION)) {
        decode_ipv6_extended(packet, flags, next, contents);
        return;
    }
    packet->ipv6.protocol = next;
    bytes_set(&packet->ipv6.extensions, decode_part(contents, 0, 0));
    decode_transport(packet, flags, next, contents);
}
