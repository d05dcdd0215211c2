/* SPDX-License-Identifier: MIT */
/* The headers in front of a packet's text: `ipv4 192.0.2.1 > 192.0.2.2: gre key 5: mpls (label 7, tc 0, [S], ttl 64):`,
 * and what stands behind a segment that is in a UDP datagram: `/udp(9899 > 9899)`. */
#include "packet/read_encapsulation.h"

#include "packet/read_segment.h"

/* The address at AT for IP header WORD. A colon right behind it belongs to the header, not to the address. */
static const char *read_outer_address(struct reader *reader, const char *at, enum packet_network network,
                                      struct address *address)
{
    const char *what = network == NETWORK_IPV4 ? "an IPv4 address" : "an IPv6 address";
    const char *behind = at;
    while (behind < reader->end && (character_is_word(*behind) || *behind == ':' || *behind == '.'))
        behind++;
    size_t length = (size_t)(behind - at);
    bool whole = address_parse(at, length, address);
    if (!whole && (length == 0 || at[length - 1] != ':' || !address_parse(at, --length, address)))
        return reader_expected(reader, at, what);
    if ((address->family == ADDRESS_IPV4) != (network == NETWORK_IPV4))
        return reader_fail(reader, at, at + length, "expected %s", what);
    return reader_skip(reader, at + length);
}

/* The list of further fields that may follow the addresses. What is left to choose from belongs to no outer header. */
static const char *read_outer_list(struct reader *reader, const char *start)
{
    const char *at = reader_take(reader, start, '(');
    if (at == start)
        return at;
    at = read_ip_list(reader, at, ')');
    if (at != NULL && (reader->pattern.ecn != ECN_EXACT || reader->pattern.ip_checksum != CHECKSUM_AS_GIVEN))
        return reader_fail(reader, start, at,
                           "an outer header's fields are given as they are: no ect01, no bad checksum");
    if (at != NULL && reader->ip.trailer.length > 0)
        return reader_fail(reader, start, at, "an outer header has no trailer");
    if (at != NULL && reader->ip.network == NETWORK_IPV4 && reader->ip.options.length % 4 != 0)
        return reader_fail(reader, start, at, "%zu %s of IPv4 options: expected a multiple of 4, and at most %d",
                           reader->ip.options.length, reader_bytes_word(reader->ip.options.length),
                           IPV4_OPTIONS_SIZE_MOST);
    return at;
}

static const char *read_outer_ip(struct reader *reader, const char *at, struct outer_header *header,
                                 enum packet_network network)
{
    struct ip_fields *fields = &reader->ip;
    fields->network = network;
    at = read_outer_address(reader, at, network, &fields->source);
    if (at != NULL)
        at = reader_expect(reader, at, '>', "`>` and the destination address");
    if (at != NULL)
        at = read_outer_address(reader, at, network, &fields->destination);
    reader->pattern.given = FIELD_BIT(FIELD_SOURCE) | FIELD_BIT(FIELD_DESTINATION);
    if (at != NULL)
        at = read_outer_list(reader, at);
    ip_fields_to_packet(fields, &header->ip);
    header->given = reader->pattern.given;
    *fields = (struct ip_fields){0};
    reader->pattern.given = 0;
    return at;
}

static const char *read_outer_ipv4(struct reader *reader, const char *at, struct outer_header *header)
{
    return read_outer_ip(reader, at, header, NETWORK_IPV4);
}

static const char *read_outer_ipv6(struct reader *reader, const char *at, struct outer_header *header)
{
    return read_outer_ip(reader, at, header, NETWORK_IPV6);
}

/* Words of a GRE header, those with the same first letter together. */
static const struct reader_word gre_words[] = {
    READER_WORD("flags"), READER_WORD("key"), READER_WORD("off"), READER_WORD("seq"), READER_WORD("sum"),
};
enum { GRE_WORD_FLAGS, GRE_WORD_KEY, GRE_WORD_OFFSET, GRE_WORD_SEQUENCE, GRE_WORD_SUM, GRE_WORD_COUNT };
_Static_assert(COUNT_OF(gre_words) == GRE_WORD_COUNT, "a row for every word");

static const struct gre_row {
    uint64_t given; /* enum gre_given */
    uint32_t most;
    uint16_t flag;
    const char *what;
} gre_rows[GRE_WORD_COUNT] = {
    [GRE_WORD_FLAGS] = {1 << 8, UINT16_MAX, 0, "flags, as a number of 16 bits"},
    [GRE_WORD_KEY] = {GRE_GIVES_KEY, UINT32_MAX, GRE_KEY, "a key"},
    [GRE_WORD_OFFSET] = {GRE_GIVES_OFFSET, UINT16_MAX, GRE_CHECKSUM, "an offset"},
    [GRE_WORD_SEQUENCE] = {GRE_GIVES_SEQUENCE, UINT32_MAX, GRE_SEQUENCE, "a sequence number"},
    [GRE_WORD_SUM] = {GRE_GIVES_CHECKSUM, UINT16_MAX, GRE_CHECKSUM, "a checksum"},
};

static const uint8_t gre_words_first[128] = {
    ['f'] = GRE_WORD_FLAGS + 1,
    ['k'] = GRE_WORD_KEY + 1,
    ['o'] = GRE_WORD_OFFSET + 1,
    ['s'] = GRE_WORD_SEQUENCE + 1,
};

/* One word of a GRE header and its number. */
static const char *read_gre_field(struct reader *reader, const char *at, uint32_t numbers[GRE_WORD_COUNT],
                                  uint64_t *given)
{
    static const struct reader_words words = {gre_words, GRE_WORD_COUNT, gre_words_first};
    const struct reader_word *word = reader_find(reader, at, &words);
    if (word == NULL)
        return reader_unknown(reader, at, &words, "a field of GRE (flags, sum, off, key, seq)");
    const struct gre_row *row = &gre_rows[word - gre_words];
    const char *behind = at + word->length;
    if ((*given & row->given) != 0)
        return reader_fail(reader, at, behind, "this is given twice");
    struct reader_number number = reader_number(reader, reader_skip(reader, behind), row->most, row->what);
    numbers[word - gre_words] = number.value;
    *given |= row->given;
    return number.at;
}

/* The flags that follow from the fields that are given. */
static uint16_t gre_flags_of(uint64_t given)
{
    unsigned flags = 0;
    for (size_t i = 0; i < COUNT_OF(gre_rows); i++)
        flags |= (given & gre_rows[i].given) != 0 ? gre_rows[i].flag : 0u;
    return (uint16_t)flags;
}

static const char *read_gre(struct reader *reader, const char *start, struct outer_header *header)
{
    uint32_t numbers[GRE_WORD_COUNT] = {0};
    uint64_t given = 0;
    const char *at = start;
    while (reader_peek(reader, at) != ':') {
        at = read_gre_field(reader, at, numbers, &given);
        if (at == NULL)
            return NULL;
        const char *next = reader_take_comma(reader, at);
        if (next == at)
            break;
        at = next;
    }
    uint16_t needed = gre_flags_of(given);
    bool said = (given & gre_rows[GRE_WORD_FLAGS].given) != 0;
    uint16_t flags = said ? (uint16_t)numbers[GRE_WORD_FLAGS] : needed;
    bool summed = (flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0;
    if ((needed & ~flags & (GRE_KEY | GRE_SEQUENCE)) != 0 || ((needed & GRE_CHECKSUM) != 0 && !summed))
        return reader_fail(reader, start, at, "the flags say that a field is not there which is given");
    header->given = given & ~gre_rows[GRE_WORD_FLAGS].given;
    header->gre = (struct gre_header){
        .flags = flags,
        .checksum = (uint16_t)numbers[GRE_WORD_SUM],
        .offset = (uint16_t)numbers[GRE_WORD_OFFSET],
        .key = numbers[GRE_WORD_KEY],
        .sequence = numbers[GRE_WORD_SEQUENCE],
        .explicit_checksum = (given & GRE_GIVES_CHECKSUM) != 0,
    };
    return at;
}

/* NAME and a number. */
static const char *read_mpls_number(struct reader *reader, const char *at, const char *name, uint32_t most,
                                    uint32_t *value)
{
    char padded[16] = "";
    size_t length = strlen(name);
    INVARIANT(length < sizeof(padded));
    memcpy(padded, name, length + 1);
    const char *behind = reader_take_key(reader, at, padded, length);
    if (behind == at) {
        char what[32];
        struct text text = text_in(what, sizeof(what));
        text_append_format(&text, "`%s` and a number", name);
        return reader_expected(reader, at, what);
    }
    struct reader_number number = reader_number(reader, behind, most, "a number");
    *value = number.value;
    return number.at;
}

/* `label N, tc N, [S], ttl N)` */
static const char *read_mpls_entry(struct reader *reader, const char *at, uint8_t *wire)
{
    uint32_t label = 0, traffic_class = 0, time_to_live = 0;
    at = read_mpls_number(reader, at, "label", 0xfffff, &label);
    if (at != NULL)
        at = reader_expect(reader, at, ',', "`,` and `tc`");
    if (at != NULL)
        at = read_mpls_number(reader, at, "tc", 7, &traffic_class);
    if (at != NULL)
        at = reader_expect(reader, at, ',', "`,` and `[S]` or `ttl`");
    if (at == NULL)
        return NULL;
    const char *behind = reader_take(reader, at, '[');
    bool bottom = behind != at;
    if (bottom) {
        at = reader_expect(reader, behind, 'S', "`S` for the bottom of the stack");
        if (at != NULL)
            at = reader_expect(reader, at, ']', "`]`");
        if (at != NULL)
            at = reader_expect(reader, at, ',', "`,` and `ttl`");
    }
    if (at != NULL)
        at = read_mpls_number(reader, at, "ttl", UINT8_MAX, &time_to_live);
    const struct mpls_entry entry = {label, (uint8_t)traffic_class, bottom, (uint8_t)time_to_live};
    mpls_entry_write(&entry, wire);
    return at == NULL ? NULL : reader_expect(reader, at, ')', "`)`");
}

static const char *read_mpls(struct reader *reader, const char *at, struct outer_header *header)
{
    uint8_t wire[MPLS_ENTRIES_MOST * MPLS_ENTRY_SIZE];
    size_t size = 0;
    do {
        const char *behind = reader_expect(reader, at, '(', "`(label N, tc N, [S], ttl N)`");
        if (behind == NULL)
            return NULL;
        if (size == sizeof(wire))
            return reader_fail(reader, at, behind, "these are too many labels: at most %d fit here", MPLS_ENTRIES_MOST);
        at = read_mpls_entry(reader, behind, wire + size);
        size += MPLS_ENTRY_SIZE;
    } while (at != NULL && reader_peek(reader, at) == '(');
    if (at == NULL)
        return NULL;
    uint8_t *kept = arena_take(reader->arena, size);
    if (kept == NULL)
        return reader_fail(reader, at, at, "memory ran out");
    memcpy(kept, wire, size);
    header->mpls = (struct bytes){kept, size};
    return at;
}

/* Words that a header can begin with, those with the same first letter together. */
static const struct reader_word outer_words[] = {
    READER_WORD("gre"),
    READER_WORD("ipv4"),
    READER_WORD("ipv6"),
    READER_WORD("mpls"),
};

static const struct outer_row {
    enum outer_kind kind;
    unsigned behind; /* kinds that it may follow, a bit each */
    const char *(*read)(struct reader *reader, const char *at, struct outer_header *header);
    const char *place;
} outer_rows[COUNT_OF(outer_words)] = {
    {OUTER_GRE, 1 << OUTER_IP, read_gre, "GRE comes right behind an IP header"},
    {OUTER_IP, 1 << OUTER_IP | 1 << OUTER_GRE | 1 << OUTER_MPLS, read_outer_ipv4, NULL},
    {OUTER_IP, 1 << OUTER_IP | 1 << OUTER_GRE | 1 << OUTER_MPLS, read_outer_ipv6, NULL},
    {OUTER_MPLS, 1 << OUTER_IP | 1 << OUTER_GRE, read_mpls, "MPLS comes right behind an IP or a GRE header"},
};

/* The header that WORD begins, of which there are already COUNT. */
static const char *read_outer(struct reader *reader, const char *start, const struct reader_word *word,
                              struct outer_header *headers, size_t count)
{
    const struct outer_row *row = &outer_rows[word - outer_words];
    const char *behind = start + word->length;
    struct outer_header *header = &headers[count];
    bool fits = count == 0 ? row->kind == OUTER_IP : (row->behind >> headers[count - 1].kind & 1) != 0;
    if (!fits)
        return reader_fail(reader, start, behind, "%s", row->place);
    if (count == ENCAPSULATION_HEADERS_MOST)
        return reader_fail(reader, start, behind, "these are too many headers: at most %d fit here",
                           ENCAPSULATION_HEADERS_MOST);
    header->kind = row->kind;
    header->given = 0;
    const char *at = row->read(reader, reader_skip(reader, behind), header);
    if (at != NULL)
        at = reader_expect(reader, at, ':', "`:` and what the header carries");
    return at == NULL ? NULL : reader_skip_lines(reader, at);
}

const char *read_encapsulation(struct reader *reader, const char *at)
{
    static const uint8_t first[128] = {['g'] = 1, ['i'] = 2, ['m'] = 4};
    static const struct reader_words words = {outer_words, COUNT_OF(outer_words), first};
    const struct reader_word *word = reader_find(reader, at, &words);
    if (word == NULL)
        return at;
    struct outer_header *headers = arena_take(reader->arena, (ENCAPSULATION_HEADERS_MOST + 1) * sizeof(*headers));
    if (headers == NULL)
        return reader_fail(reader, at, at + 1, "memory ran out");
    memset(headers, 0, (ENCAPSULATION_HEADERS_MOST + 1) * sizeof(*headers));
    size_t count = 0;
    for (; word != NULL; word = reader_find(reader, at, &words)) {
        at = read_outer(reader, at, word, headers, count);
        if (at == NULL)
            return NULL;
        count++;
    }
    reader->pattern.encapsulation.headers = headers;
    reader->pattern.encapsulation.count = count;
    reader->pattern.given |= FIELD_BIT(FIELD_ENCAPSULATION);
    return at;
}

const char *read_over_udp(struct reader *reader, const char *start, struct encapsulation *encapsulation)
{
    if (reader_peek(reader, start) != '/')
        return start;
    const char *at = READER_TAKE_WORD(reader, start + 1, "udp");
    if (at == start + 1)
        return start;
    at = reader_expect(reader, at, '(', "`(` and the ports of UDP");
    if (at == NULL)
        return NULL;
    uint64_t given = reader->pattern.given;
    at = read_ports(reader, at, &encapsulation->udp_source, &encapsulation->udp_destination);
    reader->pattern.given = given;
    encapsulation->over_udp = true;
    return at == NULL ? NULL : reader_expect(reader, at, ')', "`)`");
}
