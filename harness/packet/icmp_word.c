/* SPDX-License-Identifier: MIT */
#include "packet/icmp_word.h"

#include "base/nearest_name.h"

enum { NONE = -1 };

/* Of several words for one number the first is the one that is printed. */
static const struct type_row {
    const char *word;
    int16_t four; /* of ICMPv4 */
    int16_t six;
} type_rows[] = {
    {"unreachable", 3, 1},
    {"packet_too_big", NONE, 2},
    {"time_exceeded", 11, 3},
    {"parameter_problem", 12, 4},
    {"source_quench", 4, NONE},
    {"redirect", 5, 137},
    {"echo_request", 8, 128},
    {"echo", 8, 128},
    {"echo_reply", 0, 129},
    {"router_advertisement", 9, 134},
    {"router_solicitation", 10, 133},
    {"neighbor_solicitation", NONE, 135},
    {"neighbor_advertisement", NONE, 136},
    {"timestamp", 13, NONE},
    {"timestamp_request", 13, NONE},
    {"timestamp_reply", 14, NONE},
    {"info_request", 15, NONE},
    {"information_request", 15, NONE},
    {"info_reply", 16, NONE},
    {"information_reply", 16, NONE},
    {"address_mask_request", 17, NONE},
    {"address_mask_reply", 18, NONE},
    {"multicast_listener_query", NONE, 130},
    {"multicast_listener_report", NONE, 131},
    {"multicast_listener_done", NONE, 132},
};

static const struct code_row {
    const char *type;
    const char *word;
    int16_t four;
    int16_t six;
} code_rows[] = {
    {"unreachable", "net_unreachable", 0, NONE},
    {"unreachable", "host_unreachable", 1, NONE},
    {"unreachable", "protocol_unreachable", 2, NONE},
    {"unreachable", "port_unreachable", 3, 4},
    {"unreachable", "frag_needed", 4, NONE},
    {"unreachable", "source_route_failed", 5, NONE},
    {"unreachable", "net_unknown", 6, NONE},
    {"unreachable", "host_unknown", 7, NONE},
    {"unreachable", "source_host_isolated", 8, NONE},
    {"unreachable", "isolated", 8, NONE},
    {"unreachable", "net_prohibited", 9, NONE},
    {"unreachable", "host_prohibited", 10, NONE},
    {"unreachable", "net_unreachable_for_tos", 11, NONE},
    {"unreachable", "host_unreachable_for_tos", 12, NONE},
    {"unreachable", "packet_filtered", 13, NONE},
    {"unreachable", "admin_prohibited", 13, 1},
    {"unreachable", "precedence_violation", 14, NONE},
    {"unreachable", "precedence_cutoff", 15, NONE},
    {"unreachable", "no_route", NONE, 0},
    {"unreachable", "not_neighbour", NONE, 2},
    {"unreachable", "not_neighbor", NONE, 2},
    {"unreachable", "beyond_scope", NONE, 2},
    {"unreachable", "address_unreachable", NONE, 3},
    {"unreachable", "addr_unreachable", NONE, 3},
    {"unreachable", "source_policy", NONE, 5},
    {"unreachable", "reject_route", NONE, 6},
    {"time_exceeded", "ttl_exceeded_in_transit", 0, NONE},
    {"time_exceeded", "exceeded_ttl", 0, NONE},
    {"time_exceeded", "frag_reass_exceeded", 1, NONE},
    {"time_exceeded", "exceeded_hop_limit", NONE, 0},
    {"time_exceeded", "exceeded_frag_time", 1, 1},
    {"parameter_problem", "header_field", NONE, 0},
    {"parameter_problem", "unknown_next_header", NONE, 1},
    {"parameter_problem", "unknown_option", NONE, 2},
    {"redirect", "redirect_net", 0, NONE},
    {"redirect", "redirect_host", 1, NONE},
    {"redirect", "redirect_net_for_tos", 2, NONE},
    {"redirect", "redirect_host_for_tos", 3, NONE},
};

static bool is_word(const char *known, const char *word, size_t length)
{
    return strlen(known) == length && memcmp(known, word, length) == 0;
}

uint8_t icmp_type_find(const char *word, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(type_rows); i++)
        if (is_word(type_rows[i].word, word, length))
            return (uint8_t)(i + 1);
    return 0;
}

static bool is_code_of(size_t row, uint8_t type)
{
    return type != 0 && strcmp(code_rows[row].type, type_rows[type - 1].word) == 0;
}

uint8_t icmp_code_find(uint8_t type, const char *word, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(code_rows); i++)
        if (is_code_of(i, type) && is_word(code_rows[i].word, word, length))
            return (uint8_t)(i + 1);
    return 0;
}

const char *icmp_type_word(uint8_t type)
{
    INVARIANT(type > 0 && type <= COUNT_OF(type_rows));
    return type_rows[type - 1].word;
}

const char *icmp_code_word(uint8_t code)
{
    INVARIANT(code > 0 && code <= COUNT_OF(code_rows));
    return code_rows[code - 1].word;
}

int icmp_type_number(uint8_t type, enum packet_transport transport)
{
    INVARIANT(type > 0 && type <= COUNT_OF(type_rows));
    return transport == TRANSPORT_ICMPV6 ? type_rows[type - 1].six : type_rows[type - 1].four;
}

int icmp_code_number(uint8_t code, enum packet_transport transport)
{
    INVARIANT(code > 0 && code <= COUNT_OF(code_rows));
    return transport == TRANSPORT_ICMPV6 ? code_rows[code - 1].six : code_rows[code - 1].four;
}

void icmp_words_of(const struct packet *packet, uint8_t *type, uint8_t *code)
{
    *type = 0;
    *code = 0;
    for (uint8_t i = 1; *type == 0 && i <= COUNT_OF(type_rows); i++)
        if (icmp_type_number(i, packet->transport) == packet->icmp.type)
            *type = i;
    for (uint8_t i = 1; *code == 0 && i <= COUNT_OF(code_rows); i++)
        if (is_code_of(i - 1u, *type) && icmp_code_number(i, packet->transport) == packet->icmp.code)
            *code = i;
}

static const char *type_at(const void *context, size_t index)
{
    (void)context;
    return index < COUNT_OF(type_rows) ? type_rows[index].word : NULL;
}

static const char *code_at(const void *context, size_t index)
{
    const uint8_t *type = context;
    for (size_t i = 0; i < COUNT_OF(code_rows); i++)
        if (is_code_of(i, *type) && index-- == 0)
            return code_rows[i].word;
    return NULL;
}

const char *icmp_nearest_word(uint8_t type, const char *word, size_t length)
{
    return type == 0 ? nearest_name(word, length, type_at, NULL) : nearest_name(word, length, code_at, &type);
}

void icmp_print_words(struct text *text, const struct packet *packet)
{
    uint8_t type, code;
    icmp_words_of(packet, &type, &code);
    if (type == 0) {
        text_append_format(text, "type %u code %u", packet->icmp.type, packet->icmp.code);
        return;
    }
    text_append_string(text, icmp_type_word(type));
    if (code != 0)
        text_append_format(text, " %s", icmp_code_word(code));
    else if (packet->icmp.code != 0)
        text_append_format(text, " code_%u", packet->icmp.code);
}
