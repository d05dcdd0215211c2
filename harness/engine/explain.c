/* SPDX-License-Identifier: MIT */
#include "engine/ip_column.h"
#include "engine/run.h"
#include "engine/words.h"

#include "packet/icmp_quote.h"
#include "packet/icmp_word.h"

static const char *const flag_words[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"};

void explain_flags(struct text *text, uint16_t flags)
{
    /* People say SYN,ACK and RST,ACK and FIN,ACK: ACK and PSH go last. */
    static const uint8_t order[] = {1, 2, 0, 5, 6, 7, 8, 3, 4};
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if ((flags & (1U << order[i])) == 0)
            continue;
        if (any)
            text_append_character(text, ',');
        text_append_string(text, flag_words[order[i]]);
        any = true;
    }
    if ((flags & TCP_RESERVED) != 0)
        text_append_format(text, "%sreserved bits", any ? "," : "");
    else if (!any)
        text_append_string(text, "no control bits");
}

void explain_packet(struct text *text, const struct packet *packet)
{
    switch (packet->transport) {
    case TRANSPORT_TCP:
        explain_flags(text, packet->tcp.flags);
        return;
    case TRANSPORT_UDP:
        text_append_string(text, "a UDP datagram");
        return;
    case TRANSPORT_ICMPV4:
    case TRANSPORT_ICMPV6:
        text_append_string(text, packet->transport == TRANSPORT_ICMPV4 ? "ICMP " : "ICMPv6 ");
        icmp_print_words(text, packet);
        return;
    case TRANSPORT_NONE:
        break;
    }
    if (packet->network == NETWORK_NONE)
        text_append_string(text, "no IP packet");
    else
        text_append_format(text, "a packet of protocol %u",
                           packet->network == NETWORK_IPV4 ? packet->ipv4.protocol : packet->ipv6.protocol);
}

void explain_pattern(struct text *text, const struct pattern *pattern)
{
    if (pattern->icmp_type_word == 0) {
        explain_packet(text, &pattern->packet);
        return;
    }
    text_append_format(text, "ICMP %s", icmp_type_word(pattern->icmp_type_word));
    if (pattern->icmp_code_word != 0)
        text_append_format(text, " %s", icmp_code_word(pattern->icmp_code_word));
    else if (pattern->packet.icmp.code != 0)
        text_append_format(text, " code_%u", pattern->packet.icmp.code);
}

void explain_span(struct text *text, nanoseconds span)
{
    if (span < NANOSECONDS_PER_SECOND)
        text_append_format(text, "%.1f ms", (double)span / (double)NANOSECONDS_PER_MILLISECOND);
    else
        text_append_format(text, "%.3f s", (double)span / (double)NANOSECONDS_PER_SECOND);
}

typedef void column_print(struct text *text, const struct packet *packet);

static void column_network(struct text *text, const struct packet *packet)
{
    struct address source = packet_source(packet);
    struct address destination = packet_destination(packet);
    address_print(text, &source);
    text_append_string(text, " > ");
    address_print(text, &destination);
}

static void column_ports(struct text *text, const struct packet *packet)
{
    text_append_format(text, "%u > %u", packet->tcp.source_port, packet->tcp.destination_port);
}

static void column_ecn(struct text *text, const struct packet *packet)
{
    static const char *const names[] = {"[noecn]", "[ect1]", "[ect0]", "[ce]"};
    uint8_t tos = packet->network == NETWORK_IPV4 ? packet->ipv4.type_of_service : packet->ipv6.traffic_class;
    text_append_string(text, names[tos & 3]);
}

static void column_data_offset(struct text *text, const struct packet *packet)
{
    text_append_format(text, "data_offset %u", packet->tcp.data_offset);
}

static void column_time_to_live(struct text *text, const struct packet *packet)
{
    text_append_format(text, "ttl %u",
                       packet->network == NETWORK_IPV4 ? packet->ipv4.time_to_live : packet->ipv6.hop_limit);
}

static void column_flags(struct text *text, const struct packet *packet)
{
    tcp_flags_print(text, packet->tcp.flags & (uint16_t)~TCP_RESERVED);
}

static void column_reserved(struct text *text, const struct packet *packet)
{
    text_append_format(text, "reserved %u", (packet->tcp.flags & TCP_RESERVED) >> 9);
}

static void column_sequence(struct text *text, const struct packet *packet)
{
    size_t length = packet->payload.length;
    text_append_format(text, "%u:%u(%zu)", packet->tcp.sequence, packet->tcp.sequence + (uint32_t)length, length);
}

static void column_acknowledgment(struct text *text, const struct packet *packet)
{
    text_append_format(text, "ack %u", packet->tcp.acknowledgment);
}

static void column_window(struct text *text, const struct packet *packet)
{
    text_append_format(text, "win %u", packet->tcp.window);
}

static void column_urgent_pointer(struct text *text, const struct packet *packet)
{
    text_append_format(text, "urg %u", packet->tcp.urgent_pointer);
}

static void column_checksum(struct text *text, const struct packet *packet)
{
    text_append_format(text, "checksum 0x%04x", packet->tcp.checksum);
}

static void column_options(struct text *text, const struct packet *packet)
{
    struct bytes rest = packet->tcp.options;
    struct tcp_option option;
    const char *before = "<";
    if (rest.length == 0) {
        text_append_string(text, "<no options>");
        return;
    }
    while (tcp_option_next(&rest, &option)) {
        text_append_string(text, before);
        tcp_option_print(text, &option);
        before = ",";
    }
    text_append_character(text, '>');
}

static void column_length(struct text *text, const struct packet *packet)
{
    text_append_format(text, "udp (%zu)", packet->payload.length);
}

static void column_udp_length(struct text *text, const struct packet *packet)
{
    text_append_format(text, "length %u", packet->udp.length);
}

static void column_message(struct text *text, const struct packet *packet)
{
    text_append_string(text, "icmp ");
    icmp_print_words(text, packet);
}

static void column_rest(struct text *text, const struct packet *packet)
{
    text_append_format(text, "mtu %u", packet->icmp.rest);
}

static void column_body_length(struct text *text, const struct packet *packet)
{
    text_append_format(text, "(%zu)", packet->payload.length);
}

/* Of a packet that came; its numbers are the script's. */
static void column_quote(struct text *text, const struct packet *packet)
{
    struct icmp_quote quote;
    struct pattern_quote shown = {0};
    if (!icmp_quote_read(packet, false, &quote) || quote.transport == TRANSPORT_NONE) {
        text_append_string(text, "[no TCP or UDP]");
        return;
    }
    shown.transport = quote.transport;
    shown.sequence = quote.sequence;
    shown.length = quote.length;
    pattern_print_quote(text, &shown);
}

/* What is around a packet is not in it: see column_around(). */
static void column_outer(struct text *text, const struct packet *packet)
{
    (void)text;
    (void)packet;
}

static void column_payload(struct text *text, const struct packet *packet)
{
    text_append_string(text, "payload ");
    explain_bytes(text, packet->payload);
}

enum column_show {
    SHOWN_ALWAYS,
    SHOWN_WITH_ACK, /* where the ACK bit is set */
    SHOWN_IF_GIVEN, /* where the script gives it */
};

enum {
    OF_TCP = 1 << TRANSPORT_TCP,
    OF_UDP = 1 << TRANSPORT_UDP,
    OF_ICMP = 1 << TRANSPORT_ICMPV4 | 1 << TRANSPORT_ICMPV6,
    OF_NONE = 1 << TRANSPORT_NONE,
    OF_ALL = OF_TCP | OF_UDP | OF_ICMP | OF_NONE,
};

/* Columns in the order of a segment's text, and the fields that each stands for. */
static const struct {
    const char *name; /* in a headline, where the text does not say it */
    uint64_t fields;
    unsigned transports; /* that have it, a bit each */
    enum column_show show;
    column_print *print;
} columns[] = {
    {"", FIELD_BIT(FIELD_ENCAPSULATION), OF_ALL, SHOWN_IF_GIVEN, column_outer},
    {"addresses ", FIELD_BIT(FIELD_SOURCE) | FIELD_BIT(FIELD_DESTINATION), OF_ALL, SHOWN_IF_GIVEN, column_network},
    {"", FIELD_BIT(FIELD_IP_VERSION), OF_ALL, SHOWN_IF_GIVEN, ip_column_version},
    {"", FIELD_BIT(FIELD_IP_HEADER_LENGTH), OF_ALL, SHOWN_IF_GIVEN, ip_column_header_length},
    {"", FIELD_BIT(FIELD_ECN), OF_ALL, SHOWN_IF_GIVEN, column_ecn},
    {"", FIELD_BIT(FIELD_TYPE_OF_SERVICE), OF_ALL, SHOWN_IF_GIVEN, ip_column_type_of_service},
    {"", FIELD_BIT(FIELD_IP_LENGTH), OF_ALL, SHOWN_IF_GIVEN, ip_column_length},
    {"", FIELD_BIT(FIELD_IDENTIFICATION), OF_ALL, SHOWN_IF_GIVEN, ip_column_identification},
    {"", FIELD_BIT(FIELD_IP_FLAGS), OF_ALL, SHOWN_IF_GIVEN, ip_column_flags},
    {"", FIELD_BIT(FIELD_FRAGMENT_OFFSET), OF_ALL, SHOWN_IF_GIVEN, ip_column_fragment},
    {"", FIELD_BIT(FIELD_TIME_TO_LIVE), OF_ALL, SHOWN_IF_GIVEN, column_time_to_live},
    {"", FIELD_BIT(FIELD_PROTOCOL), OF_ALL, SHOWN_IF_GIVEN, ip_column_protocol},
    {"", FIELD_BIT(FIELD_IP_CHECKSUM), OF_ALL, SHOWN_IF_GIVEN, ip_column_checksum},
    {"", FIELD_BIT(FIELD_FLOW_LABEL), OF_ALL, SHOWN_IF_GIVEN, ip_column_flow_label},
    {"", FIELD_BIT(FIELD_IP_OPTIONS), OF_ALL, SHOWN_IF_GIVEN, ip_column_options},
    {"", FIELD_BIT(FIELD_TRAILER), OF_ALL, SHOWN_IF_GIVEN, ip_column_trailer},
    {"ports ", FIELD_BIT(FIELD_SOURCE_PORT) | FIELD_BIT(FIELD_DESTINATION_PORT), OF_TCP | OF_UDP, SHOWN_IF_GIVEN,
     column_ports},
    {"", FIELD_BIT(FIELD_FLAGS), OF_TCP, SHOWN_ALWAYS, column_flags},
    {"SEQ ", FIELD_BIT(FIELD_SEQUENCE) | FIELD_BIT(FIELD_PAYLOAD_LENGTH), OF_TCP, SHOWN_ALWAYS, column_sequence},
    {"", FIELD_BIT(FIELD_ACKNOWLEDGMENT), OF_TCP, SHOWN_WITH_ACK, column_acknowledgment},
    {"", FIELD_BIT(FIELD_WINDOW), OF_TCP, SHOWN_ALWAYS, column_window},
    {"", FIELD_BIT(FIELD_URGENT_POINTER), OF_TCP, SHOWN_IF_GIVEN, column_urgent_pointer},
    {"", FIELD_BIT(FIELD_RESERVED), OF_TCP, SHOWN_IF_GIVEN, column_reserved},
    {"", FIELD_BIT(FIELD_PAYLOAD_LENGTH), OF_UDP, SHOWN_ALWAYS, column_length},
    {"", FIELD_BIT(FIELD_UDP_LENGTH), OF_UDP, SHOWN_IF_GIVEN, column_udp_length},
    {"", FIELD_BIT(FIELD_ICMP_TYPE) | FIELD_BIT(FIELD_ICMP_CODE), OF_ICMP, SHOWN_ALWAYS, column_message},
    {"", FIELD_BIT(FIELD_ICMP_REST), OF_ICMP, SHOWN_IF_GIVEN, column_rest},
    {"length ", FIELD_BIT(FIELD_PAYLOAD_LENGTH), OF_ICMP | OF_NONE, SHOWN_IF_GIVEN, column_body_length},
    {"the packet ", FIELD_BIT(FIELD_QUOTE), OF_ICMP, SHOWN_IF_GIVEN, column_quote},
    {"", FIELD_BIT(FIELD_DATA_OFFSET), OF_TCP, SHOWN_IF_GIVEN, column_data_offset},
    {"", FIELD_BIT(FIELD_CHECKSUM), OF_TCP, SHOWN_IF_GIVEN, column_checksum},
    {"options ", FIELD_BIT(FIELD_OPTIONS), OF_TCP, SHOWN_ALWAYS, column_options},
    {"", FIELD_BIT(FIELD_PAYLOAD), OF_ALL, SHOWN_IF_GIVEN, column_payload},
};

/* What is around a packet; of an outer header's fields those that the script gives. */
static void column_around(struct text *text, const struct pattern *pattern, const struct encapsulation *around)
{
    struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    struct encapsulation shown = {0};
    if (around != NULL)
        shown = *around;
    for (size_t i = 0; i < shown.count; i++) {
        bool alike =
            i < pattern->encapsulation.count && pattern->encapsulation.headers[i].kind == around->headers[i].kind;
        headers[i] = around->headers[i];
        headers[i].given = alike ? pattern->encapsulation.headers[i].given : 0;
    }
    shown.headers = headers;
    if (encapsulation_any(&shown))
        pattern_print_encapsulation(text, &shown);
    else
        text_append_string(text, "no outer header");
}

static void column_came(struct text *text, size_t column, const struct pattern *pattern, const struct packet *actual,
                        const struct match *match)
{
    if (columns[column].fields == FIELD_BIT(FIELD_ENCAPSULATION))
        column_around(text, pattern, match->around);
    else
        columns[column].print(text, actual);
}

/* What a script leaves open stays blank, or has its own sign of that. */
static void column_expected(struct text *text, size_t column, const struct pattern *pattern)
{
    if (columns[column].fields == FIELD_BIT(FIELD_ENCAPSULATION))
        column_around(text, pattern, &pattern->encapsulation);
    else if (columns[column].fields == FIELD_BIT(FIELD_QUOTE))
        pattern_print_quote(text, &pattern->quote);
    else if (columns[column].fields == FIELD_BIT(FIELD_FLAGS))
        tcp_open_flags_print(text, pattern->packet.tcp.flags & (uint16_t)~TCP_RESERVED, pattern->open_flags);
    else if (columns[column].fields == FIELD_BIT(FIELD_OPTIONS) && pattern->option_set.is_set)
        pattern_print_options(text, pattern);
    else if ((pattern->given & columns[column].fields) != 0)
        columns[column].print(text, &pattern->packet);
    else if (columns[column].fields == FIELD_BIT(FIELD_OPTIONS) && pattern->any_options)
        text_append_string(text, "<...>");
}

static bool column_shown(size_t column, const struct pattern *pattern, const struct packet *actual)
{
    bool given = (pattern->given & columns[column].fields) != 0;
    if ((columns[column].transports >> pattern->packet.transport & 1) == 0)
        return false;
    bool acknowledges = ((pattern->packet.tcp.flags | actual->tcp.flags) & TCP_ACK) != 0;
    return given || columns[column].show == SHOWN_ALWAYS || (columns[column].show == SHOWN_WITH_ACK && acknowledges);
}

static bool column_differs(size_t column, const struct packet *actual, const struct match *match)
{
    return (columns[column].transports >> actual->transport & 1) != 0 &&
           (match->differing & columns[column].fields) != 0;
}

static void explain_malformed(struct text *text, const struct packet *actual)
{
    if (actual->defect_count == 0) {
        text_append_string(text, "the stack sent a packet in one that is malformed");
        return;
    }
    text_append_string(text, "the stack sent a malformed packet: ");
    text_append_string(text, packet_defect_text(actual->defects[0].kind));
    text_append_format(text, " (at byte %u)", actual->defects[0].offset);
    if (actual->defect_count > 1)
        text_append_format(text, " and %u more", actual->defect_count - 1);
}

/* What it is that a set of options misses. */
static void explain_option_set(struct text *text, uint64_t fields, const struct pattern *pattern,
                               const struct packet *actual)
{
    char why[256];
    struct text amiss = text_in(why, sizeof(why));
    if (fields != FIELD_BIT(FIELD_OPTIONS) || !pattern->option_set.is_set)
        return;
    (void)pattern_options_agree(pattern, actual->tcp.options, &amiss);
    text_append_format(text, " (%s)", why);
}

void explain_headline(struct text *text, const struct pattern *pattern, const struct packet *actual,
                      const struct match *match)
{
    if (match->malformed) {
        explain_malformed(text, actual);
        return;
    }
    const uint64_t message = FIELD_BIT(FIELD_ICMP_TYPE) | FIELD_BIT(FIELD_ICMP_CODE);
    if (match->other_kind || (match->differing & message) != 0) {
        text_append_string(text, "expected ");
        explain_pattern(text, pattern);
        text_append_string(text, "; got ");
        explain_packet(text, actual);
        return;
    }
    if ((match->differing & FIELD_BIT(FIELD_FLAGS)) != 0) {
        text_append_string(text, "expected ");
        explain_flags(text, pattern->packet.tcp.flags);
        if (pattern->open_flags != 0) {
            text_append_string(text, " (with or without ");
            explain_flags(text, pattern->open_flags);
            text_append_character(text, ')');
        }
        text_append_string(text, "; got ");
        explain_flags(text, actual->tcp.flags);
        return;
    }
    explain_packet(text, actual);
    const char *joint = " came with ";
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        if (!column_differs(i, actual, match))
            continue;
        text_append_string(text, joint);
        text_append_string(text, columns[i].name);
        column_came(text, i, pattern, actual, match);
        text_append_string(text, " instead of ");
        column_expected(text, i, pattern);
        explain_option_set(text, columns[i].fields, pattern, actual);
        joint = " and ";
    }
}

static void append_trimmed(struct text *text, const char *before, const struct text *line)
{
    size_t length = line->length;
    while (length > 0 && line->data[length - 1] == ' ')
        length--;
    text_append_string(text, before);
    text_append_bytes(text, text_string(line), length);
    text_append_character(text, '\n');
}

void explain_segments(struct text *text, const struct pattern *pattern, const struct packet *actual,
                      const struct match *match)
{
    struct text expected = text_growing();
    struct text came = text_growing();
    struct text marks = text_growing();
    for (size_t i = 0; i < COUNT_OF(columns) && !match->other_kind; i++) {
        bool differs = column_differs(i, actual, match);
        if (!column_shown(i, pattern, actual) && !differs)
            continue;
        column_expected(&expected, i, pattern);
        column_came(&came, i, pattern, actual, match);
        size_t width = expected.length > came.length ? expected.length : came.length;
        text_append_repeated(&marks, differs ? '^' : ' ', width - marks.length);
        text_append_repeated(&expected, ' ', width - expected.length + 1);
        text_append_repeated(&came, ' ', width - came.length + 1);
        text_append_character(&marks, ' ');
    }
    if (expected.length > 0) {
        append_trimmed(text, "  expected  ", &expected);
        append_trimmed(text, "  got       ", &came);
        append_trimmed(text, "            ", &marks);
    }
    for (size_t i = 0; i < actual->defect_count; i++)
        text_append_format(text, "  defect    %s (at byte %u)\n", packet_defect_text(actual->defects[i].kind),
                           actual->defects[i].offset);
    text_free(&expected);
    text_free(&came);
    text_free(&marks);
}
