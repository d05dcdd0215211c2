/* SPDX-License-Identifier: MIT */
/* The list of IP fields in front of a segment. */
#include "packet/put_packet.h"

/* Each puts some of the fields, with a comma behind each. */

static char *put_addresses(char *at, const struct printing *printing)
{
    const struct packet *packet = printing->packet;
    bool six = packet->network == NETWORK_IPV6;
    if (shows(printing, FIELD_SOURCE)) {
        at = PUT(at, "src ");
        at = six ? put_ipv6(at, packet->ipv6.source) : put_ipv4(at, packet->ipv4.source);
        at = PUT(at, ", ");
    }
    if (shows(printing, FIELD_DESTINATION)) {
        at = PUT(at, "dst ");
        at = six ? put_ipv6(at, packet->ipv6.destination) : put_ipv4(at, packet->ipv4.destination);
        at = PUT(at, ", ");
    }
    return at;
}

static char *put_type_of_service(char *at, const struct printing *printing)
{
    static const char code_points[4][8] = {"noecn, ", "ect1, ", "ect0, ", "ce, "};
    const struct packet *packet = printing->packet;
    unsigned value = packet->network == NETWORK_IPV6 ? packet->ipv6.traffic_class : packet->ipv4.type_of_service;
    if (shows(printing, FIELD_TYPE_OF_SERVICE))
        at = PUT(put_hex_number(PUT(at, "tos "), value), ", ");
    if (!shows(printing, FIELD_ECN))
        return at;
    if (printing->ecn == ECN_ECT0_OR_ECT1)
        return PUT(at, "ect01, ");
    return put_string(at, code_points[value & 3], strlen(code_points[value & 3]));
}

static char *put_ipv4_flags(char *at, unsigned flags)
{
    if ((flags & IPV4_DONT_FRAGMENT) != 0)
        at = PUT(at, "df, ");
    if ((flags & IPV4_MORE_FRAGMENTS) != 0)
        at = PUT(at, "mf, ");
    if ((flags & IPV4_RESERVED) != 0)
        at = PUT(at, "reserved_flag, ");
    return at;
}

static char *put_ipv4_only(char *at, const struct printing *printing)
{
    const struct ipv4_header *ip = &printing->packet->ipv4;
    if (shows(printing, FIELD_IDENTIFICATION))
        at = PUT(put_unsigned(PUT(at, "id "), ip->identification), ", ");
    if (shows(printing, FIELD_IP_FLAGS))
        at = put_ipv4_flags(at, ip->flags);
    if (shows(printing, FIELD_FRAGMENT_OFFSET))
        at = PUT(put_unsigned(PUT(at, "fragment "), ip->fragment_offset), ", ");
    if (shows(printing, FIELD_IP_OPTIONS))
        at = PUT(put_hex(PUT(at, "options "), ip->options), ", ");
    if (shows(printing, FIELD_IP_HEADER_LENGTH))
        at = PUT(put_unsigned(PUT(at, "header_length "), ip->header_length), ", ");
    if (shows(printing, FIELD_IP_LENGTH))
        at = PUT(put_unsigned(PUT(at, "total_length "), ip->total_length), ", ");
    if (shows(printing, FIELD_IP_CHECKSUM)) {
        at = PUT(at, "checksum ");
        at = printing->ip_checksum == CHECKSUM_BAD ? PUT(at, "bad") : put_hex_number(at, ip->checksum);
        at = PUT(at, ", ");
    }
    return at;
}

static char *put_ipv6_only(char *at, const struct printing *printing)
{
    const struct ipv6_header *ip = &printing->packet->ipv6;
    if (shows(printing, FIELD_FLOW_LABEL))
        at = PUT(put_hex_number(PUT(at, "flowlabel "), ip->flow_label), ", ");
    if (shows(printing, FIELD_IP_OPTIONS)) {
        at = put_character(put_unsigned(PUT(at, "extensions "), ip->next_header), ' ');
        at = PUT(put_hex(at, ip->extensions), ", ");
    }
    if (shows(printing, FIELD_IP_LENGTH))
        at = PUT(put_unsigned(PUT(at, "payload_length "), ip->payload_length), ", ");
    return at;
}

/* What hardly any packet has. */
static char *put_unusual(char *at, const struct printing *printing)
{
    const struct packet *packet = printing->packet;
    bool six = packet->network == NETWORK_IPV6;
    if (shows(printing, FIELD_IP_VERSION))
        at = PUT(put_unsigned(PUT(at, "version "), six ? packet->ipv6.version : packet->ipv4.version), ", ");
    /* Where no transport says what it is, the segment itself says the protocol. */
    if (shows(printing, FIELD_PROTOCOL) && packet->transport != TRANSPORT_NONE)
        at = PUT(put_unsigned(PUT(at, "protocol "), six ? packet->ipv6.protocol : packet->ipv4.protocol), ", ");
    if (shows(printing, FIELD_TRAILER))
        at = PUT(put_hex(PUT(at, "trailer "), packet->trailer), ", ");
    return at;
}

char *put_ip_fields(char *at, const struct printing *printing)
{
    if ((printing->given & IP_LIST_FIELDS) == 0)
        return at;
    const struct packet *packet = printing->packet;
    char *start = put_character(at, '(');
    char *end = put_addresses(start, printing);
    end = put_type_of_service(end, printing);
    end = packet->network == NETWORK_IPV6 ? put_ipv6_only(end, printing) : put_ipv4_only(end, printing);
    if (shows(printing, FIELD_TIME_TO_LIVE)) {
        bool six = packet->network == NETWORK_IPV6;
        end = PUT(put_unsigned(PUT(end, "ttl "), six ? packet->ipv6.hop_limit : packet->ipv4.time_to_live), ", ");
    }
    end = put_unusual(end, printing);
    return end == start ? at : PUT(end - 2, ") ");
}
