/* SPDX-License-Identifier: MIT */
#include "packet/encapsulation.h"
#include "trace/print_layers.h"

static void print_outer_ip(struct text *text, const struct packet *ip)
{
    struct address source = packet_source(ip);
    struct address destination = packet_destination(ip);
    text_append_string(text, ip->network == NETWORK_IPV4 ? "IP " : "IP6 ");
    address_print(text, &source);
    text_append_string(text, " > ");
    address_print(text, &destination);
    text_append_string(text, ": ");
}

/* LENGTH is that of the header and all that is behind it. */
static void print_gre(struct text *text, const struct gre_header *gre, size_t length)
{
    text_append_format(text, "GREv%u", gre->flags & 7u);
    if ((gre->flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0)
        text_append_format(text, ", off 0x%x", gre->offset);
    if ((gre->flags & GRE_KEY) != 0)
        text_append_format(text, ", key=0x%x", gre->key);
    if ((gre->flags & GRE_SEQUENCE) != 0)
        text_append_format(text, ", seq %u", gre->sequence);
    text_append_format(text, ", length %zu: ", length);
}

static void print_mpls(struct text *text, struct bytes entries)
{
    text_append_string(text, "MPLS");
    for (size_t i = 0; i + MPLS_ENTRY_SIZE <= entries.length; i += MPLS_ENTRY_SIZE) {
        struct mpls_entry entry = mpls_entry_read(entries.data + i);
        text_append_format(text, " (label %u, tc %u%s, ttl %u)", entry.label, entry.traffic_class,
                           entry.bottom ? ", [S]" : "", entry.time_to_live);
    }
    text_append_character(text, ' ');
}

bool print_encapsulation(struct text *text, const struct packet *packet, struct packet *innermost)
{
    struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    const struct packet *ip = packet;
    size_t count = encapsulation_decode(packet, headers, innermost);
    for (size_t i = 0; i < count; i++) {
        if (headers[i].kind == OUTER_IP) {
            ip = &headers[i].ip;
            print_outer_ip(text, ip);
        } else if (headers[i].kind == OUTER_GRE) {
            print_gre(text, &headers[i].gre, (size_t)(ip->wire.data + ip->wire.length - ip->payload.data));
        } else {
            print_mpls(text, headers[i].mpls);
        }
    }
    return count > 0;
}
