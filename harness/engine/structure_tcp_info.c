/* SPDX-License-Identifier: MIT */
/*
 * struct tcp_info of Linux. It grows from version to version, and the kernel gives as much of it as it has: what the
 * headers here may not have yet is in the table all the same.
 */
#include "engine/structure.h"

#define BYTE(name, offset)                              \
    {                                                   \
        "tcpi_" #name, MEMBER_UNSIGNED, offset, 1, 0, 0 \
    }
#define SHORT(name, offset)                             \
    {                                                   \
        "tcpi_" #name, MEMBER_UNSIGNED, offset, 2, 0, 0 \
    }
#define WORD(name, offset)                              \
    {                                                   \
        "tcpi_" #name, MEMBER_UNSIGNED, offset, 4, 0, 0 \
    }
#define LONG(name, offset)                              \
    {                                                   \
        "tcpi_" #name, MEMBER_UNSIGNED, offset, 8, 0, 0 \
    }
#define BITS(name, offset, shift, bits)                    \
    {                                                      \
        "tcpi_" #name, MEMBER_BITS, offset, 1, shift, bits \
    }

static const struct structure_member members[] = {
    BYTE(state, 0),
    BYTE(ca_state, 1),
    BYTE(retransmits, 2),
    BYTE(probes, 3),
    BYTE(backoff, 4),
    BYTE(options, 5),
    BITS(snd_wscale, 6, 0, 4),
    BITS(rcv_wscale, 6, 4, 4),
    BITS(delivery_rate_app_limited, 7, 0, 1),
    BITS(fastopen_client_fail, 7, 1, 2),
    WORD(rto, 8),
    WORD(ato, 12),
    WORD(snd_mss, 16),
    WORD(rcv_mss, 20),
    WORD(unacked, 24),
    WORD(sacked, 28),
    WORD(lost, 32),
    WORD(retrans, 36),
    WORD(fackets, 40),
    WORD(last_data_sent, 44),
    WORD(last_ack_sent, 48),
    WORD(last_data_recv, 52),
    WORD(last_ack_recv, 56),
    WORD(pmtu, 60),
    WORD(rcv_ssthresh, 64),
    WORD(rtt, 68),
    WORD(rttvar, 72),
    WORD(snd_ssthresh, 76),
    WORD(snd_cwnd, 80),
    WORD(advmss, 84),
    WORD(reordering, 88),
    WORD(rcv_rtt, 92),
    WORD(rcv_space, 96),
    WORD(total_retrans, 100),
    LONG(pacing_rate, 104),
    LONG(max_pacing_rate, 112),
    LONG(bytes_acked, 120),
    LONG(bytes_received, 128),
    WORD(segs_out, 136),
    WORD(segs_in, 140),
    WORD(notsent_bytes, 144),
    WORD(min_rtt, 148),
    WORD(data_segs_in, 152),
    WORD(data_segs_out, 156),
    LONG(delivery_rate, 160),
    LONG(busy_time, 168),
    LONG(rwnd_limited, 176),
    LONG(sndbuf_limited, 184),
    WORD(delivered, 192),
    WORD(delivered_ce, 196),
    LONG(bytes_sent, 200),
    LONG(bytes_retrans, 208),
    WORD(dsack_dups, 216),
    WORD(reord_seen, 220),
    WORD(rcv_ooopack, 224),
    WORD(snd_wnd, 228),
    WORD(rcv_wnd, 232),
    WORD(rehash, 236),
    SHORT(total_rto, 240),
    SHORT(total_rto_recoveries, 242),
    WORD(total_rto_time, 244),
    WORD(received_ce, 248),
    WORD(delivered_e1_bytes, 252),
    WORD(delivered_e0_bytes, 256),
    WORD(delivered_ce_bytes, 260),
    WORD(received_e1_bytes, 264),
    WORD(received_e0_bytes, 268),
    WORD(received_ce_bytes, 272),
    SHORT(accecn_fail_mode, 276),
    SHORT(accecn_opt_seen, 278),
};

const struct structure_row structure_tcp_info = {"TCP_INFO", 280, members, COUNT_OF(members), false};
