/* SPDX-License-Identifier: MIT */
/* The text of a TCP segment. */
#include "packet/read_encapsulation.h"
#include "packet/read_named_address.h"
#include "packet/read_segment.h"

/* The three upper control bits of TCP as one number, AccECN's ACE field (RFC 9768 section 3.2.2): AE, CWR, ECE. */
static unsigned ace_flags(unsigned field)
{
    return ((field & 4) != 0 ? TCP_AE : 0u) | ((field & 2) != 0 ? TCP_CWR : 0u) | ((field & 1) != 0 ? TCP_ECE : 0u);
}

static unsigned flag_of(char letter)
{
    static const uint16_t flags[128] = {
        ['F'] = TCP_FIN, ['S'] = TCP_SYN, ['R'] = TCP_RST, ['P'] = TCP_PSH, ['.'] = TCP_ACK,
        ['U'] = TCP_URG, ['E'] = TCP_ECE, ['W'] = TCP_CWR, ['A'] = TCP_AE,
    };
    return letter < 0 ? 0 : flags[(unsigned char)letter];
}

/* True if the digit at AT is AccECN's ACE field with letters behind it, not a port. */
static bool flags_begin(const struct reader *reader, const char *at)
{
    return flag_of(reader_peek(reader, at + 1)) != 0;
}

/* Letters, each at most once, an open one with `?` behind it; and AccECN's ACE field as a digit anywhere among them. */
static const char *scan_flags(struct reader *reader, const char *start, unsigned *flags)
{
    const char *at = start;
    const char *digit = NULL;
    unsigned all = 0, open = 0;
    for (;; at++) {
        char next = reader_peek(reader, at);
        unsigned flag = flag_of(next);
        if ((all & flag) != 0)
            return reader_fail(reader, at, at + 1, "this control bit is there twice");
        if (flag == 0 && (digit != NULL || next < '0' || next > '7'))
            break;
        if (flag == 0)
            digit = at;
        all |= flag;
        if (UNLIKELY(flag != 0 && reader_peek(reader, at + 1) == '?')) {
            open |= flag;
            at++;
        }
    }
    if (UNLIKELY(digit != NULL)) {
        if ((all & ace_flags(7)) != 0)
            return reader_fail(reader, digit, digit + 1, "E, W and A are bits of this number: give one or the other");
        all |= ace_flags((unsigned)(*digit - '0'));
    }
    reader->pattern.open_flags = (uint16_t)open;
    *flags = all & ~open;
    return at;
}

static const char *read_flags(struct reader *reader, const char *start)
{
    unsigned flags = 0;
    const char *at = reader_peek(reader, start) == '-' ? start + 1 : scan_flags(reader, start, &flags);
    if (at == NULL)
        return NULL;
    if (at == start)
        return read_no_packet(reader, at);
    if (character_is_word(reader_peek(reader, at)))
        return reader_fail(reader, at, at + 1, "no control bit has this letter: expected some of FSRP.UEWA");
    reader->pattern.packet.tcp.flags = (uint16_t)flags;
    reader->pattern.given |= FIELD_BIT(FIELD_FLAGS);
    return reader_skip(reader, at);
}

const char *read_sequence(struct reader *reader, const char *start)
{
    struct packet *packet = &reader->pattern.packet;
    if (UNLIKELY(reader_peek(reader, start) == '$'))
        return read_named_sequence(reader, start);
    struct reader_number sequence = reader_number(reader, start, UINT32_MAX, "a sequence number");
    if (sequence.at == NULL)
        return NULL;
    const char *at = reader_expect(reader, sequence.at, ':', "`:` and the sequence number behind the payload");
    if (at == NULL)
        return NULL;
    struct reader_number end = reader_number(reader, at, UINT32_MAX, "the sequence number behind the payload");
    if (end.at == NULL)
        return NULL;
    at = read_length(reader, end.at);
    if (at == NULL)
        return NULL;
    uint32_t length = (uint32_t)packet->payload.length;
    if (end.value != sequence.value + length)
        return reader_fail(reader, start, at, "these numbers don't agree: %u and %u %s make %u", sequence.value, length,
                           reader_bytes_word(length), sequence.value + length);
    packet->tcp.sequence = sequence.value;
    reader->pattern.given |= FIELD_BIT(FIELD_SEQUENCE);
    return at;
}

/* The numbers behind the sequence number, each of which may be left out. */
static const struct optional_row {
    char name[8];
    uint32_t most;
    enum pattern_field field;
    const char *what;
} optional_rows[] = {
    {"ack", UINT32_MAX, FIELD_ACKNOWLEDGMENT, "an acknowledgment number"},
    {"win", UINT16_MAX, FIELD_WINDOW, "a window"},
    {"urg", UINT16_MAX, FIELD_URGENT_POINTER, "an urgent pointer"},
};

/* A row's name and number, or nothing; then on to more of the segment. */
ALWAYS_INLINE struct reader_number read_optional(struct reader *reader, const char *at, const struct optional_row *row)
{
    const char *behind = reader_take_key(reader, at, row->name, 3);
    if (behind == at)
        return (struct reader_number){at, 0};
    struct reader_number number = UNLIKELY(reader_peek(reader, behind) == '$')
                                      ? reader_slot_field(reader, behind, row->field)
                                      : reader_number(reader, behind, row->most, row->what);
    if (number.at != NULL)
        number.at = reader_skip_to_more(reader, number.at);
    reader->pattern.given |= FIELD_BIT(row->field);
    return number;
}

/* `ack N`, `win N`, `urg N`, each of which may be left out. */
static const char *read_numbers(struct reader *reader, const char *at)
{
    struct tcp_header *tcp = &reader->pattern.packet.tcp;
    at = reader_skip_to_more(reader, at);
    struct reader_number number = read_optional(reader, at, &optional_rows[0]);
    if (number.at == NULL)
        return NULL;
    tcp->acknowledgment = number.value;
    number = read_optional(reader, number.at, &optional_rows[1]);
    if (number.at == NULL)
        return NULL;
    tcp->window = (uint16_t)number.value;
    number = read_optional(reader, number.at, &optional_rows[2]);
    tcp->urgent_pointer = (uint16_t)number.value;
    return number.at;
}

/* Options in angle brackets, `...` for any, or none at all: then there are none. */
static const char *read_options(struct reader *reader, const char *at)
{
    const char *behind = reader_take(reader, at, '<');
    if (behind != at)
        return read_tcp_options(reader, behind);
    behind = reader_take_ellipsis(reader, at);
    if (behind != at)
        reader->pattern.any_options = true;
    else
        reader->pattern.given |= FIELD_BIT(FIELD_OPTIONS);
    return behind;
}

/* Options must make a header, unless its length is given as well. */
static bool check_options(struct reader *reader, const char *start, const char *behind)
{
    const struct packet *packet = &reader->pattern.packet;
    if (packet->tcp.options.length % 4 == 0 || (packet->explicit_fields & EXPLICIT_DATA_OFFSET) != 0 ||
        reader->pattern.option_set.is_set || reader_has_open_length(reader))
        return true;
    return reader_fail(reader, start, behind, "these options take %zu %s: pad them with nop to a multiple of 4",
                       packet->tcp.options.length, reader_bytes_word(packet->tcp.options.length)) != NULL;
}

/* True if ports stand at AT: a number, the name of a value, or another name that `>` follows. */
static bool ports_begin(struct reader *reader, const char *at)
{
    char first = reader_peek(reader, at);
    if (first == '$')
        return true;
    if (character_is_digit(first))
        return !flags_begin(reader, at);
    const char *behind = reader_word_end(reader, at);
    return behind != at && reader_peek(reader, reader_skip(reader, behind)) == '>';
}

const char *read_tcp(struct reader *reader, const char *at)
{
    struct packet *packet = &reader->pattern.packet;
    packet->transport = TRANSPORT_TCP;
    if (UNLIKELY(named_addresses_begin(reader, at)))
        at = read_named_addresses(reader, at);
    if (at != NULL && ports_begin(reader, at))
        at = read_ports(reader, at, &packet->tcp.source_port, &packet->tcp.destination_port);
    if (at != NULL)
        at = read_flags(reader, at);
    if (at != NULL)
        at = read_sequence(reader, at);
    if (at != NULL)
        at = read_numbers(reader, at);
    if (at == NULL)
        return NULL;
    const char *start = at;
    const char *behind = read_options(reader, at);
    if (behind == NULL)
        return NULL;
    at = read_over_udp(reader, behind, &reader->pattern.encapsulation);
    if (UNLIKELY(at != NULL && at != behind))
        reader->pattern.given |= FIELD_BIT(FIELD_ENCAPSULATION);
    if (at != NULL)
        at = read_braces(reader, reader_skip_to_more(reader, at));
    return at != NULL && check_options(reader, start, behind) ? at : NULL;
}
