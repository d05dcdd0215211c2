/* SPDX-License-Identifier: MIT */
/* The registered TCP options (IANA "TCP Option Kind Numbers"). Private to this room. */
#ifndef PACKET_TCP_OPTION_TABLE_H
#define PACKET_TCP_OPTION_TABLE_H

#include "packet/tcp_option.h"

/* How an option's body is written in text. */
enum tcp_option_form {
    FORM_BYTES, /* bytes in hexadecimal, none if there are none */
    FORM_EMPTY,
    FORM_MSS,
    FORM_WINDOW_SCALE,
    FORM_SACK,
    FORM_TIMESTAMPS,
    FORM_USER_TIMEOUT,
    FORM_AUTHENTICATION,
    FORM_MULTIPATH,
    FORM_ACCECN,
};

struct tcp_option_row {
    const char *name;    /* in text; NULL for a kind that has none */
    const char *meaning; /* IANA's, shortened */
    uint64_t sizes;      /* bit N: the length byte may be N; no bits: any length */
    uint8_t name_length;
    uint8_t form; /* enum tcp_option_form, of a sound option */
};

/* By kind; a kind that is not registered has only zeros. */
extern const struct tcp_option_row tcp_option_rows[256];

/* What is wrong with the option at AT, of which LEFT bytes are there, at least one; and its *LENGTH if that can be
 * believed. */
ALWAYS_INLINE enum tcp_option_fault tcp_option_step(const uint8_t *at, size_t left, size_t *length)
{
    if (at[0] <= TCP_OPTION_NOP) {
        *length = 1;
        return TCP_OPTION_SOUND;
    }
    if (UNLIKELY(left < 2))
        return TCP_OPTION_PAST_HEADER;
    unsigned said = at[1];
    if (UNLIKELY(said < 2))
        return TCP_OPTION_LENGTH_BELOW_TWO;
    if (UNLIKELY(said > left))
        return TCP_OPTION_PAST_HEADER;
    *length = said;
    uint64_t sizes = tcp_option_rows[at[0]].sizes;
    bool usual = sizes == 0 || (said < 64 && (sizes >> said & 1) != 0);
    return LIKELY(usual) ? TCP_OPTION_SOUND : TCP_OPTION_UNUSUAL_SIZE;
}

/* Counters of the two AccECN options in their order on the wire (RFC 9768 section 3.2.3). */
enum { ACCECN_COUNTERS = 3 };
extern const char *const accecn_counter_names[2][ACCECN_COUNTERS];

/* Names of MPTCP's subtypes (IANA "MPTCP Option Subtypes"), NULL where there is none. */
enum { MULTIPATH_SUBTYPES = 16 };
extern const char *const multipath_subtype_names[MULTIPATH_SUBTYPES];

#endif
