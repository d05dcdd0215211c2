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

bool ipv6_extension_next(struct bytes *rest, uint8_t *kind, struct ipv6_extension *extension)
{
    if (extension_shapes[*kind] == SHAPE_NOT_AN_EXTENSION || rest->length < EXTENSION_SIZE_LEAST)
        return false;
    size_t size = extension_size(*kind, rest->data[1]);
    if (size > rest->length)
        return false;
    *extension = (struct ipv6_extension){.kind = *kind, .next = rest->data[0], .whole = bytes_slice(*rest, 0, size)};
    *kind = extension->next;
    *rest = bytes_slice(*rest, size, rest->length);
    return true;
}

/* What the walk over the extension headers comes to. */
struct ipv6_walk {
    struct bytes body; /* behind the extension headers */
    uint8_t protocol;  /* the body's */
    bool transport;    /* the body starts with the transport's header */
    bool more;         /* further fragments follow */
};

static struct ipv6_walk ipv6_walk_extensions(uint8_t first, struct bytes rest)
{
    struct ipv6_walk walk = {.protocol = first, .body = rest, .transport = true};
    struct ipv6_extension extension;
    while (walk.transport && ipv6_extension_next(&walk.body, &walk.protocol, &extension)) {
        if (extension.kind == EXTENSION_FRAGMENT) {
            uint16_t fragment = load_be16(extension.whole.data + 2);
            walk.transport = fragment >> 3 == 0;
            walk.more = (fragment & 1) != 0;
        }
    }
    return walk;
}

static void decode_ipv6_fields(struct ipv6_header *header, const uint8_t *at)
{
    uint32_t first = load_be32(at);
    header->version = (uint8_t)(first >> 28);
    header->traffic_class = (uint8_t)(first >> 20);
    header->flow_label = first & 0xfffff;
    header->payload_length = load_be16(at + IPV6_LENGTH_AT);
    header->next_header = at[6];
    header->hop_limit = at[7];
    memcpy(header->source, at + 8, sizeof(header->source));
    memcpy(header->destination, at + 24, sizeof(header->destination));
}

/* What follows the fixed header, as far as its payload length says and there are bytes. */
static struct bytes decode_ipv6_contents(struct decoding *decoding)
{
    struct packet *packet = decoding->packet;
    struct bytes contents = bytes_slice(packet->wire, IPV6_HEADER_SIZE, packet->wire.length);
    size_t length = packet->ipv6.payload_length;
    if (LIKELY(length == contents.length))
        return contents;
    if (length < contents.length) {
        decode_defect(packet, DEFECT_IP_TRAILER, IPV6_HEADER_SIZE + length);
        packet->trailer = bytes_slice(contents, length, contents.length);
        return bytes_slice(contents, 0, length);
    }
    packet->explicit_fields |= EXPLICIT_IP_LENGTH;
    if ((decoding->flags & DECODE_QUOTED) == 0)
        decode_defect(packet, DEFECT_IP_LENGTH_LONG, IPV6_LENGTH_AT);
    return contents;
}

void decode_ipv6(struct decoding *decoding)
{
    struct packet *packet = decoding->packet;
    if (packet->wire.length < IPV6_HEADER_SIZE) {
        if ((decoding->flags & DECODE_QUOTED) == 0)
            decode_defect(packet, DEFECT_IP_HEADER_TRUNCATED, 0);
        decode_payload(decoding, packet->wire);
        return;
    }
    packet->network = NETWORK_IPV6;
    decode_ipv6_fields(&packet->ipv6, packet->wire.data);
    struct bytes contents = decode_ipv6_contents(decoding);
    struct ipv6_walk walk = ipv6_walk_extensions(packet->ipv6.next_header, contents);
    packet->ipv6.protocol = walk.protocol;
    packet->ipv6.extensions = bytes_slice(contents, 0, contents.length - walk.body.length);
    decoding->first_fragment = walk.more;
    if (walk.transport && extension_shapes[walk.protocol] == SHAPE_NOT_AN_EXTENSION) {
        decode_transport(decoding, walk.protocol, walk.body);
        return;
    }
    if (walk.transport && (decoding->flags & DECODE_QUOTED) == 0)
        decode_defect(packet, DEFECT_IP_EXTENSION_TRUNCATED, decode_offset(packet, walk.body));
    decode_payload(decoding, walk.body);
}
