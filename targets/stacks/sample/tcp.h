/* SPDX-License-Identifier: MIT */
/*
 * The smallest honest TCP: RFC 9293 section 3.10 as `step(now, what came)`.
 *
 * Theory of operation. A stack is a list of transmission control blocks, each a user's socket, a connection, or both.
 * Three things move it, a file each: a segment arrives (arrives.c, section 3.10.7), a time-out expires (timeouts.c,
 * section 3.10.8), the user calls (adapter.c, sections 3.10.1 to 3.10.6). What is to be sent goes out by send.c. All of
 * it happens at `stack->now`, which only adapter.c sets. The files say which section of which RFC they are.
 *
 * What it leaves out, as the RFCs let it: urgent data, keep-alive, delayed ACKs, selective acknowledgment (it says that
 * it takes SACKs, and looks at none), text that comes out of order, a limit to the rate of challenge ACKs; and all that
 * is IP's: fragments, options, extension headers, ICMP.
 */
#ifndef SAMPLE_TCP_H
#define SAMPLE_TCP_H

#include "wire.h"

#define NEVER       UINT64_MAX
#define MILLISECOND UINT64_C(1000000)
#define SECOND      (1000 * MILLISECOND)

enum {
    BUFFER_SIZE = 65536,  /* each way */
    RECEIVE_SCALE = 2,    /* the least shift that lets BUFFER_SIZE be said, and room to grow */
    SYN_RETRIES = 7,      /* 1 + 2 + 4 + ... + 128 s: R2 of a SYN is at least 3 minutes (MUST-23) */
    TEXT_RETRIES = 15,    /* R2 of text is at least 100 s (SHLD-11) */
    HALF_OPEN_MOST = 128, /* connections in SYN-RECEIVED that one listener has */
    WINDOW_MOST = 65535,  /* without scaling */
};

/* RFC 6298 sections 2.1, 5.7 and 2.5; RFC 9293 section 3.4.2 has the MSL. */
#define RTO_FIRST                (1 * SECOND)
#define RTO_AFTER_LOST_SYN       (3 * SECOND)
#define RTO_MOST                 (120 * SECOND)
#define MAXIMUM_SEGMENT_LIFETIME (120 * SECOND)

/* The states of RFC 9293 section 3.3.2. */
enum state {
    CLOSED,
    LISTEN,
    SYN_SENT,
    SYN_RECEIVED,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT,
};

/* Bytes that wait: to be acknowledged, or to be read. */
struct ring {
    uint8_t *bytes; /* BUFFER_SIZE of them, taken when the first is put in */
    uint32_t start;
    uint32_t count;
};

/* What the user has set; a connection has it from its listener. */
struct user {
    int32_t syn_retries, segment_size, no_delay, reuse, linger_on, linger_seconds, time_to_live;
};

/* A transmission control block. */
struct tcb {
    struct tcb *next;
    enum state state;
    int32_t socket;       /* the user's number for it; -1 if the user has none (any more) */
    struct tcb *listener; /* that it waits at, to be accepted */
    int32_t backlog;
    struct shakedown_endpoint local; /* family 0: not bound */
    struct shakedown_endpoint remote;
    uint32_t family; /* that the socket was made for */
    bool passive;    /* it came from a LISTEN */
    bool opened;     /* it has been ESTABLISHED */

    uint32_t iss, snd_una, snd_nxt, snd_wnd, snd_wl1, snd_wl2; /* the send sequence variables of section 3.3.1 */
    uint32_t snd_wnd_most;                                     /* MAX.SND.WND of RFC 5961 section 5.2 */
    uint32_t irs, rcv_nxt, rcv_wnd;                            /* the receive sequence variables */
    uint32_t last_ack_sent, ts_recent;                         /* RFC 7323 section 4.3 */
    uint64_t ts_recent_at;
    bool timestamps, scaling, sack_permitted; /* agreed on */
    uint8_t snd_scale, rcv_scale;
    uint16_t snd_mss;        /* what the peer can take */
    uint32_t cwnd, ssthresh; /* RFC 5681 */

    struct ring out; /* from SND.UNA on */
    struct ring in;  /* up to RCV.NXT, and `early` bytes beyond */
    uint32_t early;  /* text that came with a SYN, before the connection was open */
    bool early_fin;
    bool finish;       /* a FIN is to follow what is in `out` */
    bool fin_received; /* nothing follows what is in `in` */
    bool read_closed;  /* by the user */

    uint64_t retransmit_at, time_wait_until, rto, srtt, rttvar; /* RFC 6298 */
    uint64_t timed_since;                                       /* when the segment that is timed went out, or NEVER */
    uint32_t timed_end;
    unsigned retries;
    bool syn_was_lost;
    int32_t error; /* an enum shakedown_failure that the user is to be told */

    struct user user;
};

struct fault;

struct shakedown_stack {
    const struct shakedown_host *host;
    struct shakedown_endpoint address[2]; /* IPv4, IPv6 */
    uint32_t mtu;
    uint64_t now;
    struct tcb *blocks;
    uint64_t secret[2]; /* of the initial sequence numbers (RFC 6528) */
    uint32_t timestamp_offset;
    uint16_t next_port;
    bool isn_given;
    uint32_t isn;
    const struct fault *fault; /* planted, or NULL: see faults.h */
    uint8_t *packet;           /* `mtu` bytes to write one in, and as many for its text */
    uint8_t *text;
    struct options options_before; /* of the SYN before: for a fault */
};

/* Sequence numbers wrap (MUST: section 3.4): LEFT < RIGHT if RIGHT is less than 2^31 ahead. */
static inline bool before(uint32_t left, uint32_t right)
{
    return (int32_t)(left - right) < 0;
}

static inline bool after(uint32_t left, uint32_t right)
{
    return before(right, left);
}

/* --- blocks.c: transmission control blocks and what they hold --- */

/* A block in CLOSED that no user has; NULL without memory. */
struct tcb *tcb_make(struct shakedown_stack *stack, uint32_t family);
void tcb_delete(struct shakedown_stack *stack, struct tcb *tcb);

/* The connection between the segment's two ends; else, if LISTENER, who listens there; else NULL. */
struct tcb *tcb_find(const struct shakedown_stack *stack, const struct segment *segment, bool listener);

/* Ends the connection: its user, if any, is told FAILURE (0: nothing). The block is gone if it has no user. */
void tcb_end(struct shakedown_stack *stack, struct tcb *tcb, int32_t failure);

/* Chooses the initial sequence number (RFC 9293 MUST-8, SHLD-1; RFC 6528) and sets what a first SYN starts from. */
void tcb_start(struct shakedown_stack *stack, struct tcb *tcb);

/* How many bytes there is room for. */
uint32_t ring_room(const struct ring *ring);
/* Puts in as many bytes as there is room for, OFFSET behind the last one that counts; false without memory. */
bool ring_put(struct shakedown_stack *stack, struct ring *ring, const uint8_t *bytes, uint32_t length);
/* Copies out bytes from OFFSET on, which must be there. */
void ring_copy(const struct ring *ring, uint32_t offset, uint8_t *bytes, uint32_t length);
void ring_drop(struct ring *ring, uint32_t length);

/* --- arrives.c --- */

/* True if some of SEGMENT is in TCB's window: the four cases of section 3.4. */
bool is_acceptable(const struct tcb *tcb, const struct segment *segment);
/* True if a SYN finds no room at LISTENER. */
bool backlog_full(const struct shakedown_stack *stack, const struct tcb *listener);

void segment_arrives(struct shakedown_stack *stack, struct segment *segment);

/* --- timeouts.c --- */

/* Does what is due by now; when the next thing is. */
uint64_t time_passes(struct shakedown_stack *stack);

/* Starts the retransmission timer if it doesn't run. */
void timer_start(struct shakedown_stack *stack, struct tcb *tcb);
/* Takes a measured round trip into the RTO (RFC 6298 section 2). */
void timer_measured(struct tcb *tcb, uint64_t round_trip);
void time_wait_start(struct shakedown_stack *stack, struct tcb *tcb);

/* --- send.c --- */

/* The options of our SYN say: an active open offers all; a SYN-ACK only what the peer's SYN had. */
void send_syn(struct shakedown_stack *stack, struct tcb *tcb);
void send_ack(struct shakedown_stack *stack, struct tcb *tcb);
/* <SEQ=SND.NXT><CTL=RST>: the connection is ended from here. */
void send_abort(struct shakedown_stack *stack, struct tcb *tcb);
/* The reset that a segment gets which is not for any connection (section 3.5.2). */
void send_reset_for(struct shakedown_stack *stack, const struct segment *segment);
/* All that the windows allow, and the FIN. */
void send_text(struct shakedown_stack *stack, struct tcb *tcb);
/* Again what is at SND.UNA: the SYN, a segment of text, the FIN; or a probe of a window of zero. */
void send_again(struct shakedown_stack *stack, struct tcb *tcb);
/* Tells the peer of a window that has grown enough to be worth it (section 3.8.6.2.2). */
void send_window_update(struct shakedown_stack *stack, struct tcb *tcb);

/* The largest text that goes into a segment. */
uint32_t send_size(const struct shakedown_stack *stack, const struct tcb *tcb);
/* The MSS that this stack's own SYN announces (section 3.7.1). */
uint16_t mss_of(const struct shakedown_stack *stack, const struct tcb *tcb);
/* Hands SEGMENT to the network, from TCB (or NULL). */
void segment_send(struct shakedown_stack *stack, struct tcb *tcb, const struct segment *segment);

#endif
