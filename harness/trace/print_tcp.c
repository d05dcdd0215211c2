/* SPDX-License-Identifier: MIT */
#include "packet/tcp_option.h"
#include "trace/print_layers.h"

static void print_flags(struct text *text, uint16_t flags)
{
    static const struct {
        uint16_t flag;
        char letter;
    } letters[] = {{TCP_FIN, 'F'}, {TCP_SYN, 'S'}, {TCP_RST, 'R'}, {TCP_PSH, 'P'}, {TCP_ACK, '.'},
                   {TCP_URG, 'U'}, {TCP_ECE, 'E'}, {TCP_CWR, 'W'}, {TCP_AE, 'e'}};
    uint16_t known = 0;
    text_append_string(text, "Flags [");
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        known |= letters[i].flag;
        if ((flags & letters[i].flag) != 0)
            text_append_character(text, letters[i].letter);
    }
    if ((flags & known) == 0)
        text_append_string(text, "none");
    text_append_character(text, ']');
}

/* The print_option_ functions append what follows the option's name. */
static void print_option_number(struct text *text, const struct tcp_option_value *value)
{
    text_append_format(text, " %u", value->kind == TCP_OPTION_MSS ? value->mss : value->window_scale);
}

static void print_option_sack(struct text *text, const struct tcp_option_value *value)
{
    text_append_format(text, " %u ", value->sack.count);
    for (unsigned i = 0; i < value->sack.count; i++)
        text_append_format(text, "{%u:%u}", value->sack.blocks[i].left, value->sack.blocks[i].right);
}

static void print_option_timestamps(struct text *text, const struct tcp_option_value *value)
{
    text_append_format(text, " val %u ecr %u", value->timestamps.value, value->timestamps.echo_reply);
}

static void print_option_md5(struct text *text, const struct tcp_option_value *value)
{
    text_append_string(text, " shared secret not supplied with -M, can't check - ");
    text_append_hex(text, value->md5.data, value->md5.length);
}

static void print_option_user_timeout(struct text *text, const struct tcp_option_value *value)
{
    unsigned wire = (value->user_timeout.minutes ? 0x8000U : 0) | value->user_timeout.timeout;
    /* As tcpdump has it: the low bit is taken for the granularity, which RFC 5482 has in the high one. */
    text_append_format(text, " 0x%x %u", wire, (wire & 1) != 0 ? (wire >> 1) * 60 : wire >> 1);
}

static void print_option_authentication(struct text *text, const struct tcp_option_value *value)
{
    text_append_format(text, " keyid %u rnextkeyid %u", value->authentication.key_id,
                       value->authentication.receive_next_key_id);
    if (value->authentication.mac.length == 0)
        return;
    text_append_string(text, " mac 0x");
    text_append_hex(text, value->authentication.mac.data, value->authentication.mac.length);
}

static void print_option_fast_open(struct text *text, const struct tcp_option_value *value)
{
    struct bytes cookie = value->fast_open.cookie;
    text_append_string(text, value->fast_open.experimental ? " cookie" : "  cookie");
    if (cookie.length == 0) {
        text_append_string(text, "req");
        return;
    }
    text_append_character(text, ' ');
    text_append_hex(text, cookie.data, cookie.length);
}

static const struct option_row {
    uint8_t kind;
    const char *name;
    void (*print)(struct text *text, const struct tcp_option_value *value); /* NULL: the name is all */
} option_rows[] = {
    {TCP_OPTION_END, "eol", NULL},
    {TCP_OPTION_NOP, "nop", NULL},
    {TCP_OPTION_MSS, "mss", print_option_number},
    {TCP_OPTION_WINDOW_SCALE, "wscale", print_option_number},
    {TCP_OPTION_SACK_PERMITTED, "sackOK", NULL},
    {TCP_OPTION_SACK, "sack", print_option_sack},
    {TCP_OPTION_TIMESTAMPS, "TS", print_option_timestamps},
    {TCP_OPTION_MD5, "md5", print_option_md5},
    {TCP_OPTION_USER_TIMEOUT, "uto", print_option_user_timeout},
    {TCP_OPTION_AUTHENTICATION, "tcp-ao", print_option_authentication},
    {TCP_OPTION_FAST_OPEN, "tfo", print_option_fast_open},
    {TCP_OPTION_EXPERIMENT_1, "exp-tfo", print_option_fast_open},
    {TCP_OPTION_EXPERIMENT_2, "exp-tfo", print_option_fast_open},
};

static const struct option_row *option_row(uint8_t kind)
{
    for (size_t i = 0; i < COUNT_OF(option_rows); i++)
        if (option_rows[i].kind == kind)
            return &option_rows[i];
    return NULL;
}

static void print_option(struct text *text, const struct tcp_option *option)
{
    struct tcp_option_value value;
    tcp_option_read(option, &value);
    const struct option_row *row = option_row(option->kind);
    if (row != NULL && option->fault == TCP_OPTION_SOUND && (value.typed || row->print == NULL)) {
        text_append_string(text, row->name);
        if (row->print != NULL)
            row->print(text, &value);
        return;
    }
    text_append_format(text, "unknown-%u", option->kind);
    if (option->body.length > 0) {
        text_append_string(text, " 0x");
        text_append_hex(text, option->body.data, option->body.length);
    }
}

static void print_options(struct text *text, struct bytes options)
{
    if (options.length == 0)
        return;
    text_append_string(text, ", options [");
    struct bytes rest = options;
    struct tcp_option option;
    for (bool first = true; tcp_option_next(&rest, &option); first = false) {
        if (!first)
            text_append_character(text, ',');
        print_option(text, &option);
        if (option.kind == TCP_OPTION_END)
            break;
    }
    text_append_character(text, ']');
}

void print_tcp(struct text *text, const struct packet *packet)
{
    const struct tcp_header *tcp = &packet->tcp;
    uint32_t length = (uint32_t)packet->payload.length;
    print_flags(text, tcp->flags);
    if (length > 0 || (tcp->flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0)
        text_append_format(text, ", seq %u", tcp->sequence);
    if (length > 0)
        text_append_format(text, ":%u", tcp->sequence + length);
    if ((tcp->flags & TCP_ACK) != 0)
        text_append_format(text, ", ack %u", tcp->acknowledgment);
    text_append_format(text, ", win %u", tcp->window);
    if ((tcp->flags & TCP_URG) != 0)
        text_append_format(text, ", urg %u", tcp->urgent_pointer);
    print_options(text, tcp->options);
    text_append_format(text, ", length %u", length);
}
