/* SPDX-License-Identifier: MIT */
/* The list of IP fields in front of a segment. */
#include "packet/reader.h"
#include "packet/scan_address.h"

static const struct reader_word ip_words[IP_WORD_COUNT] = {
    [IP_WORD_CE] = READER_WORD("ce"),
    [IP_WORD_CHECKSUM] = READER_WORD("checksum"),
    [IP_WORD_DESTINATION] = READER_WORD("dst"),
    [IP_WORD_DONT_FRAGMENT] = READER_WORD("df"),
    [IP_WORD_ECT0] = READER_WORD("ect0"),
    [IP_WORD_ECT1] = READER_WORD("ect1"),
    [IP_WORD_ECT01] = READER_WORD("ect01"),
    [IP_WORD_EXTENSIONS] = READER_WORD("extensions"),
    [IP_WORD_FLOW_LABEL] = READER_WORD("flowlabel"),
    [IP_WORD_FRAGMENT] = READER_WORD("fragment"),
    [IP_WORD_HEADER_LENGTH] = READER_WORD("header_length"),
    [IP_WORD_IDENTIFICATION] = READER_WORD("id"),
    [IP_WORD_MORE_FRAGMENTS] = READER_WORD("mf"),
    [IP_WORD_NOT_ECT] = READER_WORD("noecn"),
    [IP_WORD_OPTIONS] = READER_WORD("options"),
    [IP_WORD_PAYLOAD_LENGTH] = READER_WORD("payload_length"),
    [IP_WORD_PROTOCOL] = READER_WORD("protocol"),
    [IP_WORD_RESERVED_FLAG] = READER_WORD("reserved_flag"),
    [IP_WORD_SOURCE] = READER_WORD("src"),
    [IP_WORD_TIME_TO_LIVE] = READER_WORD("ttl"),
    [IP_WORD_TYPE_OF_SERVICE] = READER_WORD("tos"),
    [IP_WORD_TOTAL_LENGTH] = READER_WORD("total_length"),
    [IP_WORD_TRAILER] = READER_WORD("trailer"),
    [IP_WORD_VERSION] = READER_WORD("version"),
};

static const uint8_t ip_words_first[128] = {
    ['c'] = IP_WORD_CE + 1,
    ['d'] = IP_WORD_DESTINATION + 1,
    ['e'] = IP_WORD_ECT0 + 1,
    ['f'] = IP_WORD_FLOW_LABEL + 1,
    ['h'] = IP_WORD_HEADER_LENGTH + 1,
    ['i'] = IP_WORD_IDENTIFICATION + 1,
    ['m'] = IP_WORD_MORE_FRAGMENTS + 1,
    ['n'] = IP_WORD_NOT_ECT + 1,
    ['o'] = IP_WORD_OPTIONS + 1,
    ['p'] = IP_WORD_PAYLOAD_LENGTH + 1,
    ['r'] = IP_WORD_RESERVED_FLAG + 1,
    ['s'] = IP_WORD_SOURCE + 1,
    ['t'] = IP_WORD_TIME_TO_LIVE + 1,
    ['v'] = IP_WORD_VERSION + 1,
};

static const struct reader_words ip_word_list = {ip_words, IP_WORD_COUNT, ip_words_first};

/* Reads what stands behind a word. */
typedef const char *value_reader(struct reader *reader, const char *at, enum ip_word word);

/* What is said of one version of IP makes the whole a packet of that version. */
static bool settle_network(struct reader *reader, enum packet_network network, const char *start, const char *behind)
{
    struct ip_fields *fields = &reader->ip;
    if (LIKELY(network == NETWORK_NONE || fields->network == network))
        return true;
    if (fields->network != NETWORK_NONE)
        return reader_fail(reader, start, behind, "IPv%c has no such field, and what comes before is of that version",
                           fields->network == NETWORK_IPV4 ? '4' : '6') != NULL;
    fields->network = network;
    return true;
}

static const char *read_address(struct reader *reader, const char *at, enum ip_word word)
{
    struct ip_fields *fields = &reader->ip;
    struct address *address = word == IP_WORD_SOURCE ? &fields->source : &fields->destination;
    const char *behind = scan_address(at, reader->end, address);
    if (behind == NULL)
        return reader_expected(reader, at, "an IPv4 or IPv6 address");
    enum packet_network network = address->family == ADDRESS_IPV4 ? NETWORK_IPV4 : NETWORK_IPV6;
    if (fields->network != NETWORK_NONE && fields->network != network)
        return reader_fail(reader, at, behind, "this is an IPv%c address, and what comes before is of IPv%c",
                           network == NETWORK_IPV4 ? '4' : '6', network == NETWORK_IPV4 ? '6' : '4');
    fields->network = network;
    return reader_skip(reader, behind);
}

/* The two low bits of the type of service. */
static const char *read_ecn(struct reader *reader, const char *at, enum ip_word word)
{
    static const uint8_t code_points[IP_WORD_COUNT] = {
        [IP_WORD_NOT_ECT] = 0, [IP_WORD_ECT1] = 1, [IP_WORD_ECT0] = 2, [IP_WORD_ECT01] = 2, [IP_WORD_CE] = 3,
    };
    reader->ip.numbers[IP_WORD_TYPE_OF_SERVICE] |= code_points[word];
    if (word == IP_WORD_ECT01)
        reader->pattern.ecn = ECN_ECT0_OR_ECT1;
    return at;
}

static const char *read_nothing(struct reader *reader, const char *at, enum ip_word word)
{
    (void)reader;
    (void)word;
    return at;
}

static const char *read_ip_checksum(struct reader *reader, const char *at, enum ip_word word)
{
    struct reader_number number = reader_checksum(reader, at, &reader->pattern.ip_checksum);
    reader->ip.numbers[word] = number.value;
    if (reader->pattern.ip_checksum == CHECKSUM_AS_GIVEN)
        reader->ip.explicit_fields |= EXPLICIT_IP_CHECKSUM;
    return number.at;
}

static const char *read_extensions(struct reader *reader, const char *at, enum ip_word word)
{
    struct reader_number kind = reader_number(reader, at, UINT8_MAX, "the kind of the first extension header");
    if (kind.at == NULL)
        return NULL;
    reader->ip.numbers[word] = kind.value;
    return reader_hex(reader, kind.at, &reader->ip.options, "the extension headers in hexadecimal");
}

static const char *read_ip_options(struct reader *reader, const char *at, enum ip_word word)
{
    (void)word;
    return reader_hex(reader, at, &reader->ip.options, "the IPv4 options in hexadecimal");
}

static const char *read_trailer(struct reader *reader, const char *at, enum ip_word word)
{
    (void)word;
    return reader_bytes(reader, at, &reader->ip.trailer, "bytes in hexadecimal or a string");
}

/* What a word stands for: a number up to `most`, unless `read` knows better. */
static const struct ip_row {
    uint8_t field;   /* enum pattern_field */
    uint8_t network; /* enum packet_network: the only one that has the field, or NETWORK_NONE */
    uint8_t flag;    /* enum ipv4_flag */
    uint32_t most;
    uint32_t explicit_field;
    value_reader *read;
    const char *what; /* the number, for a diagnostic */
} ip_rows[IP_WORD_COUNT] = {
    [IP_WORD_CE] = {.field = FIELD_ECN, .read = read_ecn},
    [IP_WORD_CHECKSUM] = {.field = FIELD_IP_CHECKSUM, .network = NETWORK_IPV4, .read = read_ip_checksum},
    [IP_WORD_DESTINATION] = {.field = FIELD_DESTINATION, .read = read_address},
    [IP_WORD_DONT_FRAGMENT] = {.field = FIELD_IP_FLAGS,
                               .network = NETWORK_IPV4,
                               .flag = IPV4_DONT_FRAGMENT,
                               .read = read_nothing},
    [IP_WORD_ECT0] = {.field = FIELD_ECN, .read = read_ecn},
    [IP_WORD_ECT1] = {.field = FIELD_ECN, .read = read_ecn},
    [IP_WORD_ECT01] = {.field = FIELD_ECN, .read = read_ecn},
    [IP_WORD_EXTENSIONS] = {.field = FIELD_IP_OPTIONS, .network = NETWORK_IPV6, .read = read_extensions},
    [IP_WORD_FLOW_LABEL] = {.field = FIELD_FLOW_LABEL,
                            .network = NETWORK_IPV6,
                            .most = 0xfffff,
                            .what = "a flow label"},
    [IP_WORD_FRAGMENT] = {.field = FIELD_FRAGMENT_OFFSET,
                          .network = NETWORK_IPV4,
                          .most = 0x1fff,
                          .what = "a fragment offset in units of eight bytes"},
    [IP_WORD_HEADER_LENGTH] = {.field = FIELD_IP_HEADER_LENGTH,
                               .network = NETWORK_IPV4,
                               .most = 15,
                               .explicit_field = EXPLICIT_IP_HEADER_LENGTH,
                               .what = "a number of 32-bit words"},
    [IP_WORD_IDENTIFICATION] = {.field = FIELD_IDENTIFICATION,
                                .network = NETWORK_IPV4,
                                .most = UINT16_MAX,
                                .what = "an identification"},
    [IP_WORD_MORE_FRAGMENTS] = {.field = FIELD_IP_FLAGS,
                                .network = NETWORK_IPV4,
                                .flag = IPV4_MORE_FRAGMENTS,
                                .read = read_nothing},
    [IP_WORD_NOT_ECT] = {.field = FIELD_ECN, .read = read_ecn},
    [IP_WORD_OPTIONS] = {.field = FIELD_IP_OPTIONS, .network = NETWORK_IPV4, .read = read_ip_options},
    [IP_WORD_PAYLOAD_LENGTH] = {.field = FIELD_IP_LENGTH,
                                .network = NETWORK_IPV6,
                                .most = UINT16_MAX,
                                .explicit_field = EXPLICIT_IP_LENGTH,
                                .what = "a payload length"},
    [IP_WORD_PROTOCOL] = {.field = FIELD_PROTOCOL,
                          .most = UINT8_MAX,
                          .explicit_field = EXPLICIT_IP_PROTOCOL,
                          .what = "a protocol number"},
    [IP_WORD_RESERVED_FLAG] = {.field = FIELD_IP_FLAGS,
                               .network = NETWORK_IPV4,
                               .flag = IPV4_RESERVED,
                               .read = read_nothing},
    [IP_WORD_SOURCE] = {.field = FIELD_SOURCE, .read = read_address},
    [IP_WORD_TIME_TO_LIVE] = {.field = FIELD_TIME_TO_LIVE, .most = UINT8_MAX, .what = "a time to live"},
    [IP_WORD_TYPE_OF_SERVICE] = {.field = FIELD_TYPE_OF_SERVICE, .most = UINT8_MAX, .what = "a type of service"},
    [IP_WORD_TOTAL_LENGTH] = {.field = FIELD_IP_LENGTH,
                              .network = NETWORK_IPV4,
                              .most = UINT16_MAX,
                              .explicit_field = EXPLICIT_IP_LENGTH,
                              .what = "a total length"},
    [IP_WORD_TRAILER] = {.field = FIELD_TRAILER, .read = read_trailer},
    [IP_WORD_VERSION] = {.field = FIELD_IP_VERSION,
                         .most = 15,
                         .explicit_field = EXPLICIT_IP_VERSION,
                         .what = "an IP version"},
};

static const char *read_word(struct reader *reader, const char *start)
{
    const struct reader_word *found = reader_find(reader, start, &ip_word_list);
    if (found == NULL)
        return reader_unknown(reader, start, &ip_word_list, "an IP field (ttl, tos, ect0, ...)");
    enum ip_word word = (enum ip_word)(found - ip_words);
    const struct ip_row *row = &ip_rows[word];
    struct ip_fields *fields = &reader->ip;
    const char *behind = start + found->length;
    /* The flags are three words of one field. */
    bool another_flag = row->flag != 0 && (fields->flags & row->flag) == 0;
    if (!another_flag && !reader_give(reader, (enum pattern_field)row->field, start, behind))
        return NULL;
    reader->pattern.given |= FIELD_BIT(row->field);
    fields->flags |= row->flag;
    fields->explicit_fields |= row->explicit_field;
    if (!settle_network(reader, (enum packet_network)row->network, start, behind))
        return NULL;
    const char *at = reader_skip(reader, behind);
    if (row->read != NULL)
        return row->read(reader, at, word);
    struct reader_number number = reader_number(reader, at, row->most, row->what);
    fields->numbers[word] |= number.value;
    return number.at;
}

const char *read_ip_list(struct reader *reader, const char *at, char closing)
{
    for (;;) {
        at = read_word(reader, at);
        if (at == NULL)
            return NULL;
        const char *next = reader_take_comma(reader, at);
        if (next == at)
            return reader_expect(reader, at, closing, closing == ')' ? "`,` or `)`" : "`,` or `]`");
        at = next;
    }
}
