/* SPDX-License-Identifier: MIT */
#include "engine/ip_column.h"
#include "engine/run.h"
#include "engine/words.h"

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

/* Columns in the order of a segment's text, and the fields that each stands for. */
static const struct {
    const char *name; /* in a headline, where the text does not say it */
    uint64_t fields;
    enum column_show show;
    column_print *print;
} columns[] = {
    {"addresses ", FIELD_BIT(FIELD_SOURCE) | FIELD_BIT(FIELD_DESTINATION), SHOWN_IF_GIVEN, column_network},
    {"", FIELD_BIT(FIELD_IP_VERSION), SHOWN_IF_GIVEN, ip_column_version},
    {"", FIELD_BIT(FIELD_IP_HEADER_LENGTH), SHOWN_IF_GIVEN, ip_column_header_length},
    {"", FIELD_BIT(FIELD_ECN), SHOWN_IF_GIVEN, column_ecn},
    {"", FIELD_BIT(FIELD_TYPE_OF_SERVICE), SHOWN_IF_GIVEN, ip_column_type_of_service},
    {"", FIELD_BIT(FIELD_IP_LENGTH), SHOWN_IF_GIVEN, ip_column_length},
    {"", FIELD_BIT(FIELD_IDENTIFICATION), SHOWN_IF_GIVEN, ip_column_identification},
    {"", FIELD_BIT(FIELD_IP_FLAGS), SHOWN_IF_GIVEN, ip_column_flags},
    {"", FIELD_BIT(FIELD_FRAGMENT_OFFSET), SHOWN_IF_GIVEN, ip_column_fragment},
    {"", FIELD_BIT(FIELD_TIME_TO_LIVE), SHOWN_IF_GIVEN, column_time_to_live},
    {"", FIELD_BIT(FIELD_PROTOCOL), SHOWN_IF_GIVEN, ip_column_protocol},
    {"", FIELD_BIT(FIELD_IP_CHECKSUM), SHOWN_IF_GIVEN, ip_column_checksum},
    {"", FIELD_BIT(FIELD_FLOW_LABEL), SHOWN_IF_GIVEN, ip_column_flow_label},
    {"", FIELD_BIT(FIELD_IP_OPTIONS), SHOWN_IF_GIVEN, ip_column_options},
    {"", FIELD_BIT(FIELD_TRAILER), SHOWN_IF_GIVEN, ip_column_trailer},
    {"ports ", FIELD_BIT(FIELD_SOURCE_PORT) | FIELD_BIT(FIELD_DESTINATION_PORT), SHOWN_IF_GIVEN, column_ports},
    {"", FIELD_BIT(FIELD_FLAGS), SHOWN_ALWAYS, column_flags},
    {"SEQ ", FIELD_BIT(FIELD_SEQUENCE) | FIELD_BIT(FIELD_PAYLOAD_LENGTH), SHOWN_ALWAYS, column_sequence},
    {"", FIELD_BIT(FIELD_ACKNOWLEDGMENT), SHOWN_WITH_ACK, column_acknowledgment},
    {"", FIELD_BIT(FIELD_WINDOW), SHOWN_ALWAYS, column_window},
    {"", FIELD_BIT(FIELD_URGENT_POINTER), SHOWN_IF_GIVEN, column_urgent_pointer},
    {"", FIELD_BIT(FIELD_RESERVED), SHOWN_IF_GIVEN, column_reserved},
    {"", FIELD_BIT(FIELD_DATA_OFFSET), SHOWN_IF_GIVEN, column_data_offset},
    {"", FIELD_BIT(FIELD_CHECKSUM), SHOWN_IF_GIVEN, column_checksum},
    {"options ", FIELD_BIT(FIELD_OPTIONS), SHOWN_ALWAYS, column_options},
    {"", FIELD_BIT(FIELD_PAYLOAD), SHOWN_IF_GIVEN, column_payload},
};

/* What a script leaves open stays blank, or has its own sign of that. */
static void column_expected(struct text *text, size_t column, const struct pattern *pattern)
{
    if (columns[column].fields == FIELD_BIT(FIELD_FLAGS))
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
    bool acknowledges = ((pattern->packet.tcp.flags | actual->tcp.flags) & TCP_ACK) != 0;
    return given || columns[column].show == SHOWN_ALWAYS || (columns[column].show == SHOWN_WITH_ACK && acknowledges);
}

static void explain_malformed(struct text *text, const struct packet *actual)
{
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
    if (match->other_kind) {
        text_append_string(text, "expected a TCP segment; got another packet");
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
    explain_flags(text, actual->tcp.flags);
    const char *joint = " came with ";
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        if ((match->differing & columns[i].fields) == 0)
            continue;
        text_append_string(text, joint);
        text_append_string(text, columns[i].name);
        columns[i].print(text, actual);
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
        if (!column_shown(i, pattern, actual) && (match->differing & columns[i].fields) == 0)
            continue;
        column_expected(&expected, i, pattern);
        columns[i].print(&came, actual);
        size_t width = expected.length > came.length ? expected.length : came.length;
        bool differs = (match->differing & columns[i].fields) != 0;
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
