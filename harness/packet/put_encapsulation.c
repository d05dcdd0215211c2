/* SPDX-License-Identifier: MIT */
/* The headers in front of a packet as text. */
#include "packet/put_packet.h"

static char *put_outer_ip(char *at, const struct outer_header *header)
{
    const struct packet *ip = &header->ip;
    struct printing list = {.packet = ip, .given = header->given};
    list.given &= ~(FIELD_BIT(FIELD_SOURCE) | FIELD_BIT(FIELD_DESTINATION));
    bool six = ip->network == NETWORK_IPV6;
    at = six ? PUT(at, "ipv6 ") : PUT(at, "ipv4 ");
    at = six ? put_ipv6(at, ip->ipv6.source) : put_ipv4(at, ip->ipv4.source);
    at = PUT(at, " > ");
    at = six ? put_ipv6(at, ip->ipv6.destination) : put_ipv4(at, ip->ipv4.destination);
    char *start = put_character(at, ' ');
    char *end = put_ip_fields(start, &list);
    return end == start ? at : end - 1;
}

static char *put_gre(char *at, const struct outer_header *header)
{
    const struct gre_header *gre = &header->gre;
    char *start = put_character(PUT(at, "gre"), ' ');
    char *end = start;
    if (gre->flags != 0)
        end = PUT(put_hex_number(PUT(end, "flags "), gre->flags), ", ");
    if ((header->given & GRE_GIVES_CHECKSUM) != 0)
        end = PUT(put_unsigned(PUT(end, "sum "), gre->checksum), ", ");
    if ((header->given & GRE_GIVES_OFFSET) != 0)
        end = PUT(put_unsigned(PUT(end, "off "), gre->offset), ", ");
    if ((header->given & GRE_GIVES_KEY) != 0)
        end = PUT(put_hex_number(PUT(end, "key "), gre->key), ", ");
    if ((header->given & GRE_GIVES_SEQUENCE) != 0)
        end = PUT(put_unsigned(PUT(end, "seq "), gre->sequence), ", ");
    return end == start ? start - 1 : end - 2;
}

static char *put_mpls(char *at, struct bytes entries)
{
    at = PUT(at, "mpls");
    for (size_t i = 0; i + MPLS_ENTRY_SIZE <= entries.length; i += MPLS_ENTRY_SIZE) {
        struct mpls_entry entry = mpls_entry_read(entries.data + i);
        at = put_unsigned(PUT(at, " (label "), entry.label);
        at = put_unsigned(PUT(at, ", tc "), entry.traffic_class);
        if (entry.bottom)
            at = PUT(at, ", [S]");
        at = put_character(put_unsigned(PUT(at, ", ttl "), entry.time_to_live), ')');
    }
    return at;
}

char *put_encapsulation(char *at, const struct encapsulation *encapsulation)
{
    for (size_t i = 0; i < encapsulation->count; i++) {
        const struct outer_header *header = &encapsulation->headers[i];
        if (header->kind == OUTER_IP)
            at = put_outer_ip(at, header);
        else
            at = header->kind == OUTER_GRE ? put_gre(at, header) : put_mpls(at, header->mpls);
        at = PUT(at, ": ");
    }
    return at;
}

size_t put_encapsulation_most(const struct encapsulation *encapsulation)
{
    enum { HEADER_MOST = 512, ENTRY_MOST = 48 };
    size_t size = 0;
    for (size_t i = 0; i < encapsulation->count; i++) {
        const struct outer_header *header = &encapsulation->headers[i];
        size += HEADER_MOST;
        if (header->kind == OUTER_MPLS)
            size += header->mpls.length / MPLS_ENTRY_SIZE * ENTRY_MOST;
        else if (header->kind == OUTER_IP)
            size +=
                2 * (header->ip.network == NETWORK_IPV6 ? header->ip.ipv6.extensions : header->ip.ipv4.options).length;
    }
    return size;
}
