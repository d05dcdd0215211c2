/* SPDX-License-Identifier: MIT */
#include "engine/match.h"

#include "packet/icmp_quote.h"

typedef uint64_t field_number(const struct packet *packet);

static uint64_t number_tos(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.type_of_service : packet->ipv6.traffic_class;
}

static uint64_t number_time_to_live(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.time_to_live : packet->ipv6.hop_limit;
}

static uint64_t number_flow_label(const struct packet *packet)
{
    return packet->network == NETWORK_IPV6 ? packet->ipv6.flow_label : 0;
}

static uint64_t number_identification(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.identification : 0;
}

static uint64_t number_ip_flags(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.flags : 0;
}

static uint64_t number_ip_version(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.version : packet->ipv6.version;
}

static uint64_t number_ip_header_length(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.header_length : 0;
}

static uint64_t number_ip_length(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.total_length : packet->ipv6.payload_length;
}

static uint64_t number_fragment_offset(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.fragment_offset : 0;
}

static uint64_t number_protocol(const struct packet *packet)
{
    return packet->network == NETWORK_IPV4 ? packet->ipv4.protocol : packet->ipv6.protocol;
}

static uint64_t number_source_port(const struct packet *packet)
{
    return packet->tcp.source_port;
}

static uint64_t number_destination_port(const struct packet *packet)
{
    return packet->tcp.destination_port;
}

static uint64_t number_flags(const struct packet *packet)
{
    return packet->tcp.flags & (uint64_t)~TCP_RESERVED;
}

static uint64_t number_reserved(const struct packet *packet)
{
    return packet->tcp.flags & TCP_RESERVED;
}

static uint64_t number_sequence(const struct packet *packet)
{
    return packet->tcp.sequence;
}

static uint64_t number_acknowledgment(const struct packet *packet)
{
    return packet->tcp.acknowledgment;
}

static uint64_t number_window(const struct packet *packet)
{
    return packet->tcp.window;
}

static uint64_t number_urgent_pointer(const struct packet *packet)
{
    return packet->tcp.urgent_pointer;
}

static uint64_t number_data_offset(const struct packet *packet)
{
    return packet->tcp.data_offset;
}

static uint64_t number_payload_length(const struct packet *packet)
{
    return packet->payload.length;
}

static uint64_t number_udp_length(const struct packet *packet)
{
    return packet->udp.length;
}

static uint64_t number_icmp_type(const struct packet *packet)
{
    return packet->icmp.type;
}

static uint64_t number_icmp_code(const struct packet *packet)
{
    return packet->icmp.code;
}

static uint64_t number_icmp_rest(const struct packet *packet)
{
    return packet->icmp.rest;
}

/* Fields that are one number. */
static const struct {
    enum pattern_field field;
    field_number *number;
} number_rows[] = {
    {FIELD_IP_VERSION, number_ip_version},
    {FIELD_IP_HEADER_LENGTH, number_ip_header_length},
    {FIELD_IP_LENGTH, number_ip_length},
    {FIELD_FRAGMENT_OFFSET, number_fragment_offset},
    {FIELD_PROTOCOL, number_protocol},
    {FIELD_TYPE_OF_SERVICE, number_tos},
    {FIELD_TIME_TO_LIVE, number_time_to_live},
    {FIELD_FLOW_LABEL, number_flow_label},
    {FIELD_IDENTIFICATION, number_identification},
    {FIELD_IP_FLAGS, number_ip_flags},
    {FIELD_SOURCE_PORT, number_source_port},
    {FIELD_DESTINATION_PORT, number_destination_port},
    {FIELD_FLAGS, number_flags},
    {FIELD_RESERVED, number_reserved},
    {FIELD_SEQUENCE, number_sequence},
    {FIELD_ACKNOWLEDGMENT, number_acknowledgment},
    {FIELD_WINDOW, number_window},
    {FIELD_URGENT_POINTER, number_urgent_pointer},
    {FIELD_DATA_OFFSET, number_data_offset},
    {FIELD_PAYLOAD_LENGTH, number_payload_length},
    {FIELD_UDP_LENGTH, number_udp_length},
    {FIELD_ICMP_TYPE, number_icmp_type},
    {FIELD_ICMP_CODE, number_icmp_code},
    {FIELD_ICMP_REST, number_icmp_rest},
};

static bool ecn_agrees(const struct pattern *pattern, const struct packet *actual)
{
    uint64_t came = number_tos(actual) & 3;
    if (pattern->ecn == ECN_ECT0_OR_ECT1)
        return came == 1 || came == 2;
    return came == (number_tos(&pattern->packet) & 3);
}

static bool address_agrees(const struct pattern *pattern, const struct packet *actual, enum pattern_field field)
{
    struct address expected =
        field == FIELD_SOURCE ? packet_source(&pattern->packet) : packet_destination(&pattern->packet);
    struct address came = field == FIELD_SOURCE ? packet_source(actual) : packet_destination(actual);
    return address_equal(&expected, &came);
}

static bool options_agree(const struct pattern *pattern, const struct packet *actual)
{
    struct bytes came = actual->tcp.options;
    return pattern->option_set.is_set ? pattern_options_agree(pattern, came, NULL)
                                      : bytes_equal(pattern->packet.tcp.options, came);
}

static uint16_t checksum_of(const struct packet *packet)
{
    if (packet->transport == TRANSPORT_TCP)
        return packet->tcp.checksum;
    return packet->transport == TRANSPORT_UDP ? packet->udp.checksum : packet->icmp.checksum;
}

static bool checksum_agrees(const struct pattern *pattern, const struct packet *actual)
{
    bool right = (actual->explicit_fields & EXPLICIT_CHECKSUM) == 0;
    return pattern->checksum == CHECKSUM_BAD ? !right : checksum_of(&pattern->packet) == checksum_of(actual);
}

/* What an ICMP message quotes; its numbers are already the script's. */
static bool quote_agrees(const struct pattern *pattern, const struct packet *actual)
{
    const struct pattern_quote *expected = &pattern->quote;
    struct icmp_quote came;
    if (!icmp_quote_read(actual, expected->over_udp, &came) || came.transport != expected->transport)
        return false;
    bool carried = came.over_udp == expected->over_udp &&
                   (!came.over_udp ||
                    (came.udp_source == expected->udp_source && came.udp_destination == expected->udp_destination));
    return carried && came.length == expected->length && came.sequence == expected->sequence;
}

static bool ip_checksum_agrees(const struct pattern *pattern, const struct packet *actual)
{
    bool right = (actual->explicit_fields & EXPLICIT_IP_CHECKSUM) == 0;
    if (pattern->ip_checksum == CHECKSUM_BAD)
        return !right;
    return actual->network == NETWORK_IPV4 && pattern->packet.ipv4.checksum == actual->ipv4.checksum;
}

/* IPv4's options; IPv6's extension headers and the first one's kind. */
static bool ip_options_agree(const struct packet *expected, const struct packet *actual)
{
    if (expected->network != actual->network)
        return false;
    if (expected->network == NETWORK_IPV4)
        return bytes_equal(expected->ipv4.options, actual->ipv4.options);
    return expected->ipv6.next_header == actual->ipv6.next_header &&
           bytes_equal(expected->ipv6.extensions, actual->ipv6.extensions);
}

/* Fields of the IP header that are more than a number, and what lies behind the packet. */
static uint64_t match_network(const struct pattern *pattern, const struct packet *actual)
{
    uint64_t differing = 0;
    if (pattern_gives(pattern, FIELD_IP_CHECKSUM) && !ip_checksum_agrees(pattern, actual))
        differing |= FIELD_BIT(FIELD_IP_CHECKSUM);
    if (pattern_gives(pattern, FIELD_IP_OPTIONS) && !ip_options_agree(&pattern->packet, actual))
        differing |= FIELD_BIT(FIELD_IP_OPTIONS);
    if (pattern_gives(pattern, FIELD_TRAILER) && !bytes_equal(pattern->packet.trailer, actual->trailer))
        differing |= FIELD_BIT(FIELD_TRAILER);
    return differing;
}

/* Fields that are more than a number. */
static uint64_t match_composed(const struct pattern *pattern, const struct packet *actual)
{
    uint64_t differing = match_network(pattern, actual);
    const struct packet *expected = &pattern->packet;
    if (pattern_gives(pattern, FIELD_ECN) && !ecn_agrees(pattern, actual))
        differing |= FIELD_BIT(FIELD_ECN);
    for (enum pattern_field field = FIELD_SOURCE; field <= FIELD_DESTINATION; field++)
        if (pattern_gives(pattern, field) && !address_agrees(pattern, actual, field))
            differing |= FIELD_BIT(field);
    if (pattern_gives(pattern, FIELD_OPTIONS) && !options_agree(pattern, actual))
        differing |= FIELD_BIT(FIELD_OPTIONS);
    if (pattern_gives(pattern, FIELD_PAYLOAD) && !bytes_equal(expected->payload, actual->payload))
        differing |= FIELD_BIT(FIELD_PAYLOAD);
    if (pattern_gives(pattern, FIELD_CHECKSUM) && !checksum_agrees(pattern, actual))
        differing |= FIELD_BIT(FIELD_CHECKSUM);
    if (pattern_gives(pattern, FIELD_QUOTE) && !quote_agrees(pattern, actual))
        differing |= FIELD_BIT(FIELD_QUOTE);
    return differing;
}

/* A script that asks for something malformed names the field itself: then defects are what it asked for. */
static bool pattern_asks_for_defects(const struct pattern *pattern)
{
    return pattern->packet.explicit_fields != 0 || pattern->checksum == CHECKSUM_BAD ||
           pattern->ip_checksum == CHECKSUM_BAD || pattern_gives(pattern, FIELD_RESERVED);
}

static uint64_t match_numbers(const struct pattern *pattern, const struct packet *actual)
{
    uint64_t differing = 0;
    for (size_t i = 0; i < COUNT_OF(number_rows); i++) {
        enum pattern_field field = number_rows[i].field;
        if (pattern_gives(pattern, field) && number_rows[i].number(&pattern->packet) != number_rows[i].number(actual))
            differing |= FIELD_BIT(field);
    }
    bool tcp = pattern->packet.transport == TRANSPORT_TCP;
    if (tcp && ((pattern->packet.tcp.flags ^ actual->tcp.flags) & ~(TCP_RESERVED | pattern->open_flags)) == 0)
        differing &= ~FIELD_BIT(FIELD_FLAGS);
    return differing;
}

struct match match_packet(const struct pattern *pattern, const struct packet *actual)
{
    struct match match = {0};
    if (actual->transport != pattern->packet.transport) {
        match.other_kind = true;
        match.malformed = actual->defect_count > 0;
        return match;
    }
    match.differing = match_numbers(pattern, actual) | match_composed(pattern, actual);
    match.malformed = actual->defect_count > 0 && !pattern_asks_for_defects(pattern);
    return match;
}

static bool gre_agrees(const struct outer_header *expected, const struct gre_header *came)
{
    const struct gre_header *gre = &expected->gre;
    uint64_t given = expected->given;
    bool summed = (given & GRE_GIVES_CHECKSUM) != 0 ? gre->checksum == came->checksum : !came->explicit_checksum;
    return gre->flags == came->flags && summed && ((given & GRE_GIVES_OFFSET) == 0 || gre->offset == came->offset) &&
           ((given & GRE_GIVES_KEY) == 0 || gre->key == came->key) &&
           ((given & GRE_GIVES_SEQUENCE) == 0 || gre->sequence == came->sequence);
}

static bool outer_agrees(const struct outer_header *expected, const struct outer_header *came)
{
    if (expected->kind != came->kind)
        return false;
    if (expected->kind == OUTER_GRE)
        return gre_agrees(expected, &came->gre);
    if (expected->kind == OUTER_MPLS)
        return bytes_equal(expected->mpls, came->mpls);
    const struct pattern header = {.packet = expected->ip, .given = expected->given};
    return expected->ip.network == came->ip.network && match_numbers(&header, &came->ip) == 0 &&
           match_composed(&header, &came->ip) == 0;
}

static bool around_agrees(const struct encapsulation *expected, const struct encapsulation *came)
{
    if (expected->count != came->count || expected->over_udp != came->over_udp)
        return false;
    if (came->over_udp &&
        (expected->udp_source != came->udp_source || expected->udp_destination != came->udp_destination))
        return false;
    for (size_t i = 0; i < came->count; i++)
        if (!outer_agrees(&expected->headers[i], &came->headers[i]))
            return false;
    return true;
}

struct match match_encapsulated(const struct pattern *pattern, const struct packet *actual,
                                const struct encapsulation *around)
{
    struct match match = match_packet(pattern, actual);
    match.around = encapsulation_any(around) ? around : NULL;
    if (!around_agrees(&pattern->encapsulation, around))
        match.differing |= FIELD_BIT(FIELD_ENCAPSULATION);
    for (size_t i = 0; i < around->count; i++)
        match.malformed =
            match.malformed || (around->headers[i].kind == OUTER_IP && around->headers[i].ip.defect_count > 0);
    return match;
}
