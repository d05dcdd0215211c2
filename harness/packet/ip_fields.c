/* SPDX-License-Identifier: MIT */
#include "packet/ip_fields.h"
#include "packet/icmp_word.h"

/* The version that the header is to say. */
static uint8_t version_of(const struct ip_fields *fields, unsigned usual)
{
    bool given = (fields->explicit_fields & EXPLICIT_IP_VERSION) != 0;
    return (uint8_t)(given ? fields->numbers[IP_WORD_VERSION] : usual);
}

/* Both lengths stand for the same field; at most one of them is given. */
static uint16_t length_of(const struct ip_fields *fields)
{
    return (uint16_t)(fields->numbers[IP_WORD_TOTAL_LENGTH] | fields->numbers[IP_WORD_PAYLOAD_LENGTH]);
}

static void ip_fields_to_ipv4(const struct ip_fields *fields, struct ipv4_header *ip)
{
    const uint32_t *numbers = fields->numbers;
    ip->version = version_of(fields, 4);
    ip->header_length = (uint8_t)numbers[IP_WORD_HEADER_LENGTH];
    ip->type_of_service = (uint8_t)numbers[IP_WORD_TYPE_OF_SERVICE];
    ip->total_length = length_of(fields);
    ip->identification = (uint16_t)numbers[IP_WORD_IDENTIFICATION];
    ip->flags = (uint8_t)fields->flags;
    ip->fragment_offset = (uint16_t)numbers[IP_WORD_FRAGMENT];
    ip->time_to_live = (uint8_t)numbers[IP_WORD_TIME_TO_LIVE];
    ip->protocol = (uint8_t)numbers[IP_WORD_PROTOCOL];
    ip->checksum = (uint16_t)numbers[IP_WORD_CHECKSUM];
    memcpy(ip->source, fields->source.bytes, sizeof(ip->source));
    memcpy(ip->destination, fields->destination.bytes, sizeof(ip->destination));
    bytes_set(&ip->options, fields->options);
}

static void ip_fields_to_ipv6(const struct ip_fields *fields, struct ipv6_header *ip)
{
    const uint32_t *numbers = fields->numbers;
    ip->version = version_of(fields, 6);
    ip->traffic_class = (uint8_t)numbers[IP_WORD_TYPE_OF_SERVICE];
    ip->flow_label = numbers[IP_WORD_FLOW_LABEL];
    ip->payload_length = length_of(fields);
    ip->next_header = (uint8_t)numbers[IP_WORD_EXTENSIONS];
    ip->hop_limit = (uint8_t)numbers[IP_WORD_TIME_TO_LIVE];
    ip->protocol = (uint8_t)numbers[IP_WORD_PROTOCOL];
    bytes_copy_16(ip->source, fields->source.bytes);
    bytes_copy_16(ip->destination, fields->destination.bytes);
    bytes_set(&ip->extensions, fields->options);
}

void ip_fields_to_packet(const struct ip_fields *fields, struct packet *packet)
{
    packet->network = fields->network;
    packet->explicit_fields |= fields->explicit_fields;
    bytes_set(&packet->trailer, fields->trailer);
    if (fields->network == NETWORK_IPV6)
        ip_fields_to_ipv6(fields, &packet->ipv6);
    else
        ip_fields_to_ipv4(fields, &packet->ipv4);
}

void pattern_set_network(struct pattern *pattern, enum packet_network network)
{
    struct packet *packet = &pattern->packet;
    if (packet->network != NETWORK_NONE || network == NETWORK_NONE)
        return;
    const struct ipv4_header *ip = &packet->ipv4;
    struct ip_fields fields = {
        .network = network,
        .explicit_fields = packet->explicit_fields,
        .trailer = packet->trailer,
        .numbers =
            {
                [IP_WORD_VERSION] = ip->version,
                [IP_WORD_TYPE_OF_SERVICE] = ip->type_of_service,
                [IP_WORD_TIME_TO_LIVE] = ip->time_to_live,
                [IP_WORD_PROTOCOL] = ip->protocol,
            },
    };
    ip_fields_to_packet(&fields, packet);
    if (network == NETWORK_IPV6 && packet->transport == TRANSPORT_ICMPV4)
        packet->transport = TRANSPORT_ICMPV6;
    (void)pattern_resolve_icmp(pattern);
}

bool pattern_resolve_icmp(struct pattern *pattern)
{
    struct packet *packet = &pattern->packet;
    bool old = packet->transport == TRANSPORT_ICMPV4;
    if ((!old && packet->transport != TRANSPORT_ICMPV6) || pattern->icmp_type_word == 0)
        return true;
    int type = icmp_type_number(pattern->icmp_type_word, packet->transport);
    int code = packet->icmp.code;
    if (pattern->icmp_code_word != 0)
        code = icmp_code_number(pattern->icmp_code_word, packet->transport);
    if (type < 0 || code < 0)
        return false;
    packet->icmp.type = (uint8_t)type;
    packet->icmp.code = (uint8_t)code;
    return true;
}
