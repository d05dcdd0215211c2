/* SPDX-License-Identifier: MIT */
/* Segments as text, without their IP fields. */
#include "packet/put_packet.h"

char *put_flags(char *at, unsigned flags, unsigned open)
{
    /* tcpdump's order, with AE behind it. */
    static const struct {
        uint16_t flag;
        char letter;
    } letters[] = {{TCP_FIN, 'F'}, {TCP_SYN, 'S'}, {TCP_RST, 'R'}, {TCP_PSH, 'P'}, {TCP_ACK, '.'},
                   {TCP_URG, 'U'}, {TCP_ECE, 'E'}, {TCP_CWR, 'W'}, {TCP_AE, 'A'}};
    const char *start = at;
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        *at = letters[i].letter;
        at += ((flags | open) & letters[i].flag) != 0;
        if (UNLIKELY((open & letters[i].flag) != 0))
            at = put_character(at, '?');
    }
    return at == start ? put_character(at, '-') : at;
}

static char *put_ports(char *at, const struct printing *printing, unsigned source, unsigned destination)
{
    if (!shows(printing, FIELD_SOURCE_PORT))
        return at;
    at = put_field(at, printing, FIELD_SOURCE_PORT, source);
    at = put_field(PUT(at, " > "), printing, FIELD_DESTINATION_PORT, destination);
    return put_character(at, ' ');
}

/* The list in braces behind a segment: what its plain text has no words for. */
static char *put_extras(char *at, const struct printing *printing, uint16_t checksum)
{
    const struct packet *packet = printing->packet;
    if (shows(printing, FIELD_CHECKSUM)) {
        at = PUT(at, "checksum ");
        at = printing->checksum == CHECKSUM_BAD ? PUT(at, "bad, ") : PUT(put_hex_number(at, checksum), ", ");
    }
    if (shows(printing, FIELD_DATA_OFFSET))
        at = PUT(put_unsigned(PUT(at, "data_offset "), packet->tcp.data_offset), ", ");
    if (shows(printing, FIELD_RESERVED))
        at = PUT(put_unsigned(PUT(at, "reserved "), (packet->tcp.flags & TCP_RESERVED) >> 9), ", ");
    if (shows(printing, FIELD_UDP_LENGTH))
        at = PUT(put_unsigned(PUT(at, "length "), packet->udp.length), ", ");
    if (shows(printing, FIELD_PAYLOAD) && packet->payload.length > 0)
        at = PUT(put_hex(PUT(at, "payload "), packet->payload), ", ");
    return at;
}

char *put_braces(char *at, const struct printing *printing, uint16_t checksum)
{
    char *start = PUT(at, " {");
    char *end = put_extras(start, printing, checksum);
    return end == start ? at : PUT(end - 2, "}");
}

static char *put_options(char *at, const struct printing *printing)
{
    if (UNLIKELY(printing->slot_count > 0))
        return put_slotted_options(at, printing);
    return put_tcp_options(at, printing->packet->tcp.options);
}

static char *put_tcp(char *at, const struct printing *printing)
{
    const struct tcp_header *tcp = &printing->packet->tcp;
    uint32_t length = (uint32_t)printing->packet->payload.length;
    if (UNLIKELY(printing->slot_count > 0))
        at = put_named_addresses(at, printing);
    at = put_ports(at, printing, tcp->source_port, tcp->destination_port);
    at = put_character(put_flags(at, tcp->flags, printing->open_flags), ' ');
    at = put_character(put_field(at, printing, FIELD_SEQUENCE, tcp->sequence), ':');
    if (UNLIKELY(printing->slot_count > 0))
        at = put_field_slot(at, printing, (struct put_field){FIELD_SEQUENCE, tcp->sequence, length});
    else
        at = put_unsigned(at, tcp->sequence + length);
    at = put_character(at, '(');
    at = put_character(put_unsigned(at, length), ')');
    if (shows(printing, FIELD_ACKNOWLEDGMENT))
        at = put_field(PUT(at, " ack "), printing, FIELD_ACKNOWLEDGMENT, tcp->acknowledgment);
    if (shows(printing, FIELD_WINDOW))
        at = put_field(PUT(at, " win "), printing, FIELD_WINDOW, tcp->window);
    if (shows(printing, FIELD_URGENT_POINTER))
        at = put_field(PUT(at, " urg "), printing, FIELD_URGENT_POINTER, tcp->urgent_pointer);
    if (UNLIKELY(printing->option_set.is_set))
        at = put_character(put_option_set(PUT(at, " <"), printing), '>');
    else if (printing->any_options)
        at = PUT(at, " <...>");
    else if (shows(printing, FIELD_OPTIONS) && tcp->options.length > 0)
        at = put_character(put_options(PUT(at, " <"), printing), '>');
    if (UNLIKELY(printing->encapsulation != NULL) && printing->encapsulation->over_udp)
        at = put_over_udp(at, printing->encapsulation->udp_source, printing->encapsulation->udp_destination);
    return put_braces(at, printing, tcp->checksum);
}

static char *put_udp(char *at, const struct printing *printing)
{
    const struct udp_header *udp = &printing->packet->udp;
    at = put_ports(PUT(at, "udp "), printing, udp->source_port, udp->destination_port);
    at = put_length(at, printing->packet);
    return put_braces(at, printing, udp->checksum);
}

/* A packet of a protocol that is not ours, or one without an IP header that can be read. */
static char *put_bare(char *at, const struct printing *printing)
{
    const struct packet *packet = printing->packet;
    bool six = packet->network == NETWORK_IPV6;
    if (shows(printing, FIELD_PROTOCOL))
        at = put_unsigned(PUT(at, "protocol "), six ? packet->ipv6.protocol : packet->ipv4.protocol);
    else
        at = PUT(at, "raw");
    if (!shows(printing, FIELD_PAYLOAD))
        return at;
    return packet->payload.length > 0 ? put_hex(put_character(at, ' '), packet->payload) : PUT(at, " \"\"");
}

char *put_segment(char *at, const struct printing *printing)
{
    switch (printing->packet->transport) {
    case TRANSPORT_TCP:
        return put_tcp(at, printing);
    case TRANSPORT_UDP:
        return put_udp(at, printing);
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        return put_icmp(at, printing);
    case TRANSPORT_NONE:
        break;
    }
    return put_bare(at, printing);
}
