/* SPDX-License-Identifier: MIT */
#include "packet/ip_fields.h"

#include <stddef.h>

#define NAME(name) name, sizeof(name) - 1

enum {
    ECN_ECT1 = 1,
    ECN_ECT0 = 2,
    ECN_CE = 3,
};

const struct ip_word_row ip_word_rows[IP_WORD_COUNT] = {
    [IP_WORD_SOURCE] = {NAME("src"), IP_VALUE_ADDRESS, FIELD_SOURCE, NETWORK_NONE, 0, 0, 0},
    [IP_WORD_DESTINATION] = {NAME("dst"), IP_VALUE_ADDRESS, FIELD_DESTINATION, NETWORK_NONE, 0, 0, 0},
    [IP_WORD_TYPE_OF_SERVICE] = {NAME("tos"), IP_VALUE_HEXADECIMAL, FIELD_TYPE_OF_SERVICE, NETWORK_NONE, 0, 255, 0},
    [IP_WORD_NOT_ECT] = {NAME("noecn"), IP_VALUE_NONE, FIELD_ECN, NETWORK_NONE, 0, 0, 0},
    [IP_WORD_ECT0] = {NAME("ect0"), IP_VALUE_NONE, FIELD_ECN, NETWORK_NONE, ECN_ECT0, 0, 0},
    [IP_WORD_ECT1] = {NAME("ect1"), IP_VALUE_NONE, FIELD_ECN, NETWORK_NONE, ECN_ECT1, 0, 0},
    [IP_WORD_ECT01] = {NAME("ect01"), IP_VALUE_NONE, FIELD_ECN, NETWORK_NONE, ECN_ECT0, 0, 0},
    [IP_WORD_CE] = {NAME("ce"), IP_VALUE_NONE, FIELD_ECN, NETWORK_NONE, ECN_CE, 0, 0},
    [IP_WORD_IDENTIFICATION] = {NAME("id"), IP_VALUE_DECIMAL, FIELD_IDENTIFICATION, NETWORK_IPV4, 0, 0xffff, 0},
    [IP_WORD_DONT_FRAGMENT] = {NAME("df"), IP_VALUE_NONE, FIELD_IP_FLAGS, NETWORK_IPV4, IPV4_DONT_FRAGMENT, 0, 0},
    [IP_WORD_MORE_FRAGMENTS] = {NAME("mf"), IP_VALUE_NONE, FIELD_IP_FLAGS, NETWORK_IPV4, IPV4_MORE_FRAGMENTS, 0, 0},
    [IP_WORD_RESERVED_FLAG] = {NAME("reserved_flag"), IP_VALUE_NONE, FIELD_IP_FLAGS, NETWORK_IPV4, IPV4_RESERVED, 0, 0},
    [IP_WORD_FRAGMENT] = {NAME("fragment"), IP_VALUE_DECIMAL, FIELD_FRAGMENT_OFFSET, NETWORK_IPV4, 0, 0x1fff, 0},
    [IP_WORD_FLOW_LABEL] = {NAME("flowlabel"), IP_VALUE_HEXADECIMAL, FIELD_FLOW_LABEL, NETWORK_IPV6, 0, 0xfffff, 0},
    [IP_WORD_TIME_TO_LIVE] = {NAME("ttl"), IP_VALUE_DECIMAL, FIELD_TIME_TO_LIVE, NETWORK_NONE, 0, 255, 0},
    [IP_WORD_VERSION] = {NAME("version"), IP_VALUE_DECIMAL, FIELD_IP_VERSION, NETWORK_NONE, 0, 15, EXPLICIT_IP_VERSION},
    [IP_WORD_HEADER_LENGTH] = {NAME("header_length"), IP_VALUE_DECIMAL, FIELD_IP_HEADER_LENGTH, NETWORK_IPV4, 0, 15,
                               EXPLICIT_IP_HEADER_LENGTH},
    [IP_WORD_TOTAL_LENGTH] = {NAME("total_length"), IP_VALUE_DECIMAL, FIELD_IP_LENGTH, NETWORK_IPV4, 0, 0xffff,
                              EXPLICIT_IP_LENGTH},
    [IP_WORD_PAYLOAD_LENGTH] = {NAME("payload_length"), IP_VALUE_DECIMAL, FIELD_IP_LENGTH, NETWORK_IPV6, 0, 0xffff,
                                EXPLICIT_IP_LENGTH},
    [IP_WORD_PROTOCOL] = {NAME("protocol"), IP_VALUE_DECIMAL, FIELD_PROTOCOL, NETWORK_NONE, 0, 255,
                          EXPLICIT_IP_PROTOCOL},
    [IP_WORD_CHECKSUM] = {NAME("checksum"), IP_VALUE_CHECKSUM, FIELD_IP_CHECKSUM, NETWORK_IPV4, 0, 0xffff,
                          EXPLICIT_IP_CHECKSUM},
    [IP_WORD_OPTIONS] = {NAME("options"), IP_VALUE_BYTES, FIELD_IP_OPTIONS, NETWORK_IPV4, 0, 0, 0},
    [IP_WORD_EXTENSIONS] = {NAME("extensions"), IP_VALUE_EXTENSIONS, FIELD_IP_OPTIONS, NETWORK_IPV6, 0, 255, 0},
    [IP_WORD_TRAILER] = {NAME("trailer"), IP_VALUE_BYTES, FIELD_TRAILER, NETWORK_NONE, 0, 0, 0},
};

uint32_t *ip_fields_number(struct ip_fields *fields, enum ip_word word)
{
    static const uint8_t offsets[IP_WORD_COUNT] = {
        [IP_WORD_TYPE_OF_SERVICE] = offsetof(struct ip_fields, type_of_service),
        [IP_WORD_IDENTIFICATION] = offsetof(struct ip_fields, identification),
        [IP_WORD_FRAGMENT] = offsetof(struct ip_fields, fragment_offset),
        [IP_WORD_FLOW_LABEL] = offsetof(struct ip_fields, flow_label),
        [IP_WORD_TIME_TO_LIVE] = offsetof(struct ip_fields, time_to_live),
        [IP_WORD_VERSION] = offsetof(struct ip_fields, version),
        [IP_WORD_HEADER_LENGTH] = offsetof(struct ip_fields, header_length),
        [IP_WORD_TOTAL_LENGTH] = offsetof(struct ip_fields, length),
        [IP_WORD_PAYLOAD_LENGTH] = offsetof(struct ip_fields, length),
        [IP_WORD_PROTOCOL] = offsetof(struct ip_fields, protocol),
        [IP_WORD_CHECKSUM] = offsetof(struct ip_fields, checksum),
        [IP_WORD_EXTENSIONS] = offsetof(struct ip_fields, next_header),
    };
    INVARIANT(offsets[word] != 0);
    return (uint32_t *)(void *)((char *)fields + offsets[word]);
}

static void ip_fields_from_ipv4(struct ip_fields *fields, const struct ipv4_header *ip)
{
    fields->version = ip->version;
    fields->header_length = ip->header_length;
    fields->type_of_service = ip->type_of_service;
    fields->length = ip->total_length;
    fields->identification = ip->identification;
    fields->flags = ip->flags;
    fields->fragment_offset = ip->fragment_offset;
    fields->time_to_live = ip->time_to_live;
    fields->protocol = ip->protocol;
    fields->checksum = ip->checksum;
    fields->options = ip->options;
}

static void ip_fields_from_ipv6(struct ip_fields *fields, const struct ipv6_header *ip)
{
    fields->version = ip->version;
    fields->type_of_service = ip->traffic_class;
    fields->length = ip->payload_length;
    fields->flow_label = ip->flow_label;
    fields->time_to_live = ip->hop_limit;
    fields->protocol = ip->protocol;
    fields->next_header = ip->next_header;
    fields->options = ip->extensions;
}

void ip_fields_from_packet(struct ip_fields *fields, const struct packet *packet, uint64_t given)
{
    fields->network = packet->network;
    fields->given = given;
    fields->explicit_fields = packet->explicit_fields;
    fields->ecn = ECN_EXACT;
    fields->checksum_kind = CHECKSUM_AS_GIVEN;
    fields->trailer = packet->trailer;
    if (packet->network == NETWORK_IPV6)
        ip_fields_from_ipv6(fields, &packet->ipv6);
    else
        ip_fields_from_ipv4(fields, &packet->ipv4);
    if (packet->network != NETWORK_NONE) {
        fields->source = packet_source(packet);
        fields->destination = packet_destination(packet);
    }
}

static void ip_fields_to_ipv4(const struct ip_fields *fields, struct ipv4_header *ip)
{
    ip->version = (fields->explicit_fields & EXPLICIT_IP_VERSION) != 0 ? (uint8_t)fields->version : 4;
    ip->header_length = (uint8_t)fields->header_length;
    ip->type_of_service = (uint8_t)fields->type_of_service;
    ip->total_length = (uint16_t)fields->length;
    ip->identification = (uint16_t)fields->identification;
    ip->flags = (uint8_t)fields->flags;
    ip->fragment_offset = (uint16_t)fields->fragment_offset;
    ip->time_to_live = (uint8_t)fields->time_to_live;
    ip->protocol = (uint8_t)fields->protocol;
    ip->checksum = (uint16_t)fields->checksum;
    memcpy(ip->source, fields->source.bytes, sizeof(ip->source));
    memcpy(ip->destination, fields->destination.bytes, sizeof(ip->destination));
    ip->options = fields->options;
}

static void ip_fields_to_ipv6(const struct ip_fields *fields, struct ipv6_header *ip)
{
    ip->version = (fields->explicit_fields & EXPLICIT_IP_VERSION) != 0 ? (uint8_t)fields->version : 6;
    ip->traffic_class = (uint8_t)fields->type_of_service;
    ip->flow_label = fields->flow_label;
    ip->payload_length = (uint16_t)fields->length;
    ip->next_header = (uint8_t)fields->next_header;
    ip->hop_limit = (uint8_t)fields->time_to_live;
    ip->protocol = (uint8_t)fields->protocol;
    memcpy(ip->source, fields->source.bytes, sizeof(ip->source));
    memcpy(ip->destination, fields->destination.bytes, sizeof(ip->destination));
    ip->extensions = fields->options;
}

void ip_fields_to_packet(const struct ip_fields *fields, struct packet *packet)
{
    packet->network = fields->network;
    packet->explicit_fields |= fields->explicit_fields;
    packet->trailer = fields->trailer;
    if (fields->network == NETWORK_IPV6)
        ip_fields_to_ipv6(fields, &packet->ipv6);
    else
        ip_fields_to_ipv4(fields, &packet->ipv4);
}

void pattern_set_network(struct pattern *pattern, enum packet_network network)
{
    if (pattern->packet.network != NETWORK_NONE || network == NETWORK_NONE)
        return;
    struct ip_fields fields = {.network = NETWORK_NONE};
    ip_fields_from_packet(&fields, &pattern->packet, pattern->given);
    fields.network = network;
    ip_fields_to_packet(&fields, &pattern->packet);
    if (network == NETWORK_IPV6 && pattern->packet.transport == TRANSPORT_ICMPV4)
        pattern->packet.transport = TRANSPORT_ICMPV6;
}
