/* SPDX-License-Identifier: MIT */
#include "packet/packet.h"

static const struct {
    const char *name;
    const char *text;
} defect_rows[] = {
#define X(name, text) {#name, text},
    PACKET_DEFECTS(X)
#undef X
};
_Static_assert(COUNT_OF(defect_rows) == DEFECT_COUNT, "a row for every defect");

const char *packet_defect_text(enum packet_defect_kind kind)
{
    INVARIANT(kind < DEFECT_COUNT);
    return defect_rows[kind].text;
}

const char *packet_defect_name(enum packet_defect_kind kind)
{
    INVARIANT(kind < DEFECT_COUNT);
    return defect_rows[kind].name;
}

struct address packet_source(const struct packet *packet)
{
    switch (packet->network) {
    case NETWORK_IPV4:
        return address_from_bytes(ADDRESS_IPV4, packet->ipv4.source);
    case NETWORK_IPV6:
        return address_from_bytes(ADDRESS_IPV6, packet->ipv6.source);
    case NETWORK_NONE:
        break;
    }
    return (struct address){.family = ADDRESS_NONE};
}

struct address packet_destination(const struct packet *packet)
{
    switch (packet->network) {
    case NETWORK_IPV4:
        return address_from_bytes(ADDRESS_IPV4, packet->ipv4.destination);
    case NETWORK_IPV6:
        return address_from_bytes(ADDRESS_IPV6, packet->ipv6.destination);
    case NETWORK_NONE:
        break;
    }
    return (struct address){.family = ADDRESS_NONE};
}

uint32_t tcp_segment_length(const struct packet *packet)
{
    if (packet->transport != TRANSPORT_TCP)
        return 0;
    uint32_t length = (uint32_t)packet->payload.length;
    length += (packet->tcp.flags & TCP_SYN) != 0;
    length += (packet->tcp.flags & TCP_FIN) != 0;
    return length;
}
