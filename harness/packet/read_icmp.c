/* SPDX-License-Identifier: MIT */
/* The text of an ICMP message: `icmp unreachable frag_needed mtu 1300 [1:1001(1000)]`, `icmp type 8 code 0 (28)`. */
#include "packet/icmp_word.h"
#include "packet/read_encapsulation.h"
#include "packet/read_segment.h"

/* `rest N`, or `mtu N`, which is the same. */
static const char *read_icmp_rest(struct reader *reader, const char *at)
{
    struct pattern *pattern = &reader->pattern;
    const char *behind = READER_TAKE_WORD(reader, at, "rest");
    if (behind == at)
        behind = READER_TAKE_WORD(reader, at, "mtu");
    if (behind == at)
        return at;
    bool mtu = reader_peek(reader, at) == 'm';
    struct reader_number rest =
        reader_number(reader, behind, UINT32_MAX, mtu ? "an MTU" : "the second word of the header");
    pattern->packet.icmp.rest = rest.value;
    pattern->given |= FIELD_BIT(FIELD_ICMP_REST);
    return rest.at;
}

/* `type N`, and `code N` unless that is left open. */
static const char *read_icmp_numbers(struct reader *reader, const char *at)
{
    struct pattern *pattern = &reader->pattern;
    struct reader_number type = reader_number(reader, at, UINT8_MAX, "a type");
    if (type.at == NULL)
        return NULL;
    pattern->packet.icmp.type = (uint8_t)type.value;
    const char *behind = READER_TAKE_WORD(reader, type.at, "code");
    if (behind == type.at)
        return type.at;
    struct reader_number code = reader_number(reader, behind, UINT8_MAX, "a code");
    pattern->packet.icmp.code = (uint8_t)code.value;
    pattern->given |= FIELD_BIT(FIELD_ICMP_CODE);
    return code.at;
}

static const char *read_unknown_word(struct reader *reader, const char *at, uint8_t type)
{
    const char *behind = reader_word_end(reader, at);
    const char *nearest = icmp_nearest_word(type, at, (size_t)(behind - at));
    const char *what = type == 0 ? "type" : "code";
    if (behind == at)
        return reader_expected(reader, at, "`type` and a number, or a type of ICMP (unreachable, time_exceeded, ...)");
    if (nearest == NULL)
        return reader_fail(reader, at, behind, "no %s of ICMP has this name", what);
    return reader_fail(reader, at, behind, "no %s of ICMP has this name: did you mean `%s`?", what, nearest);
}

/* A code as a number: `code_2`, or the number alone. False if none stands at AT. */
static bool code_number_begins(const struct reader *reader, const char *at, const char **digits)
{
    bool prefixed = reader->end - at > 5 && memcmp(at, "code_", 5) == 0;
    *digits = prefixed ? at + 5 : at;
    return character_is_digit(reader_peek(reader, *digits));
}

/* A code's name or number, unless it is left out. */
static const char *read_icmp_code(struct reader *reader, const char *at)
{
    struct pattern *pattern = &reader->pattern;
    const char *digits;
    if (code_number_begins(reader, at, &digits)) {
        struct reader_number code = reader_number(reader, digits, UINT8_MAX, "a code");
        pattern->packet.icmp.code = (uint8_t)code.value;
        return code.at;
    }
    const char *behind = reader_word_end(reader, at);
    if (behind == at || READER_TAKE_WORD(reader, at, "mtu") != at || READER_TAKE_WORD(reader, at, "rest") != at)
        return at;
    pattern->icmp_code_word = icmp_code_find(pattern->icmp_type_word, at, (size_t)(behind - at));
    if (pattern->icmp_code_word == 0)
        return read_unknown_word(reader, at, pattern->icmp_type_word);
    return reader_skip(reader, behind);
}

/* `type_N`, whose code is 0 if it is not there, as behind a name. */
static const char *read_icmp_type_number(struct reader *reader, const char *digits)
{
    struct pattern *pattern = &reader->pattern;
    struct reader_number type = reader_number(reader, digits, UINT8_MAX, "a type");
    if (type.at == NULL)
        return NULL;
    pattern->packet.icmp.type = (uint8_t)type.value;
    pattern->given |= FIELD_BIT(FIELD_ICMP_CODE);
    const char *code;
    return code_number_begins(reader, type.at, &code) ? read_icmp_code(reader, type.at) : type.at;
}

/* Type and code by name; without a code it is 0. */
static const char *read_icmp_words(struct reader *reader, const char *at)
{
    struct pattern *pattern = &reader->pattern;
    if (reader->end - at > 5 && memcmp(at, "type_", 5) == 0)
        return read_icmp_type_number(reader, at + 5);
    const char *behind = reader_word_end(reader, at);
    pattern->icmp_type_word = icmp_type_find(at, (size_t)(behind - at));
    if (pattern->icmp_type_word == 0)
        return read_unknown_word(reader, at, 0);
    pattern->given |= FIELD_BIT(FIELD_ICMP_CODE);
    return read_icmp_code(reader, reader_skip(reader, behind));
}

const char *read_quote(struct reader *reader, const char *start)
{
    struct pattern *pattern = &reader->pattern;
    struct pattern_quote *quote = &pattern->quote;
    const char *at = reader_skip(reader, start + 1);
    const char *behind = READER_TAKE_WORD(reader, at, "udp");
    struct packet before = pattern->packet;
    uint64_t given = pattern->given;
    quote->transport = behind != at ? TRANSPORT_UDP : TRANSPORT_TCP;
    at = behind != at ? read_length(reader, behind) : read_sequence(reader, at);
    quote->sequence = quote->transport == TRANSPORT_TCP ? pattern->packet.tcp.sequence : 0;
    quote->length = (uint16_t)pattern->packet.payload.length;
    pattern->packet = before;
    pattern->given = given;
    if (at != NULL && quote->transport == TRANSPORT_TCP) {
        struct encapsulation around = {0};
        at = read_over_udp(reader, at, &around);
        quote->over_udp = around.over_udp;
        quote->udp_source = around.udp_source;
        quote->udp_destination = around.udp_destination;
    }
    if (at != NULL)
        at = reader_expect(reader, at, ']', "`]`");
    if (at == NULL || !reader_give(reader, FIELD_QUOTE, start, at))
        return NULL;
    return at;
}

bool quote_begins(struct reader *reader, const char *at)
{
    if (reader_peek(reader, at) != '[')
        return false;
    at = reader_skip(reader, at + 1);
    return character_is_digit(reader_peek(reader, at)) || READER_TAKE_WORD(reader, at, "udp") != at;
}

const char *read_icmp(struct reader *reader, const char *at, enum packet_transport transport)
{
    struct pattern *pattern = &reader->pattern;
    pattern->packet.transport = transport;
    pattern->given |= FIELD_BIT(FIELD_ICMP_TYPE);
    const char *behind = READER_TAKE_WORD(reader, at, "type");
    const char *start = at;
    at = behind != at ? read_icmp_numbers(reader, behind) : read_icmp_words(reader, at);
    if (at != NULL)
        at = read_icmp_rest(reader, at);
    if (at != NULL && reader_peek(reader, at) == '(')
        at = read_length(reader, at);
    if (at != NULL && quote_begins(reader, at))
        at = read_quote(reader, at);
    if (at != NULL)
        at = read_braces(reader, at);
    if (at == NULL)
        return NULL;
    if (pattern_gives(pattern, FIELD_QUOTE) && pattern_gives(pattern, FIELD_PAYLOAD_LENGTH))
        return reader_fail(reader, start, at, "the quoted packet is the payload: it can't be given twice");
    if (pattern->packet.network != NETWORK_NONE || transport == TRANSPORT_ICMPV6)
        return pattern_resolve_icmp(pattern) ? at
                                             : reader_fail(reader, start, at, "%s has no such type or code",
                                                           transport == TRANSPORT_ICMPV6 ? "ICMPv6" : "ICMPv4");
    return at;
}
