/* SPDX-License-Identifier: MIT */
/* Typed values of TCP options: from the wire and to it. */
#include "packet/tcp_option_table.h"

/* Reads the body of a sound option, whose length is one of its kind's; false leaves the option untyped. */
typedef bool value_read_function(struct bytes body, struct tcp_option_value *value);
/* Writes what stands behind kind and length. */
typedef void value_write_function(const struct tcp_option_value *value, struct byte_writer *writer);

static bool read_nothing(struct bytes body, struct tcp_option_value *value)
{
    (void)body;
    (void)value;
    return true;
}

static void write_nothing(const struct tcp_option_value *value, struct byte_writer *writer)
{
    (void)value;
    (void)writer;
}

static bool read_mss(struct bytes body, struct tcp_option_value *value)
{
    value->mss = load_be16(body.data);
    return true;
}

static void write_mss(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u16(writer, value->mss);
}

static bool read_window_scale(struct bytes body, struct tcp_option_value *value)
{
    value->window_scale = body.data[0];
    return true;
}

static void write_window_scale(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u8(writer, value->window_scale);
}

static bool read_sack(struct bytes body, struct tcp_option_value *value)
{
    value->sack.count = (unsigned)(body.length / sizeof(struct tcp_sack_block));
    for (unsigned i = 0; i < value->sack.count && i < TCP_SACK_BLOCKS_MOST; i++) {
        const uint8_t *block = body.data + i * sizeof(struct tcp_sack_block);
        value->sack.blocks[i].left = load_be32(block);
        value->sack.blocks[i].right = load_be32(block + 4);
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

static bool read_timestamps(struct bytes body, struct tcp_option_value *value)
{
    value->timestamps.value = load_be32(body.data);
    value->timestamps.echo_reply = load_be32(body.data + 4);
    return true;
}

static void write_timestamps(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u32(writer, value->timestamps.value);
    byte_writer_u32(writer, value->timestamps.echo_reply);
}

static bool read_md5(struct bytes body, struct tcp_option_value *value)
{
    value->md5 = body;
    return true;
}

static void write_md5(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_bytes(writer, value->md5);
}

static bool read_user_timeout(struct bytes body, struct tcp_option_value *value)
{
    uint16_t raw = load_be16(body.data);
    value->user_timeout.minutes = raw >> 15 != 0;
    value->user_timeout.timeout = raw & 0x7fff;
    return true;
}

static void write_user_timeout(const struct tcp_option_value *value, struct byte_writer *writer)
{
    unsigned granularity = value->user_timeout.minutes ? 0x8000 : 0;
    byte_writer_u16(writer, (uint16_t)(granularity | (value->user_timeout.timeout & 0x7fff)));
}

static bool read_authentication(struct bytes body, struct tcp_option_value *value)
{
    value->authentication.key_id = body.data[0];
    value->authentication.receive_next_key_id = body.data[1];
    value->authentication.mac = bytes_slice(body, 2, body.length);
    return true;
}

static void write_authentication(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u8(writer, value->authentication.key_id);
    byte_writer_u8(writer, value->authentication.receive_next_key_id);
    byte_writer_bytes(writer, value->authentication.mac);
}

static bool read_multipath(struct bytes body, struct tcp_option_value *value)
{
    uint8_t first = body.data[0];
    value->multipath.subtype = first >> 4;
    value->multipath.flags = first & 15;
    value->multipath.data = bytes_slice(body, 1, body.length);
    return true;
}

static void write_multipath(const struct tcp_option_value *value, struct byte_writer *writer)
{
    byte_writer_u8(writer, (uint8_t)(value->multipath.subtype << 4 | (value->multipath.flags & 15)));
    byte_writer_bytes(writer, value->multipath.data);
}

static bool read_fast_open(struct bytes body, struct tcp_option_value *value)
{
    value->fast_open.experimental = false;
    value->fast_open.cookie = body;
    return true;
}

static bool read_fast_open_experiment(struct bytes body, struct tcp_option_value *value)
{
    if (body.length < 2 || load_be16(body.data) != FAST_OPEN_EXPERIMENT)
        return false;
    value->fast_open.experimental = true;
    value->fast_open.cookie = bytes_slice(body, 2, body.length);
    return true;
}

static void write_fast_open(const struct tcp_option_value *value, struct byte_writer *writer)
{
    if (value->fast_open.experimental)
        byte_writer_u16(writer, FAST_OPEN_EXPERIMENT);
    byte_writer_bytes(writer, value->fast_open.cookie);
}

static bool read_accecn(struct bytes body, struct tcp_option_value *value)
{
    value->accecn.count = (unsigned)(body.length / 3);
    for (unsigned i = 0; i < value->accecn.count && i < ACCECN_COUNTERS; i++) {
        const uint8_t *counter = body.data + (size_t)3 * i;
        value->accecn.counters[i] = (uint32_t)counter[0] << 16 | load_be16(counter + 1);
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
    bytes_set(&value->body, option->body);
    value->typed = option->fault == TCP_OPTION_SOUND && read != NULL && read(option->body, value);
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
