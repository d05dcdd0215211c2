/* SPDX-License-Identifier: MIT */
/* When two texts of packets say the same. Field by field: a pattern has fields that no wire bytes tell of. */
#include "packet/pattern.h"

static bool ipv4_equal(const struct ipv4_header *left, const struct ipv4_header *right)
{
    return left->version == right->version && left->header_length == right->header_length &&
           left->type_of_service == right->type_of_service && left->total_length == right->total_length &&
           left->identification == right->identification && left->flags == right->flags &&
           left->fragment_offset == right->fragment_offset && left->time_to_live == right->time_to_live &&
           left->protocol == right->protocol && left->checksum == right->checksum &&
           memcmp(left->source, right->source, sizeof(left->source)) == 0 &&
           memcmp(left->destination, right->destination, sizeof(left->destination)) == 0 &&
           bytes_equal(left->options, right->options);
}

static bool ipv6_equal(const struct ipv6_header *left, const struct ipv6_header *right)
{
    return left->version == right->version && left->traffic_class == right->traffic_class &&
           left->flow_label == right->flow_label && left->payload_length == right->payload_length &&
           left->next_header == right->next_header && left->hop_limit == right->hop_limit &&
           left->protocol == right->protocol && memcmp(left->source, right->source, sizeof(left->source)) == 0 &&
           memcmp(left->destination, right->destination, sizeof(left->destination)) == 0 &&
           bytes_equal(left->extensions, right->extensions);
}

static bool tcp_equal(const struct tcp_header *left, const struct tcp_header *right)
{
    return left->source_port == right->source_port && left->destination_port == right->destination_port &&
           left->sequence == right->sequence && left->acknowledgment == right->acknowledgment &&
           left->data_offset == right->data_offset && left->flags == right->flags && left->window == right->window &&
           left->checksum == right->checksum && left->urgent_pointer == right->urgent_pointer &&
           bytes_equal(left->options, right->options);
}

static bool udp_equal(const struct udp_header *left, const struct udp_header *right)
{
    return left->source_port == right->source_port && left->destination_port == right->destination_port &&
           left->length == right->length && left->checksum == right->checksum;
}

static bool icmp_equal(const struct icmp_header *left, const struct icmp_header *right)
{
    return left->type == right->type && left->code == right->code && left->checksum == right->checksum &&
           left->rest == right->rest;
}

static bool transports_equal(const struct packet *left, const struct packet *right)
{
    switch (left->transport) {
    case TRANSPORT_TCP:
        return tcp_equal(&left->tcp, &right->tcp);
    case TRANSPORT_UDP:
        return udp_equal(&left->udp, &right->udp);
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        return icmp_equal(&left->icmp, &right->icmp);
    case TRANSPORT_NONE:
        break;
    }
    return true;
}

/* What a pattern gives. A payload of no bytes is given by its length already. */
static uint64_t pattern_given(const struct pattern *pattern)
{
    bool empty = pattern_gives(pattern, FIELD_PAYLOAD_LENGTH) && pattern->packet.payload.length == 0;
    return empty ? pattern->given & ~FIELD_BIT(FIELD_PAYLOAD) : pattern->given;
}

static bool networks_equal(const struct packet *left, const struct packet *right)
{
    return left->network == right->network && (left->network == NETWORK_IPV6 ? ipv6_equal(&left->ipv6, &right->ipv6)
                                                                             : ipv4_equal(&left->ipv4, &right->ipv4));
}

static bool gre_equal(const struct gre_header *left, const struct gre_header *right)
{
    return left->flags == right->flags && left->offset == right->offset && left->key == right->key &&
           left->sequence == right->sequence && left->explicit_checksum == right->explicit_checksum &&
           (!left->explicit_checksum || left->checksum == right->checksum);
}

static bool outer_equal(const struct outer_header *left, const struct outer_header *right)
{
    if (left->kind != right->kind || left->given != right->given)
        return false;
    if (left->kind == OUTER_IP)
        return left->ip.explicit_fields == right->ip.explicit_fields && networks_equal(&left->ip, &right->ip);
    return left->kind == OUTER_GRE ? gre_equal(&left->gre, &right->gre) : bytes_equal(left->mpls, right->mpls);
}

bool encapsulation_equal(const struct encapsulation *left, const struct encapsulation *right)
{
    if (left->count != right->count || left->over_udp != right->over_udp || left->udp_source != right->udp_source ||
        left->udp_destination != right->udp_destination)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (!outer_equal(&left->headers[i], &right->headers[i]))
            return false;
    return true;
}

static bool quotes_equal(const struct pattern_quote *left, const struct pattern_quote *right)
{
    return left->transport == right->transport && left->sequence == right->sequence && left->length == right->length &&
           left->over_udp == right->over_udp && left->udp_source == right->udp_source &&
           left->udp_destination == right->udp_destination;
}

static bool all_slots_equal(const struct pattern *left, const struct pattern *right)
{
    for (size_t i = 0; i < left->slot_count && i < right->slot_count; i++)
        if (!slots_equal(&left->slots[i], &right->slots[i]))
            return false;
    return left->slot_count == right->slot_count;
}

static bool option_sets_equal(const struct pattern_option_set *left, const struct pattern_option_set *right)
{
    return left->is_set == right->is_set && left->optional == right->optional && left->any_value == right->any_value;
}

bool pattern_equal(const struct pattern *left, const struct pattern *right)
{
    const struct packet *one = &left->packet;
    const struct packet *other = &right->packet;
    if (pattern_given(left) != pattern_given(right) || left->ecn != right->ecn || left->checksum != right->checksum ||
        left->ip_checksum != right->ip_checksum || left->any_options != right->any_options ||
        left->open_flags != right->open_flags || !option_sets_equal(&left->option_set, &right->option_set) ||
        !all_slots_equal(left, right))
        return false;
    if (left->icmp_type_word != right->icmp_type_word || left->icmp_code_word != right->icmp_code_word ||
        !quotes_equal(&left->quote, &right->quote) || !encapsulation_equal(&left->encapsulation, &right->encapsulation))
        return false;
    if (one->network != other->network || one->transport != other->transport ||
        one->explicit_fields != other->explicit_fields)
        return false;
    return networks_equal(one, other) && transports_equal(one, other) && bytes_equal(one->payload, other->payload) &&
           bytes_equal(one->trailer, other->trailer);
}
