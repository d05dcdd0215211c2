/* SPDX-License-Identifier: MIT */
/* The text of TCP options, from behind `<` to `>`. */
#include "base/nearest_name.h"
#include "packet/reader.h"
#include "packet/tcp_option_table.h"

enum { OPTIONS_BUFFER = 512 };

/* Reads what stands behind an option's name and writes the bytes behind kind and length. */
typedef bool read_body_function(struct reader *reader, uint8_t kind, struct byte_writer *writer);

static bool read_number_16(struct reader *reader, uint32_t most, const char *what, struct byte_writer *writer)
{
    uint32_t value;
    if (!reader_number(reader, most, &value, what))
        return false;
    byte_writer_u16(writer, (uint16_t)value);
    return true;
}

static bool read_number_32(struct reader *reader, const char *what, struct byte_writer *writer)
{
    uint32_t value;
    if (!reader_number(reader, UINT32_MAX, &value, what))
        return false;
    byte_writer_u32(writer, value);
    return true;
}

static bool read_number_8(struct reader *reader, uint32_t most, const char *what, struct byte_writer *writer)
{
    uint32_t value;
    if (!reader_number(reader, most, &value, what))
        return false;
    byte_writer_u8(writer, (uint8_t)value);
    return true;
}

/* True where an option's text ends. */
static bool at_option_end(struct reader *reader)
{
    char next = reader_peek(reader);
    return next == ',' || next == '>' || next == '\n' || next == '\0';
}

static bool read_bytes_body(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    (void)kind;
    struct bytes bytes;
    if (at_option_end(reader))
        return true;
    if (!reader_hex(reader, &bytes, "bytes in hexadecimal, `,` or `>`"))
        return false;
    byte_writer_bytes(writer, bytes);
    return true;
}

static bool read_empty_body(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    (void)reader;
    (void)kind;
    (void)writer;
    return true;
}

static bool read_mss(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    (void)kind;
    return read_number_16(reader, UINT16_MAX, "a maximum segment size", writer);
}

static bool read_window_scale(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    (void)kind;
    return read_number_8(reader, UINT8_MAX, "a shift count", writer);
}

static bool read_sack(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    (void)kind;
    do {
        if (!read_number_32(reader, "the left edge of a block", writer) ||
            !reader_expect(reader, ':', "`:` and the right edge of the block") ||
            !read_number_32(reader, "the right edge of the block", writer))
            return false;
    } while (!at_option_end(reader));
    return true;
}

static bool read_timestamps(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    (void)kind;
    if (!READER_TAKE_WORD(reader, "val"))
        return reader_fail_expected(reader, "`val` and a timestamp");
    if (!read_number_32(reader, "a timestamp", writer))
        return false;
    if (!READER_TAKE_WORD(reader, "ecr"))
        return reader_fail_expected(reader, "`ecr` and a timestamp");
    return read_number_32(reader, "a timestamp", writer);
}

static bool read_user_timeout(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    (void)kind;
    uint32_t timeout;
    if (!reader_number(reader, 0x7fff, &timeout, "a time-out in seconds"))
        return false;
    bool minutes = READER_TAKE_WORD(reader, "minutes");
    byte_writer_u16(writer, (uint16_t)(timeout | (minutes ? 0x8000u : 0u)));
    return true;
}

static bool read_authentication(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    if (!READER_TAKE_WORD(reader, "keyid"))
        return reader_fail_expected(reader, "`keyid` and a number");
    if (!read_number_8(reader, UINT8_MAX, "a key identifier", writer))
        return false;
    if (!READER_TAKE_WORD(reader, "rnextkeyid"))
        return reader_fail_expected(reader, "`rnextkeyid` and a number");
    return read_number_8(reader, UINT8_MAX, "a key identifier", writer) && read_bytes_body(reader, kind, writer);
}

static bool read_multipath(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    uint32_t subtype, flags;
    for (subtype = 0; subtype < MULTIPATH_SUBTYPES; subtype++) {
        const char *name = multipath_subtype_names[subtype];
        if (name != NULL && reader_take_word(reader, name, strlen(name)))
            break;
    }
    if (subtype == MULTIPATH_SUBTYPES &&
        !reader_number(reader, MULTIPATH_SUBTYPES - 1, &subtype, "a subtype of MPTCP (mp_capable, mp_join, ...)"))
        return false;
    if (!reader_number(reader, 15, &flags, "the four bits behind the subtype"))
        return false;
    byte_writer_u8(writer, (uint8_t)(subtype << 4 | flags));
    return read_bytes_body(reader, kind, writer);
}

static bool read_accecn(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    const char *const *names = accecn_counter_names[kind == TCP_OPTION_ACCECN_1];
    for (size_t i = 0; i < ACCECN_COUNTERS && !at_option_end(reader); i++) {
        uint32_t value;
        if (!reader_take_word(reader, names[i], 3))
            return reader_fail_expected(reader, "the counters e0b, ceb, e1b in this order, or the other way round");
        if (!reader_number(reader, 0xffffff, &value, "a counter of 24 bits"))
            return false;
        byte_writer_u8(writer, (uint8_t)(value >> 16));
        byte_writer_u16(writer, (uint16_t)value);
    }
    return true;
}

static read_body_function *const read_body[] = {
    [FORM_BYTES] = read_bytes_body,
    [FORM_EMPTY] = read_empty_body,
    [FORM_MSS] = read_mss,
    [FORM_WINDOW_SCALE] = read_window_scale,
    [FORM_SACK] = read_sack,
    [FORM_TIMESTAMPS] = read_timestamps,
    [FORM_USER_TIMEOUT] = read_user_timeout,
    [FORM_AUTHENTICATION] = read_authentication,
    [FORM_MULTIPATH] = read_multipath,
    [FORM_ACCECN] = read_accecn,
};

/* Kinds that have a name, common ones first: they are searched in this order. The second AccECN option shares its name
 * with the first. */
static const uint8_t named_kinds[] = {
    TCP_OPTION_MSS,
    TCP_OPTION_SACK_PERMITTED,
    TCP_OPTION_TIMESTAMPS,
    TCP_OPTION_NOP,
    TCP_OPTION_WINDOW_SCALE,
    TCP_OPTION_SACK,
    TCP_OPTION_END,
    TCP_OPTION_FAST_OPEN,
    TCP_OPTION_ACCECN_0,
    TCP_OPTION_MD5,
    TCP_OPTION_MULTIPATH,
    TCP_OPTION_AUTHENTICATION,
    TCP_OPTION_USER_TIMEOUT,
    TCP_OPTION_EXPERIMENT_1,
    TCP_OPTION_EXPERIMENT_2,
    6,
    7,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    20,
    21,
    22,
    23,
    24,
    26,
    27,
    69,
};

/* Forms of an option that are no kind's own. */
static const char *const special_names[] = {"FOEXP", "kind", "raw"};

static const char *option_name_at(const void *context, size_t index)
{
    (void)context;
    if (index < COUNT_OF(named_kinds))
        return tcp_option_rows[named_kinds[index]].name;
    index -= COUNT_OF(named_kinds);
    return index < COUNT_OF(special_names) ? special_names[index] : NULL;
}

static bool fail_unknown_option(struct reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && character_is_word(*reader->at))
        reader->at++;
    size_t length = (size_t)(reader->at - start);
    if (length == 0)
        return reader_fail_expected(reader, "a TCP option (mss, nop, sackOK, ...)");
    const char *nearest = nearest_name(start, length, option_name_at, NULL);
    if (nearest == NULL)
        return reader_fail_since(reader, start, "no TCP option has this name: `kind N` and bytes say any");
    return reader_fail_since(reader, start, "no TCP option has this name: did you mean `%s`?", nearest);
}

/* Kind and length, around what READ writes. */
static bool read_option_of(struct reader *reader, uint8_t kind, read_body_function *read, struct byte_writer *writer)
{
    const char *start = reader->at;
    byte_writer_u8(writer, kind);
    if (kind <= TCP_OPTION_NOP)
        return true;
    size_t length_at = writer->length;
    byte_writer_u8(writer, 0);
    if (!read(reader, kind, writer))
        return false;
    size_t length = writer->length - length_at + 1;
    if (writer->failed || length > UINT8_MAX)
        return reader_fail_since(reader, start, "this option is too long");
    writer->data[length_at] = (uint8_t)length;
    return true;
}

/* The kind whose name comes next, or -1. */
static int take_option_name(struct reader *reader)
{
    for (size_t i = 0; i < COUNT_OF(named_kinds); i++) {
        const struct tcp_option_row *row = &tcp_option_rows[named_kinds[i]];
        if (reader_take_word(reader, row->name, row->name_length))
            return named_kinds[i];
    }
    return -1;
}

static bool read_numbered_option(struct reader *reader, struct byte_writer *writer)
{
    uint32_t kind;
    return reader_number(reader, UINT8_MAX, &kind, "an option's kind") &&
           read_option_of(reader, (uint8_t)kind, read_bytes_body, writer);
}

static bool read_fast_open_experiment(struct reader *reader, uint8_t kind, struct byte_writer *writer)
{
    byte_writer_u16(writer, FAST_OPEN_EXPERIMENT);
    return read_bytes_body(reader, kind, writer);
}

static bool read_raw_option(struct reader *reader, struct byte_writer *writer)
{
    struct bytes bytes;
    if (!reader_hex(reader, &bytes, "option bytes in hexadecimal"))
        return false;
    byte_writer_bytes(writer, bytes);
    return true;
}

/* AccECN's second option has the counters in the other order: the first of them tells. */
static uint8_t accecn_kind(struct reader *reader)
{
    const char *before = reader->at;
    bool second = READER_TAKE_WORD(reader, "e1b");
    reader->at = before;
    return second ? TCP_OPTION_ACCECN_1 : TCP_OPTION_ACCECN_0;
}

static bool read_tcp_option(struct reader *reader, struct byte_writer *writer)
{
    switch (reader_peek(reader)) {
    case 'F':
        if (READER_TAKE_WORD(reader, "FOEXP"))
            return read_option_of(reader, TCP_OPTION_EXPERIMENT_2, read_fast_open_experiment, writer);
        break;
    case 'k':
        if (READER_TAKE_WORD(reader, "kind"))
            return read_numbered_option(reader, writer);
        break;
    case 'r':
        if (READER_TAKE_WORD(reader, "raw"))
            return read_raw_option(reader, writer);
        break;
    default:
        break;
    }
    int kind = take_option_name(reader);
    if (kind < 0)
        return fail_unknown_option(reader);
    if (kind == TCP_OPTION_ACCECN_0)
        kind = accecn_kind(reader);
    return read_option_of(reader, (uint8_t)kind, read_body[tcp_option_rows[kind].form], writer);
}

/* `...>` */
static bool take_any_options(struct reader *reader)
{
    const char *before = reader->at;
    if (reader_take_ellipsis(reader) && reader_take(reader, '>'))
        return true;
    reader->at = before;
    return false;
}

bool read_tcp_options(struct reader *reader)
{
    uint8_t buffer[OPTIONS_BUFFER];
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    const char *start = reader->at;
    if (take_any_options(reader)) {
        reader->pattern.any_options = true;
        return true;
    }
    reader->pattern.given |= FIELD_BIT(FIELD_OPTIONS);
    if (reader_take(reader, '>'))
        return true;
    do {
        if (!read_tcp_option(reader, &writer))
            return false;
    } while (reader_take_comma(reader));
    if (!reader_expect(reader, '>', "`,` or `>`"))
        return false;
    if (writer.failed || writer.length > TCP_OPTIONS_SIZE_MOST)
        return reader_fail_since(reader, start - 1,
                                 "these options take more than the %d bytes that a header has for them",
                                 TCP_OPTIONS_SIZE_MOST);
    const void *kept = arena_copy(reader->arena, buffer, writer.length);
    if (kept == NULL)
        return reader_fail_since(reader, start - 1, "memory ran out");
    reader->pattern.packet.tcp.options = (struct bytes){kept, writer.length};
    return true;
}
