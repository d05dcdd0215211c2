/* SPDX-License-Identifier: MIT */
/* TCP options as text. */
#include "packet/put_packet.h"
#include "packet/tcp_option_table.h"

/* Puts what stands behind an option's name. */
typedef char *put_body_function(char *at, const struct tcp_option *option);

/* A blank and hexadecimal digits, or nothing. */
static char *put_more_bytes(char *at, struct bytes bytes)
{
    if (bytes.length == 0)
        return at;
    return put_hex(put_character(at, ' '), bytes);
}

static char *put_bytes_body(char *at, const struct tcp_option *option)
{
    return put_more_bytes(at, option->body);
}

static char *put_empty_body(char *at, const struct tcp_option *option)
{
    (void)option;
    return at;
}

static char *put_mss(char *at, const struct tcp_option *option)
{
    return put_unsigned(put_character(at, ' '), load_be16(option->body.data));
}

static char *put_window_scale(char *at, const struct tcp_option *option)
{
    return put_unsigned(put_character(at, ' '), option->body.data[0]);
}

static char *put_sack(char *at, const struct tcp_option *option)
{
    for (size_t i = 0; i < option->body.length; i += sizeof(struct tcp_sack_block)) {
        at = put_unsigned(put_character(at, ' '), load_be32(option->body.data + i));
        at = put_unsigned(put_character(at, ':'), load_be32(option->body.data + i + 4));
    }
    return at;
}

static char *put_timestamps(char *at, const struct tcp_option *option)
{
    at = put_unsigned(PUT(at, " val "), load_be32(option->body.data));
    return put_unsigned(PUT(at, " ecr "), load_be32(option->body.data + 4));
}

static char *put_user_timeout(char *at, const struct tcp_option *option)
{
    uint16_t raw = load_be16(option->body.data);
    at = put_unsigned(put_character(at, ' '), raw & 0x7fff);
    return raw >> 15 != 0 ? PUT(at, " minutes") : at;
}

static char *put_authentication(char *at, const struct tcp_option *option)
{
    at = put_unsigned(PUT(at, " keyid "), option->body.data[0]);
    at = put_unsigned(PUT(at, " rnext "), option->body.data[1]);
    return put_more_bytes(at, bytes_slice(option->body, 2, option->body.length));
}

static char *put_multipath(char *at, const struct tcp_option *option)
{
    uint8_t first = option->body.data[0];
    const char *name = multipath_subtype_names[first >> 4];
    at = put_character(at, ' ');
    at = name != NULL ? put_string(at, name, strlen(name)) : put_unsigned(at, first >> 4);
    at = put_unsigned(put_character(at, ' '), first & 15);
    return put_more_bytes(at, bytes_slice(option->body, 1, option->body.length));
}

static char *put_accecn(char *at, const struct tcp_option *option)
{
    const char(*names)[8] = accecn_counter_names[option->kind == TCP_OPTION_ACCECN_1];
    for (size_t i = 0; 3 * i < option->body.length; i++) {
        at = put_string(put_character(at, ' '), names[i], 3);
        const uint8_t *counter = option->body.data + 3 * i;
        at = put_unsigned(put_character(at, ' '), (uint32_t)counter[0] << 16 | load_be16(counter + 1));
    }
    return at;
}

static put_body_function *const put_body[] = {
    [FORM_BYTES] = put_bytes_body,
    [FORM_EMPTY] = put_empty_body,
    [FORM_MSS] = put_mss,
    [FORM_WINDOW_SCALE] = put_window_scale,
    [FORM_SACK] = put_sack,
    [FORM_TIMESTAMPS] = put_timestamps,
    [FORM_USER_TIMEOUT] = put_user_timeout,
    [FORM_AUTHENTICATION] = put_authentication,
    [FORM_MULTIPATH] = put_multipath,
    [FORM_ACCECN] = put_accecn,
    [FORM_SIGNATURE] = put_bytes_body,
};

static bool is_fast_open_experiment(const struct tcp_option *option)
{
    return option->kind == TCP_OPTION_EXPERIMENT_2 && option->body.length >= 2 &&
           load_be16(option->body.data) == FAST_OPEN_EXPERIMENT;
}

/* Without counters the text could not tell the two AccECN options apart: `ECN` alone is the first. */
static bool has_no_name(const struct tcp_option *option)
{
    return option->fault != TCP_OPTION_SOUND || tcp_option_rows[option->kind].name == NULL ||
           (option->kind == TCP_OPTION_ACCECN_1 && option->body.length == 0);
}

char *put_tcp_option(char *at, const struct tcp_option *option)
{
    if (option->fault == TCP_OPTION_LENGTH_BELOW_TWO || option->fault == TCP_OPTION_PAST_HEADER)
        return put_hex(PUT(at, "raw "), option->whole);
    if (UNLIKELY(has_no_name(option)))
        return put_more_bytes(put_unsigned(PUT(at, "kind "), option->kind), option->body);
    if (is_fast_open_experiment(option))
        return put_more_bytes(PUT(at, "FOEXP"), bytes_slice(option->body, 2, option->body.length));
    const struct tcp_option_row *row = &tcp_option_rows[option->kind];
    return put_body[row->form](put_string(at, row->name, row->name_length), option);
}

/* Zeros are further markers. */
char *put_padding(char *at, struct bytes padding)
{
    bool zeros = true;
    for (size_t i = 0; i < padding.length; i++)
        zeros = zeros && padding.data[i] == 0;
    if (!zeros)
        return put_hex(PUT(at, ",raw "), padding);
    for (size_t i = 0; i < padding.length; i++)
        at = PUT(at, ",eol");
    return at;
}

char *put_tcp_options(char *at, struct bytes options)
{
    struct tcp_option option;
    const char *start = at;
    while (tcp_option_next(&options, &option)) {
        if (at != start)
            at = put_character(at, ',');
        at = put_tcp_option(at, &option);
        if (option.kind == TCP_OPTION_END)
            return put_padding(at, options);
    }
    return at;
}

void tcp_option_print(struct text *text, const struct tcp_option *option)
{
    char buffer[PUT_OPTION_MOST + PUT_SLACK];
    INVARIANT(option->whole.length <= UINT8_MAX);
    text_append_bytes(text, buffer, (size_t)(put_tcp_option(buffer, option) - buffer));
}
