/* SPDX-License-Identifier: MIT */
#include "engine/ip_column.h"

#include "base/text.h"

static bool is_ipv4(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4;
}

void ip_column_version(struct text *text, const struct packet *packet)
{
    text_append_format(text, "version %u", is_ipv4(packet) ? packet->ipv4.version : packet->ipv6.version);
}

void ip_column_header_length(struct text *text, const struct packet *packet)
{
    if (is_ipv4(packet))
        text_append_format(text, "header_length %u", packet->ipv4.header_length);
}

void ip_column_type_of_service(struct text *text, const struct packet *packet)
{
    text_append_format(text, "tos 0x%02x", is_ipv4(packet) ? packet->ipv4.type_of_service : packet->ipv6.traffic_class);
}

void ip_column_length(struct text *text, const struct packet *packet)
{
    if (is_ipv4(packet))
        text_append_format(text, "total_length %u", packet->ipv4.total_length);
    else
        text_append_format(text, "payload_length %u", packet->ipv6.payload_length);
}

void ip_column_identification(struct text *text, const struct packet *packet)
{
    if (is_ipv4(packet))
        text_append_format(text, "id %u", packet->ipv4.identification);
}

void ip_column_flags(struct text *text, const struct packet *packet)
{
    static const struct {
        unsigned flag;
        const char *word;
    } words[] = {{IPV4_RESERVED, "reserved_flag"}, {IPV4_DONT_FRAGMENT, "df"}, {IPV4_MORE_FRAGMENTS, "mf"}};
    const char *before = "";
    unsigned flags = is_ipv4(packet) ? packet->ipv4.flags : 0;
    if (flags == 0)
        text_append_string(text, "no IP flags");
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if ((flags & words[i].flag) == 0)
            continue;
        text_append_format(text, "%s%s", before, words[i].word);
        before = ",";
    }
}

void ip_column_fragment(struct text *text, const struct packet *packet)
{
    if (is_ipv4(packet))
        text_append_format(text, "fragment %u", packet->ipv4.fragment_offset);
}

void ip_column_protocol(struct text *text, const struct packet *packet)
{
    text_append_format(text, "protocol %u", is_ipv4(packet) ? packet->ipv4.protocol : packet->ipv6.protocol);
}

void ip_column_checksum(struct text *text, const struct packet *packet)
{
    if (is_ipv4(packet))
        text_append_format(text, "IP checksum 0x%04x", packet->ipv4.checksum);
}

void ip_column_flow_label(struct text *text, const struct packet *packet)
{
    if (!is_ipv4(packet))
        text_append_format(text, "flowlabel 0x%x", packet->ipv6.flow_label);
}

/* NAME and BYTES in hexadecimal, or that there are none. */
static void append_bytes(struct text *text, const char *name, struct bytes bytes)
{
    if (bytes.length == 0)
        text_append_string(text, "no ");
    text_append_string(text, name);
    text_append_string(text, bytes.length == 0 ? "" : " ");
    text_append_hex(text, bytes.data, bytes.length);
}

void ip_column_options(struct text *text, const struct packet *packet)
{
    if (is_ipv4(packet))
        append_bytes(text, "IP options", packet->ipv4.options);
    else
        append_bytes(text, "extensions", packet->ipv6.extensions);
}

void ip_column_trailer(struct text *text, const struct packet *packet)
{
    append_bytes(text, "trailer", packet->trailer);
}
