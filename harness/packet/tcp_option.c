/* SPDX-License-Identifier: MIT */
#include "packet/tcp_option.h"

#include "packet/tcp_option_table.h"

/* The length of a kind's option is one of those in its row. */
static bool size_is_usual(uint8_t kind, unsigned length)
{
    uint64_t sizes = tcp_option_rows[kind].sizes;
    return sizes == 0 || (length < 64 && (sizes >> length & 1) != 0);
}

/* An option that goes to the end of what is there, because its length can't be believed. */
static bool option_unreadable(struct bytes *rest, struct tcp_option *option, enum tcp_option_fault fault)
{
    *option = (struct tcp_option){
        .kind = rest->data[0],
        .length = rest->length > 1 ? rest->data[1] : 0,
        .fault = fault,
        .whole = *rest,
        .body = bytes_slice(*rest, 2, rest->length),
    };
    *rest = (struct bytes){NULL, 0};
    return true;
}

bool tcp_option_next(struct bytes *rest, struct tcp_option *option)
{
    if (rest->length == 0)
        return false;
    const uint8_t *at = rest->data;
    uint8_t kind = at[0];
    size_t length = 1;
    size_t head = 1;
    option->fault = TCP_OPTION_SOUND;
    if (kind > TCP_OPTION_NOP) {
        if (rest->length < 2)
            return option_unreadable(rest, option, TCP_OPTION_PAST_HEADER);
        length = at[1];
        head = 2;
        if (length < 2)
            return option_unreadable(rest, option, TCP_OPTION_LENGTH_BELOW_TWO);
        if (length > rest->length)
            return option_unreadable(rest, option, TCP_OPTION_PAST_HEADER);
        if (!size_is_usual(kind, (unsigned)length))
            option->fault = TCP_OPTION_UNUSUAL_SIZE;
    }
    option->kind = kind;
    option->length = (uint8_t)length;
    option->whole = (struct bytes){at, length};
    option->body = (struct bytes){at + head, length - head};
    *rest = (struct bytes){at + length, rest->length - length};
    return true;
}

bool tcp_option_find(struct bytes options, uint8_t kind, struct tcp_option *option)
{
    struct tcp_option candidate;
    while (tcp_option_next(&options, &candidate)) {
        if (candidate.kind == kind && candidate.fault == TCP_OPTION_SOUND) {
            *option = candidate;
            return true;
        }
        if (candidate.kind == TCP_OPTION_END)
            break;
    }
    return false;
}
