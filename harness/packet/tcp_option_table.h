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
    FORM_SIGNATURE, /* bytes, or `valid` */
};

enum { MD5_SIZE = 16 }; /* of RFC 2385's digest */

#define OPTION_SIZE(length) (UINT64_C(1) << (length))
#define OPTION_SIZES_SACK   (OPTION_SIZE(10) | OPTION_SIZE(18) | OPTION_SIZE(26) | OPTION_SIZE(34))
#define OPTION_SIZES_ACCECN (OPTION_SIZE(2) | OPTION_SIZE(5) | OPTION_SIZE(8) | OPTION_SIZE(11))
/* A cookie has 4 to 16 bytes, an even number of them; none asks for one (RFC 7413 section 4.1.1). */
#define OPTION_SIZES_FAST_OPEN                                                                                \
    (OPTION_SIZE(2) | OPTION_SIZE(6) | OPTION_SIZE(8) | OPTION_SIZE(10) | OPTION_SIZE(12) | OPTION_SIZE(14) | \
     OPTION_SIZE(16) | OPTION_SIZE(18))
/* At least the two key identifiers (RFC 5925 section 2.2). */
#define OPTION_SIZES_FROM(least) (~UINT64_C(0) << (least))
#define OPTION_ANY_SIZE          UINT64_C(0)

/* kind, name in text, form, lengths, meaning. Names with the same first letter stand together. */
#define TCP_OPTIONS(X)                                                                                \
    X(172, "ECN", FORM_ACCECN, OPTION_SIZES_ACCECN, "Accurate ECN Order 0")                           \
    X(174, "ECN", FORM_ACCECN, OPTION_SIZES_ACCECN, "Accurate ECN Order 1")                           \
    X(34, "FO", FORM_BYTES, OPTION_SIZES_FAST_OPEN, "TCP Fast Open Cookie")                           \
    X(8, "TS", FORM_TIMESTAMPS, OPTION_SIZE(10), "Timestamps")                                        \
    X(29, "ao", FORM_AUTHENTICATION, OPTION_SIZES_FROM(4), "TCP Authentication")                      \
    X(15, "altsumdata", FORM_BYTES, OPTION_ANY_SIZE, "TCP Alternate Checksum Data (obsolete)")        \
    X(14, "altsumrequest", FORM_BYTES, OPTION_SIZE(3), "TCP Alternate Checksum Request (obsolete)")   \
    X(17, "bubba", FORM_BYTES, OPTION_ANY_SIZE, "Bubba")                                              \
    X(22, "boundaries", FORM_BYTES, OPTION_ANY_SIZE, "Record Boundaries")                             \
    X(11, "cc", FORM_BYTES, OPTION_SIZE(6), "Connection Count (obsolete)")                            \
    X(13, "ccecho", FORM_BYTES, OPTION_SIZE(6), "Connection Count Echo (obsolete)")                   \
    X(12, "ccnew", FORM_BYTES, OPTION_SIZE(6), "New Connection Count (obsolete)")                     \
    X(26, "compression", FORM_BYTES, OPTION_ANY_SIZE, "TCP Compression Filter")                       \
    X(23, "corruption", FORM_BYTES, OPTION_ANY_SIZE, "Corruption experienced")                        \
    X(0, "eol", FORM_EMPTY, OPTION_SIZE(1), "End of Option List")                                     \
    X(6, "echo", FORM_BYTES, OPTION_SIZE(6), "Echo (obsolete)")                                       \
    X(7, "echoreply", FORM_BYTES, OPTION_SIZE(6), "Echo Reply (obsolete)")                            \
    X(69, "eno", FORM_BYTES, OPTION_ANY_SIZE, "Encryption Negotiation")                               \
    X(253, "experiment1", FORM_BYTES, OPTION_ANY_SIZE, "RFC3692-style Experiment 1")                  \
    X(254, "experiment2", FORM_BYTES, OPTION_ANY_SIZE, "RFC3692-style Experiment 2")                  \
    X(2, "mss", FORM_MSS, OPTION_SIZE(4), "Maximum Segment Size")                                     \
    X(30, "mptcp", FORM_MULTIPATH, OPTION_SIZES_FROM(3), "Multipath TCP")                             \
    X(19, "md5", FORM_SIGNATURE, OPTION_SIZE(18), "MD5 Signature")                                    \
    X(1, "nop", FORM_EMPTY, OPTION_SIZE(1), "No-Operation")                                           \
    X(9, "pocpermitted", FORM_BYTES, OPTION_SIZE(2), "Partial Order Connection Permitted (obsolete)") \
    X(10, "pocprofile", FORM_BYTES, OPTION_SIZE(3), "Partial Order Service Profile (obsolete)")       \
    X(27, "quickstart", FORM_BYTES, OPTION_SIZE(8), "Quick-Start Response")                           \
    X(4, "sackOK", FORM_EMPTY, OPTION_SIZE(2), "SACK Permitted")                                      \
    X(5, "sack", FORM_SACK, OPTION_SIZES_SACK, "SACK")                                                \
    X(20, "scps", FORM_BYTES, OPTION_ANY_SIZE, "SCPS Capabilities")                                   \
    X(16, "skeeter", FORM_BYTES, OPTION_ANY_SIZE, "Skeeter")                                          \
    X(21, "snack", FORM_BYTES, OPTION_ANY_SIZE, "Selective Negative Acknowledgements")                \
    X(24, "snap", FORM_BYTES, OPTION_ANY_SIZE, "SNAP")                                                \
    X(18, "trailersum", FORM_BYTES, OPTION_SIZE(3), "Trailer Checksum")                               \
    X(28, "uto", FORM_USER_TIMEOUT, OPTION_SIZE(4), "User Timeout")                                   \
    X(3, "wscale", FORM_WINDOW_SCALE, OPTION_SIZE(3), "Window Scale")

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
extern const char accecn_counter_names[2][ACCECN_COUNTERS][8];

/* Names of MPTCP's subtypes (IANA "MPTCP Option Subtypes"), NULL where there is none. */
enum { MULTIPATH_SUBTYPES = 16 };
extern const char *const multipath_subtype_names[MULTIPATH_SUBTYPES];

#endif
