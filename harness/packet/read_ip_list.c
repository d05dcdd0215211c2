/* SPDX-License-Identifier: MIT */
/* The list of IP fields in front of a segment. */
#include "base/nearest_name.h"
#include "packet/reader.h"

static const char *ip_word_name(const void *context, size_t index)
{
    (void)context;
    return index < IP_WORD_COUNT ? ip_word_rows[index].name : NULL;
}

static bool fail_unknown_word(struct reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && character_is_word(*reader->at))
        reader->at++;
    size_t length = (size_t)(reader->at - start);
    if (length == 0)
        return reader_fail_expected(reader, "an IP field (ttl, tos, ect0, ...)");
    const char *nearest = nearest_name(start, length, ip_word_name, NULL);
    if (nearest == NULL)
        return reader_fail_since(reader, start, "no IP field has this name: expected ttl, tos, ect0, ...");
    return reader_fail_since(reader, start, "no IP field has this name: did you mean `%s`?", nearest);
}

/* A text that was printed has the words in the order of their rows: the search goes on behind the last one found. */
static const struct ip_word_row *find_word(struct reader *reader, unsigned *from)
{
    for (unsigned i = 0; i < IP_WORD_COUNT; i++) {
        unsigned word = (*from + i) % IP_WORD_COUNT;
        const struct ip_word_row *row = &ip_word_rows[word];
        if (reader_take_word(reader, row->name, row->name_length)) {
            *from = word + 1;
            return row;
        }
    }
    return NULL;
}

/* What is said of one version of IP makes the whole a packet of that version. */
static bool settle_network(struct reader *reader, struct ip_fields *fields, enum packet_network network,
                           const char *start)
{
    if (network == NETWORK_NONE || fields->network == network)
        return true;
    if (fields->network != NETWORK_NONE)
        return reader_fail_since(reader, start, "IPv%c has no such field, and what comes before is of that version",
                                 fields->network == NETWORK_IPV4 ? '4' : '6');
    fields->network = network;
    return true;
}

static bool read_address(struct reader *reader, struct ip_fields *fields, struct address *address)
{
    reader_skip(reader);
    const char *start = reader->at;
    const char *behind = start;
    while (behind < reader->end && (character_is_word(*behind) || *behind == '.' || *behind == ':'))
        behind++;
    if (!address_parse(start, (size_t)(behind - start), address))
        return reader_fail_expected(reader, "an IPv4 or IPv6 address");
    reader->at = behind;
    return settle_network(reader, fields, address->family == ADDRESS_IPV4 ? NETWORK_IPV4 : NETWORK_IPV6, start);
}

static bool read_word_value(struct reader *reader, struct ip_fields *fields, const struct ip_word_row *row)
{
    enum ip_word word = (enum ip_word)(row - ip_word_rows);
    switch ((enum ip_value)row->value) {
    case IP_VALUE_NONE:
        if (row->field == FIELD_IP_FLAGS)
            fields->flags |= row->meaning;
        else
            fields->type_of_service |= row->meaning;
        fields->ecn = word == IP_WORD_ECT01 ? ECN_ECT0_OR_ECT1 : fields->ecn;
        return true;
    case IP_VALUE_ADDRESS:
        return read_address(reader, fields, word == IP_WORD_SOURCE ? &fields->source : &fields->destination);
    case IP_VALUE_DECIMAL:
    case IP_VALUE_HEXADECIMAL:
        return reader_number(reader, row->most, ip_fields_number(fields, word), "a number");
    case IP_VALUE_CHECKSUM:
        return reader_checksum(reader, &fields->checksum, &fields->checksum_kind);
    case IP_VALUE_EXTENSIONS:
        return reader_number(reader, row->most, &fields->next_header, "the kind of the first extension header") &&
               reader_hex(reader, &fields->options, "the extension headers in hexadecimal");
    case IP_VALUE_BYTES:
        return word == IP_WORD_TRAILER ? reader_bytes(reader, &fields->trailer, "bytes in hexadecimal or a string")
                                       : reader_hex(reader, &fields->options, "the IPv4 options in hexadecimal");
    case IP_VALUE_COUNT:
        break;
    }
    return false;
}

static bool read_word(struct reader *reader, struct ip_fields *fields, unsigned *from)
{
    reader_skip(reader);
    const char *start = reader->at;
    const struct ip_word_row *row = find_word(reader, from);
    if (row == NULL)
        return fail_unknown_word(reader);
    /* The flags are three words of one field. */
    bool another_flag = row->field == FIELD_IP_FLAGS && (fields->flags & row->meaning) == 0;
    if (!another_flag && !reader_give(reader, row->field, start))
        return false;
    reader->pattern.given |= FIELD_BIT(row->field);
    if (!settle_network(reader, fields, row->network, start) || !read_word_value(reader, fields, row))
        return false;
    if (fields->checksum_kind != CHECKSUM_BAD || row->field != FIELD_IP_CHECKSUM)
        fields->explicit_fields |= row->explicit_field;
    return true;
}

bool read_ip_list(struct reader *reader, struct ip_fields *fields, char closing)
{
    unsigned from = 0;
    do {
        if (!read_word(reader, fields, &from))
            return false;
    } while (reader_take_comma(reader));
    return reader_expect(reader, closing, closing == ')' ? "`,` or `)`" : "`,` or `]`");
}
