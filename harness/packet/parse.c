/* SPDX-License-Identifier: MIT */
#include "packet/reader.h"

static bool read_ip_lists(struct reader *reader, struct ip_fields *fields)
{
    for (;;) {
        char closing = reader_take(reader, '(') ? ')' : reader_take(reader, '[') ? ']' : '\0';
        if (closing == '\0')
            return true;
        if (!read_ip_list(reader, fields, closing))
            return false;
    }
}

/* IPv4 options must make a header, unless its length is given as well. */
static bool check_ip_options(struct reader *reader, const struct ip_fields *fields, const char *start)
{
    size_t length = fields->options.length;
    if (fields->network != NETWORK_IPV4 || (fields->explicit_fields & EXPLICIT_IP_HEADER_LENGTH) != 0 ||
        (length % 4 == 0 && length <= IPV4_OPTIONS_SIZE_MOST))
        return true;
    return reader_fail_since(reader, start, "%zu bytes of IPv4 options: expected a multiple of 4, and at most %d",
                             length, IPV4_OPTIONS_SIZE_MOST);
}

static bool read_packet(struct reader *reader)
{
    struct ip_fields fields = {.network = NETWORK_NONE};
    const char *start = reader->at;
    if (!read_ip_lists(reader, &fields) || !check_ip_options(reader, &fields, start))
        return false;
    ip_fields_to_packet(&fields, &reader->pattern.packet);
    reader->pattern.ecn = fields.ecn;
    reader->pattern.ip_checksum = fields.checksum_kind;
    return read_segment(reader);
}

bool pattern_parse(struct scanner *scanner, struct arena *arena, const struct pattern_names *names,
                   struct pattern *pattern)
{
    scanner_skip_blanks(scanner);
    const struct source *source = scanner->source;
    size_t start = scanner->offset;
    struct reader reader = {
        .scanner = scanner,
        .text = source->text,
        .at = source->text + start,
        .end = source->text + source->length,
        .arena = arena,
        .names = names,
    };
    if (!read_packet(&reader))
        return false;
    scanner->offset = reader_offset(&reader);
    reader.pattern.at = (struct span){start, scanner->offset - start};
    *pattern = reader.pattern;
    return true;
}
