/* SPDX-License-Identifier: MIT */
#include "packet/tcp_option_table.h"

#define SIZE(length) (UINT64_C(1) << (length))
#define SIZES_SACK   (SIZE(10) | SIZE(18) | SIZE(26) | SIZE(34))
#define SIZES_ACCECN (SIZE(2) | SIZE(5) | SIZE(8) | SIZE(11))
/* A cookie has 4 to 16 bytes, an even number of them; none asks for one (RFC 7413 section 4.1.1). */
#define SIZES_FAST_OPEN (SIZE(2) | SIZE(6) | SIZE(8) | SIZE(10) | SIZE(12) | SIZE(14) | SIZE(16) | SIZE(18))
/* At least the two key identifiers (RFC 5925 section 2.2). */
#define SIZES_FROM(least) (~UINT64_C(0) << (least))
#define ANY_SIZE          UINT64_C(0)

/* kind, name in text, form, lengths, meaning */
#define TCP_OPTIONS(X)                                                                         \
    X(0, "eol", FORM_EMPTY, SIZE(1), "End of Option List")                                     \
    X(1, "nop", FORM_EMPTY, SIZE(1), "No-Operation")                                           \
    X(2, "mss", FORM_MSS, SIZE(4), "Maximum Segment Size")                                     \
    X(3, "wscale", FORM_WINDOW_SCALE, SIZE(3), "Window Scale")                                 \
    X(4, "sackOK", FORM_EMPTY, SIZE(2), "SACK Permitted")                                      \
    X(5, "sack", FORM_SACK, SIZES_SACK, "SACK")                                                \
    X(6, "echo", FORM_BYTES, SIZE(6), "Echo (obsolete)")                                       \
    X(7, "echoreply", FORM_BYTES, SIZE(6), "Echo Reply (obsolete)")                            \
    X(8, "TS", FORM_TIMESTAMPS, SIZE(10), "Timestamps")                                        \
    X(9, "pocpermitted", FORM_BYTES, SIZE(2), "Partial Order Connection Permitted (obsolete)") \
    X(10, "pocprofile", FORM_BYTES, SIZE(3), "Partial Order Service Profile (obsolete)")       \
    X(11, "cc", FORM_BYTES, SIZE(6), "Connection Count (obsolete)")                            \
    X(12, "ccnew", FORM_BYTES, SIZE(6), "New Connection Count (obsolete)")                     \
    X(13, "ccecho", FORM_BYTES, SIZE(6), "Connection Count Echo (obsolete)")                   \
    X(14, "altsumrequest", FORM_BYTES, SIZE(3), "TCP Alternate Checksum Request (obsolete)")   \
    X(15, "altsumdata", FORM_BYTES, ANY_SIZE, "TCP Alternate Checksum Data (obsolete)")        \
    X(16, "skeeter", FORM_BYTES, ANY_SIZE, "Skeeter")                                          \
    X(17, "bubba", FORM_BYTES, ANY_SIZE, "Bubba")                                              \
    X(18, "trailersum", FORM_BYTES, SIZE(3), "Trailer Checksum")                               \
    X(19, "md5", FORM_BYTES, SIZE(18), "MD5 Signature")                                        \
    X(20, "scps", FORM_BYTES, ANY_SIZE, "SCPS Capabilities")                                   \
    X(21, "snack", FORM_BYTES, ANY_SIZE, "Selective Negative Acknowledgements")                \
    X(22, "recordboundaries", FORM_BYTES, ANY_SIZE, "Record Boundaries")                       \
    X(23, "corruption", FORM_BYTES, ANY_SIZE, "Corruption experienced")                        \
    X(24, "snap", FORM_BYTES, ANY_SIZE, "SNAP")                                                \
    X(26, "compressionfilter", FORM_BYTES, ANY_SIZE, "TCP Compression Filter")                 \
    X(27, "quickstart", FORM_BYTES, SIZE(8), "Quick-Start Response")                           \
    X(28, "uto", FORM_USER_TIMEOUT, SIZE(4), "User Timeout")                                   \
    X(29, "ao", FORM_AUTHENTICATION, SIZES_FROM(4), "TCP Authentication")                      \
    X(30, "mptcp", FORM_MULTIPATH, SIZES_FROM(3), "Multipath TCP")                             \
    X(34, "FO", FORM_BYTES, SIZES_FAST_OPEN, "TCP Fast Open Cookie")                           \
    X(69, "eno", FORM_BYTES, ANY_SIZE, "Encryption Negotiation")                               \
    X(172, "ECN", FORM_ACCECN, SIZES_ACCECN, "Accurate ECN Order 0")                           \
    X(174, "ECN", FORM_ACCECN, SIZES_ACCECN, "Accurate ECN Order 1")                           \
    X(253, "experiment1", FORM_BYTES, ANY_SIZE, "RFC3692-style Experiment 1")                  \
    X(254, "experiment2", FORM_BYTES, ANY_SIZE, "RFC3692-style Experiment 2")

const struct tcp_option_row tcp_option_rows[256] = {
#define X(kind, name, form, sizes, meaning) [kind] = {name, meaning, sizes, sizeof(name) - 1, form},
    TCP_OPTIONS(X)
#undef X
};

const char *const accecn_counter_names[2][ACCECN_COUNTERS] = {
    {"e0b", "ceb", "e1b"},
    {"e1b", "ceb", "e0b"},
};

const char *const multipath_subtype_names[MULTIPATH_SUBTYPES] = {
    "mp_capable", "mp_join", "dss", "add_addr", "remove_addr", "mp_prio", "mp_fail", "mp_fastclose", "mp_tcprst",
};

const char *tcp_option_name(uint8_t kind)
{
    return tcp_option_rows[kind].name;
}

const char *tcp_option_meaning(uint8_t kind)
{
    return tcp_option_rows[kind].meaning;
}
