/* SPDX-License-Identifier: MIT */
#include "packet/tcp_option.h"

#include "packet/tcp_option_table.h"

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
    size_t length;
    enum tcp_option_fault fault = tcp_option_step(at, rest->length, &length);
    if (UNLIKELY(fault == TCP_OPTION_LENGTH_BELOW_TWO || fault == TCP_OPTION_PAST_HEADER))
        return option_unreadable(rest, option, fault);
    size_t head = at[0] <= TCP_OPTION_NOP ? 1 : 2;
    option->kind = at[0];
    option->length = (uint8_t)length;
    option->fault = fault;
    bytes_set(&option->whole, (struct bytes){at, length});
    bytes_set(&option->body, (struct bytes){at + head, length - head});
    bytes_set(rest, (struct bytes){at + length, rest->length - length});
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
