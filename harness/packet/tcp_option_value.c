/* SPDX-License-Identifier: MIT */
/* Typed values of TCP options: from the wire and to it. */
#include "packet/tcp_option_table.h"

/* Reads the body of a sound option of this form; false leaves the option untyped. */
typedef bool value_read_function(struct byte_reader *body, struct tcp_option_value *value);
/* Writes what stands behind kind and length. */
typedef void value_write_function(const struct tcp_option_value *value, struct byte_writer *writer);

static bool read_nothing(struct byte_reader *body, struct tcp_option_value *value)
{
    (void)value;
    return byte_reader_left(body) == 0;
}

static void write_nothing(const struct tcp_option_value *value, struct byte_writer *writer)
{
    (void)value;
    (void)writer;
}

static bool read_mss(struct byte_reader *body, struct tcp_option_value *value)
{
    value->mss = byte_reader_u16(body);
    return true;
}

static void write_mss(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u16(writer, value->mss);
}

static bool read_window_scale(struct byte_reader *body, struct tcp_option_value *value)
{
    value->window_scale = byte_reader_u8(body);
    return true;
}

static void write_window_scale(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u8(writer, value->window_scale);
}

static bool read_sack(struct byte_reader *body, struct tcp_option_value *value)
{
    value->sack.count = (unsigned)(byte_reader_left(body) / sizeof(struct tcp_sack_block));
    for (unsigned i = 0; i < value->sack.count; i++) {
        value->sack.blocks[i].left = byte_reader_u32(body);
        value->sack.blocks[i].right = byte_reader_u32(body);
    }
    return true;
}

static void write_sack(const struct tcp_option_value *value, struct byte_writer *writer)
{
    for (unsigned i = 0; i < value->sack.count && i < TCP_SACK_BLOCKS_MOST; i++) {
        byte_writer_u32(writer, value->sack.blocks[i].left);
        byte_writer_u32(writer, value->sack.blocks[i].right);
    }
}

static bool read_timestamps(struct byte_reader *body, struct tcp_option_value *value)
{
    value->timestamps.value = byte_reader_u32(body);
    value->timestamps.echo_reply = byte_reader_u32(body);
    return true;
}

static void write_timestamps(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u32(writer, value->timestamps.value);
    byte_writer_u32(writer, value->timestamps.echo_reply);
}

static bool read_md5(struct byte_reader *body, struct tcp_option_value *value)
{
    value->md5 = byte_reader_bytes(body, byte_reader_left(body));
    return true;
}

static void write_md5(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_bytes(writer, value->md5);
}

static bool read_user_timeout(struct byte_reader *body, struct tcp_option_value *value)
{
    uint16_t raw = byte_reader_u16(body);
    value->user_timeout.minutes = raw >> 15 != 0;
    value->user_timeout.timeout = raw & 0x7fff;
    return true;
}

static void write_user_timeout(const struct tcp_option_value *value, struct byte_writer *writer)
{
    unsigned granularity = value->user_timeout.minutes ? 0x8000 : 0;
    byte_writer_u16(writer, (uint16_t)(granularity | (value->user_timeout.timeout & 0x7fff)));
}

static bool read_authentication(struct byte_reader *body, struct tcp_option_value *value)
{
    value->authentication.key_id = byte_reader_u8(body);
    value->authentication.receive_next_key_id = byte_reader_u8(body);
    value->authentication.mac = byte_reader_bytes(body, byte_reader_left(body));
    return true;
}

static void write_authentication(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u8(writer, value->authentication.key_id);
    byte_writer_u8(writer, value->authentication.receive_next_key_id);
    byte_writer_bytes(writer, value->authentication.mac);
}

static bool read_multipath(struct byte_reader *body, struct tcp_option_value *value)
{
    uint8_t first = byte_reader_u8(body);
    value->multipath.subtype = first >> 4;
    value->multipath.flags = first & 15;
    value->multipath.data = byte_reader_bytes(body, byte_reader_left(body));
    return true;
}

static void write_multipath(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u8(writer, (uint8_t)(value->multipath.subtype << 4 | (value->multipath.flags & 15)));
    byte_writer_bytes(writer, value->multipath.data);
}

static bool read_fast_open(struct byte_reader *body, struct tcp_option_value *value)
{
    value->fast_open.experimental = false;
    value->fast_open.cookie = byte_reader_bytes(body, byte_reader_left(body));
    return true;
}

static bool read_fast_open_experiment(struct byte_reader *body, struct tcp_option_value *value)
{
    if (byte_reader_u16(body) != FAST_OPEN_EXPERIMENT || body->failed)
        return false;
    value->fast_open.experimental = true;
    value->fast_open.cookie = byte_reader_bytes(body, byte_reader_left(body));
    return true;
}

static void write_fast_open(const struct tcp_option_value *value, struct byte_writer *writer)
{
    if (value->fast_open.experimental)
        byte_writer_u16(writer, FAST_OPEN_EXPERIMENT);
    byte_writer_bytes(writer, value->fast_open.cookie);
}

static bool read_accecn(struct byte_reader *body, struct tcp_option_value *value)
{
    value->accecn.count = (unsigned)(byte_reader_left(body) / 3);
    for (unsigned i = 0; i < value->accecn.count; i++) {
        uint32_t high = byte_reader_u8(body);
        value->accecn.counters[i] = high << 16 | byte_reader_u16(body);
    }
    return true;
}

static void write_accecn(const struct tcp_option_value *value, struct byte_writer *writer)
{
    for (unsigned i = 0; i < value->accecn.count && i < ACCECN_COUNTERS; i++) {
        byte_writer_u8(writer, (uint8_t)(value->accecn.counters[i] >> 16));
        byte_writer_u16(writer, (uint16_t)value->accecn.counters[i]);
    }
}

/* A kind without a row is its bytes. */
static const struct value_row {
    value_read_function *read;
    value_write_function *write;
} value_rows[256] = {
    [TCP_OPTION_END] = {read_nothing, write_nothing},
    [TCP_OPTION_NOP] = {read_nothing, write_nothing},
    [TCP_OPTION_MSS] = {read_mss, write_mss},
    [TCP_OPTION_WINDOW_SCALE] = {read_window_scale, write_window_scale},
    [TCP_OPTION_SACK_PERMITTED] = {read_nothing, write_nothing},
    [TCP_OPTION_SACK] = {read_sack, write_sack},
    [TCP_OPTION_TIMESTAMPS] = {read_timestamps, write_timestamps},
    [TCP_OPTION_MD5] = {read_md5, write_md5},
    [TCP_OPTION_USER_TIMEOUT] = {read_user_timeout, write_user_timeout},
    [TCP_OPTION_AUTHENTICATION] = {read_authentication, write_authentication},
    [TCP_OPTION_MULTIPATH] = {read_multipath, write_multipath},
    [TCP_OPTION_FAST_OPEN] = {read_fast_open, write_fast_open},
    [TCP_OPTION_ACCECN_0] = {read_accecn, write_accecn},
    [TCP_OPTION_ACCECN_1] = {read_accecn, write_accecn},
    [TCP_OPTION_EXPERIMENT_1] = {read_fast_open_experiment, write_fast_open},
    [TCP_OPTION_EXPERIMENT_2] = {read_fast_open_experiment, write_fast_open},
};

void tcp_option_read(const struct tcp_option *option, struct tcp_option_value *value)
{
    value_read_function *read = value_rows[option->kind].read;
    value->kind = option->kind;
    value->body = option->body;
    struct byte_reader body = byte_reader_on(option->body);
    value->typed = option->fault == TCP_OPTION_SOUND && read != NULL && read(&body, value);
}

void tcp_option_write(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u8(writer, value->kind);
    if (value->kind <= TCP_OPTION_NOP)
        return;
    size_t length_at = writer->length;
    byte_writer_u8(writer, 0);
    if (value->typed && value_rows[value->kind].write != NULL)
        value_rows[value->kind].write(value, writer);
    else
        byte_writer_bytes(writer, value->body);
    size_t length = writer->length - length_at + 1;
    if (length > UINT8_MAX)
        writer->failed = true;
    if (!writer->failed)
        writer->data[length_at] = (uint8_t)length;
}
