/* SPDX-License-Identifier: MIT */
/* The text form of packets and patterns. */
#include "packet/put_packet.h"

enum {
    TEXT_FIXED_MOST = 1024, /* of all that has a fixed length */
};

/* Fields that stand in a script's segment, without those of IP. */
static const uint64_t script_fields =
    FIELD_BIT(FIELD_FLAGS) | FIELD_BIT(FIELD_RESERVED) | FIELD_BIT(FIELD_SEQUENCE) | FIELD_BIT(FIELD_ACKNOWLEDGMENT) |
    FIELD_BIT(FIELD_WINDOW) | FIELD_BIT(FIELD_URGENT_POINTER) | FIELD_BIT(FIELD_DATA_OFFSET) |
    FIELD_BIT(FIELD_CHECKSUM) | FIELD_BIT(FIELD_OPTIONS) | FIELD_BIT(FIELD_PAYLOAD_LENGTH) |
    FIELD_BIT(FIELD_UDP_LENGTH) | FIELD_BIT(FIELD_ICMP_TYPE) | FIELD_BIT(FIELD_ICMP_CODE) | FIELD_BIT(FIELD_ICMP_REST);

static uint64_t bit_if(bool condition, enum pattern_field field)
{
    return (uint64_t)condition << field;
}

static bool all_zero(struct bytes bytes)
{
    size_t at = 0;
    for (; at + 8 <= bytes.length; at += 8)
        if (load_be64(bytes.data + at) != 0)
            return false;
    for (; at < bytes.length; at++)
        if (bytes.data[at] != 0)
            return false;
    return true;
}

/* IP fields that must be printed for the packet to be built again. */
static uint64_t ip_fields_needed(const struct packet *packet)
{
    uint64_t needed = FIELD_BIT(FIELD_SOURCE) | FIELD_BIT(FIELD_DESTINATION) | FIELD_BIT(FIELD_TIME_TO_LIVE);
    if (packet->network == NETWORK_IPV4) {
        const struct ipv4_header *ip = &packet->ipv4;
        needed |= bit_if(ip->type_of_service != 0, FIELD_TYPE_OF_SERVICE);
        needed |= bit_if(ip->identification != 0, FIELD_IDENTIFICATION);
        needed |= bit_if(ip->flags != 0, FIELD_IP_FLAGS);
        needed |= bit_if(ip->fragment_offset != 0, FIELD_FRAGMENT_OFFSET);
        needed |= bit_if(ip->options.length != 0, FIELD_IP_OPTIONS);
    } else if (packet->network == NETWORK_IPV6) {
        const struct ipv6_header *ip = &packet->ipv6;
        needed |= bit_if(ip->traffic_class != 0, FIELD_TYPE_OF_SERVICE);
        needed |= bit_if(ip->flow_label != 0, FIELD_FLOW_LABEL);
        needed |= bit_if(ip->extensions.length != 0, FIELD_IP_OPTIONS);
    } else {
        needed = 0;
    }
    return needed | bit_if(packet->trailer.length != 0, FIELD_TRAILER);
}

/* Fields whose value is meant as it is. */
static uint64_t explicit_fields_needed(const struct packet *packet)
{
    static const uint8_t fields[] = {
        FIELD_IP_VERSION, FIELD_IP_HEADER_LENGTH, FIELD_IP_LENGTH,  FIELD_IP_CHECKSUM,
        FIELD_PROTOCOL,   FIELD_DATA_OFFSET,      FIELD_UDP_LENGTH, FIELD_CHECKSUM,
    };
    uint64_t needed = 0;
    for (uint32_t left = packet->explicit_fields; left != 0; left &= left - 1)
        needed |= FIELD_BIT(fields[__builtin_ctz(left)]);
    return needed;
}

static uint64_t transport_fields_needed(const struct packet *packet)
{
    uint64_t ports = FIELD_BIT(FIELD_SOURCE_PORT) | FIELD_BIT(FIELD_DESTINATION_PORT);
    uint64_t needed = FIELD_BIT(FIELD_PAYLOAD_LENGTH) | bit_if(!all_zero(packet->payload), FIELD_PAYLOAD);
    const struct tcp_header *tcp = &packet->tcp;
    switch (packet->transport) {
    case TRANSPORT_TCP:
        needed |= ports | FIELD_BIT(FIELD_FLAGS) | FIELD_BIT(FIELD_SEQUENCE) | FIELD_BIT(FIELD_WINDOW) |
                  FIELD_BIT(FIELD_OPTIONS);
        needed |= bit_if((tcp->flags & TCP_RESERVED) != 0, FIELD_RESERVED);
        needed |= bit_if((tcp->flags & TCP_ACK) != 0 || tcp->acknowledgment != 0, FIELD_ACKNOWLEDGMENT);
        return needed | bit_if((tcp->flags & TCP_URG) != 0 || tcp->urgent_pointer != 0, FIELD_URGENT_POINTER);
    case TRANSPORT_UDP:
        return needed | ports;
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        needed |= FIELD_BIT(FIELD_ICMP_TYPE) | FIELD_BIT(FIELD_ICMP_CODE);
        return needed | bit_if(packet->icmp.rest != 0, FIELD_ICMP_REST);
    case TRANSPORT_NONE:
        break;
    }
    return bit_if(packet->payload.length != 0, FIELD_PAYLOAD) | bit_if(packet->network != NETWORK_NONE, FIELD_PROTOCOL);
}

/* The most characters that the text can have. */
static size_t printing_size_most(const struct printing *printing)
{
    const struct packet *packet = printing->packet;
    size_t size = TEXT_FIXED_MOST + printing->slot_count * 2 * PUT_SLOT_MOST +
                  2 * (packet->payload.length + packet->trailer.length);
    if (packet->transport == TRANSPORT_TCP)
        size += (size_t)(PUT_OPTION_RATIO + PUT_MARK_MOST) * packet->tcp.options.length;
    if (shows(printing, FIELD_IP_OPTIONS))
        size += 2 * (packet->network == NETWORK_IPV6 ? packet->ipv6.extensions : packet->ipv4.options).length;
    if (UNLIKELY(printing->encapsulation != NULL))
        size += put_encapsulation_most(printing->encapsulation);
    return size;
}

static char *put_printing(char *at, const struct printing *printing)
{
    if (UNLIKELY(printing->encapsulation != NULL))
        at = put_encapsulation(at, printing->encapsulation);
    return put_segment(put_ip_fields(at, printing), printing);
}

/* Where the text can't be made to hold the most there could be, the characters are put elsewhere first. */
static void printing_append(struct text *text, const struct printing *printing)
{
    size_t most = printing_size_most(printing);
    if (LIKELY(text_reserve(text, most))) {
        char *end = put_printing(text->data + text->length, printing);
        *end = '\0';
        text->length = (size_t)(end - text->data);
        return;
    }
    struct text elsewhere = text_growing();
    if (text_reserve(&elsewhere, most)) {
        char *end = put_printing(elsewhere.data, printing);
        text_append_bytes(text, elsewhere.data, (size_t)(end - elsewhere.data));
    } else {
        text->truncated = true;
    }
    text_free(&elsewhere);
}

void tcp_open_flags_print(struct text *text, uint16_t flags, uint16_t open)
{
    char letters[PUT_FLAGS_MOST];
    const char *end = put_flags(letters, flags, open);
    text_append_bytes(text, letters, (size_t)(end - letters));
}

void tcp_flags_print(struct text *text, uint16_t flags)
{
    tcp_open_flags_print(text, flags, 0);
}

static uint64_t fields_shown(const struct packet *packet, enum pattern_style style)
{
    uint64_t needed = explicit_fields_needed(packet) | transport_fields_needed(packet);
    if (style == PATTERN_WHOLE)
        return needed | ip_fields_needed(packet);
    return packet->transport == TRANSPORT_NONE ? needed : needed & script_fields;
}

/* What a header must show to be built again. */
static uint64_t outer_fields_needed(const struct outer_header *header)
{
    const struct gre_header *gre = &header->gre;
    if (header->kind == OUTER_IP)
        return (explicit_fields_needed(&header->ip) | ip_fields_needed(&header->ip)) & ~FIELD_BIT(FIELD_TRAILER);
    if (header->kind == OUTER_MPLS)
        return 0;
    return (gre->explicit_checksum ? GRE_GIVES_CHECKSUM : 0u) | (gre->offset != 0 ? GRE_GIVES_OFFSET : 0u) |
           ((gre->flags & GRE_KEY) != 0 ? GRE_GIVES_KEY : 0u) |
           ((gre->flags & GRE_SEQUENCE) != 0 ? GRE_GIVES_SEQUENCE : 0u);
}

void encapsulation_print(struct text *text, const struct encapsulation *encapsulation, const struct packet *packet,
                         enum pattern_style style)
{
    struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    struct encapsulation shown = *encapsulation;
    for (size_t i = 0; i < encapsulation->count; i++) {
        headers[i] = encapsulation->headers[i];
        headers[i].given = outer_fields_needed(&headers[i]);
    }
    shown.headers = headers;
    struct printing printing = {.packet = packet, .given = fields_shown(packet, style), .encapsulation = &shown};
    printing_append(text, &printing);
}

void packet_print(struct text *text, const struct packet *packet, enum pattern_style style)
{
    const struct printing printing = {.packet = packet, .given = fields_shown(packet, style)};
    printing_append(text, &printing);
}

static struct printing printing_of(const struct pattern *pattern)
{
    return (struct printing){
        .packet = &pattern->packet,
        .given = pattern->given,
        .ecn = pattern->ecn,
        .checksum = pattern->checksum,
        .ip_checksum = pattern->ip_checksum,
        .any_options = pattern->any_options,
        .open_flags = pattern->open_flags,
        .option_set = pattern->option_set,
        .icmp_type_word = pattern->icmp_type_word,
        .icmp_code_word = pattern->icmp_code_word,
        .quote = &pattern->quote,
        .encapsulation = encapsulation_any(&pattern->encapsulation) ? &pattern->encapsulation : NULL,
        .slots = pattern->slots,
        .slot_count = pattern->slot_count,
    };
}

void pattern_print_options(struct text *text, const struct pattern *pattern)
{
    char options[2 + PUT_SET_MOST + PUT_SLACK];
    const struct printing printing = printing_of(pattern);
    char *end = put_character(put_option_set(put_character(options, '<'), &printing), '>');
    text_append_bytes(text, options, (size_t)(end - options));
}

void pattern_print_quote(struct text *text, const struct pattern_quote *quote)
{
    char characters[96];
    char *end = put_quote(characters, quote);
    text_append_bytes(text, characters, (size_t)(end - characters));
}

void pattern_print_encapsulation(struct text *text, const struct encapsulation *encapsulation)
{
    struct text elsewhere = text_growing();
    if (text_reserve(&elsewhere, put_encapsulation_most(encapsulation) + PUT_SLACK)) {
        char *end = put_encapsulation(elsewhere.data, encapsulation);
        size_t length = (size_t)(end - elsewhere.data);
        text_append_bytes(text, elsewhere.data, length > 0 ? length - 1 : 0);
    }
    text_free(&elsewhere);
    if (encapsulation->over_udp)
        text_append_format(text, "%s/udp(%u > %u)", encapsulation->count > 0 ? " " : "", encapsulation->udp_source,
                           encapsulation->udp_destination);
}

void pattern_print(struct text *text, const struct pattern *pattern)
{
    const struct printing printing = printing_of(pattern);
    printing_append(text, &printing);
}
