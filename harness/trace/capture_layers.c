/* SPDX-License-Identifier: MIT */
#include "trace/capture_layers.h"

enum {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_QINQ_OLD = 0x9100,
    ETHERTYPE_QINQ_OLDER = 0x9200,
    TAG_SIZE = 4,
    TAGS_MOST = 4,
    FAMILY_IPV4 = 2,
};
/* AF_INET6 of Linux, of NetBSD and OpenBSD, of FreeBSD, of macOS. */
static const uint32_t families_ipv6[] = {10, 24, 28, 30};

/* How a link type says what follows its header. */
enum naming {
    NAMED_BY_NOTHING, /* it is IP */
    NAMED_BY_ETHERTYPE,
    NAMED_BY_FAMILY, /* in the byte order of the machine that captured */
};

struct link_header {
    uint32_t link_type;
    uint8_t size;
    enum naming naming;
    uint8_t at; /* where the name stands */
};

static const struct link_header headers[] = {
    {0, 4, NAMED_BY_FAMILY, 0},        /* NULL */
    {1, 14, NAMED_BY_ETHERTYPE, 12},   /* ETHERNET */
    {12, 0, NAMED_BY_NOTHING, 0},      /* RAW, as some systems number it */
    {14, 0, NAMED_BY_NOTHING, 0},      /* RAW of OpenBSD */
    {101, 0, NAMED_BY_NOTHING, 0},     /* RAW */
    {108, 4, NAMED_BY_FAMILY, 0},      /* LOOP */
    {113, 16, NAMED_BY_ETHERTYPE, 14}, /* LINUX_SLL */
    {228, 0, NAMED_BY_NOTHING, 0},     /* IPV4 */
    {229, 0, NAMED_BY_NOTHING, 0},     /* IPV6 */
    {276, 20, NAMED_BY_ETHERTYPE, 0},  /* LINUX_SLL2 */
};

static enum capture_layer by_version(struct bytes rest, struct bytes *packet)
{
    if (rest.length == 0)
        return CAPTURE_LAYER_CUT;
    unsigned version = rest.data[0] >> 4;
    bytes_set(packet, rest);
    return version == 4 || version == 6 ? CAPTURE_LAYER_IP : CAPTURE_LAYER_OTHER;
}

static bool is_tag(uint16_t ethertype)
{
    return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_QINQ || ethertype == ETHERTYPE_QINQ_OLD ||
           ethertype == ETHERTYPE_QINQ_OLDER;
}

static enum capture_layer by_ethertype(uint16_t ethertype, struct bytes rest, struct bytes *packet)
{
    for (unsigned tags = 0; tags < TAGS_MOST && is_tag(ethertype); tags++) {
        if (rest.length < TAG_SIZE)
            return CAPTURE_LAYER_CUT;
        ethertype = load_be16(rest.data + 2);
        rest = bytes_slice(rest, TAG_SIZE, rest.length);
    }
    if (ethertype != ETHERTYPE_IPV4 && ethertype != ETHERTYPE_IPV6)
        return CAPTURE_LAYER_OTHER;
    return by_version(rest, packet);
}

static enum capture_layer by_family(const uint8_t *name, struct bytes rest, struct bytes *packet)
{
    uint32_t family = load_be32(name);
    family = family > UINT16_MAX ? __builtin_bswap32(family) : family;
    bool known = family == FAMILY_IPV4;
    for (size_t i = 0; i < COUNT_OF(families_ipv6); i++)
        known = known || family == families_ipv6[i];
    return known ? by_version(rest, packet) : CAPTURE_LAYER_OTHER;
}

enum capture_layer capture_layers(uint32_t link_type, struct bytes data, struct bytes *packet)
{
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        const struct link_header *header = &headers[i];
        if (header->link_type != link_type)
            continue;
        if (data.length < header->size)
            return CAPTURE_LAYER_CUT;
        struct bytes rest = bytes_slice(data, header->size, data.length);
        if (header->naming == NAMED_BY_ETHERTYPE)
            return by_ethertype(load_be16(data.data + header->at), rest, packet);
        if (header->naming == NAMED_BY_FAMILY)
            return by_family(data.data + header->at, rest, packet);
        return by_version(rest, packet);
    }
    return CAPTURE_LAYER_UNKNOWN;
}
