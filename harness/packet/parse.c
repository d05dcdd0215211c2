/* SPDX-License-Identifier: MIT */
#include "packet/read_encapsulation.h"
#include "packet/read_segment.h"
#include "packet/reader.h"

/* Lists of IP fields, of which there may be several, and what an ICMP message quotes, which may stand among them. */
static const char *read_ip_lists(struct reader *reader, const char *at)
{
    for (;;) {
        char next = reader_peek(reader, at);
        if (next != '(' && next != '[')
            return at;
        at = quote_begins(reader, at) ? read_quote(reader, at)
                                      : read_ip_list(reader, reader_skip(reader, at + 1), next == '(' ? ')' : ']');
        if (at == NULL)
            return NULL;
    }
}

/* IPv4 options must make a header, unless its length is given as well. */
static bool check_ip_options(struct reader *reader, const char *start, const char *behind)
{
    const struct ip_fields *fields = &reader->ip;
    size_t length = fields->options.length;
    if (fields->network != NETWORK_IPV4 || (fields->explicit_fields & EXPLICIT_IP_HEADER_LENGTH) != 0 ||
        (length % 4 == 0 && length <= IPV4_OPTIONS_SIZE_MOST))
        return true;
    return reader_fail(reader, start, behind, "%zu %s of IPv4 options: expected a multiple of 4, and at most %d",
                       length, reader_bytes_word(length), IPV4_OPTIONS_SIZE_MOST) != NULL;
}

static const char *read_packet(struct reader *reader, const char *start)
{
    const char *at = read_encapsulation(reader, start);
    const char *lists = at;
    if (at != NULL)
        at = read_ip_lists(reader, at);
    if (at == NULL || !check_ip_options(reader, lists, at))
        return NULL;
    ip_fields_to_packet(&reader->ip, &reader->pattern.packet);
    const char *behind = read_segment(reader, at);
    bool icmp =
        reader->pattern.packet.transport == TRANSPORT_ICMPV4 || reader->pattern.packet.transport == TRANSPORT_ICMPV6;
    if (UNLIKELY(behind != NULL && !icmp && pattern_gives(&reader->pattern, FIELD_QUOTE)))
        return reader_fail(reader, lists, at, "only an ICMP message quotes a packet");
    return behind;
}

bool pattern_parse(struct scanner *scanner, struct arena *arena, const struct pattern_names *names,
                   struct pattern *pattern)
{
    scanner_skip_blanks(scanner);
    const struct source *source = scanner->source;
    const char *start = source->text + scanner->offset;
    struct reader reader = {
        .scanner = scanner,
        .text = source->text,
        .end = source->text + source->length,
        .arena = arena,
        .names = names,
    };
    const char *behind = read_packet(&reader, start);
    if (behind == NULL)
        return false;
    scanner->offset = (size_t)(behind - source->text);
    while (behind > start && (character_is_blank(behind[-1]) || behind[-1] == '\n'))
        behind--;
    reader.pattern.at = (struct span){(size_t)(start - source->text), (size_t)(behind - start)};
    *pattern = reader.pattern;
    return true;
}
