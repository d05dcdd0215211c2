/* SPDX-License-Identifier: MIT */
/*
 * The connections of a run, and how a script's numbers map to live ones, both ways.
 *
 * In a segment that carries SYN a script's SEQ and ACK are absolute: ours are sent as they are, and the stack's ISN
 * stands for what the script writes in the stack's first SYN. In every other segment they count from the ISNs as 0.
 * Before an ISN is known numbers are taken as they stand. Timestamps of ours are sent as they are; the stack's are
 * mapped by the first.
 */
#ifndef ENGINE_CONNECTION_H
#define ENGINE_CONNECTION_H

#include "base/clock.h"
#include "engine/endpoints.h"

enum { CONNECTION_TIMESTAMPS_MOST = 64 };

struct connection {
    bool datagrams; /* of UDP: only its ports mean anything */
    bool addressed; /* the addresses are as much a part of what it is as the ports; else any will do */
    bool named;     /* a script's `addr[NAME]` stood for its addresses */
    struct endpoints ends;
    bool remote_known; /* our ISN of this incarnation */
    uint32_t remote_isn;
    bool acknowledged; /* the stack has acknowledged something of this incarnation's */
    bool renewed;      /* we sent another SYN meanwhile: its ISN counts once the stack takes it up */
    uint32_t renewed_isn;
    bool local_known; /* the stack's ISN of this incarnation */
    uint32_t local_isn;
    uint32_t local_isn_script; /* what the script calls it */
    bool ended;                /* a RST passed: another ISN of the stack's is no mistake now */
    uint32_t local_nonce;      /* the stack's random number in its MP_JOIN (RFC 8684 section 3.2) */
    bool remote_nonce_known;   /* the harness has sent one, too */
    uint32_t remote_nonce;
    bool timestamp_known;
    uint32_t timestamp_offset; /* live minus script, of the stack's TSval */
    uint32_t timestamp_first;  /* the first live one, and when it came */
    nanoseconds timestamp_time;
    size_t timestamp_count; /* the last ones seen: script's number, live number */
    struct {
        uint32_t script;
        uint32_t live;
    } timestamps[CONNECTION_TIMESTAMPS_MOST];
};

/* Live numbers of a segment that is to be injected: changes SEQ and ACK of PACKET, in place, from the script's
 * numbering. */
void connection_to_live(const struct connection *connection, struct packet *packet);

/* Script's numbers of a segment that the stack sent; PATTERN is what the script expects here (for what a first SYN is
 * called). */
void connection_to_script(const struct connection *connection, const struct pattern *pattern, struct packet *packet);

/* The same for the edges of SACK blocks among the LENGTH bytes of OPTIONS, in place: those of a segment with FLAGS that
 * is to be injected acknowledge what the stack sent. */
void connection_sack_to_live(const struct connection *connection, uint16_t flags, uint8_t *options, size_t length);

/* The same for a segment that the stack sent. */
void connection_sack_to_script(const struct connection *connection, uint16_t flags, uint8_t *options, size_t length);

/* Live value for the TSecr that a script writes. */
uint32_t connection_echo_to_live(const struct connection *connection, uint32_t script);

/* As connection_echo_to_live(), always as far from the stack's first TSval as in the script. */
uint32_t connection_echo_scaled(const struct connection *connection, uint32_t script);

/* Script's value for a live TSval of the stack's. */
uint32_t connection_timestamp_to_script(const struct connection *connection, uint32_t live);

/* Notes that a TSval of the stack's, LIVE, is what the script calls SCRIPT; it came at TIME. */
void connection_note_timestamp(struct connection *connection, uint32_t script, uint32_t live, nanoseconds time);

/* Notes a segment (live numbers) that was injected. */
void connection_note_injected(struct connection *connection, const struct packet *packet);

/* Notes a segment (live numbers) that the stack sent and that answers to PATTERN. */
void connection_note_seen(struct connection *connection, const struct pattern *pattern, const struct packet *packet);

#endif
