/* SPDX-License-Identifier: MIT */
/* Segments and the bytes they are on the wire: IPv4 or IPv6, TCP, and the options that this stack knows. */
#ifndef SAMPLE_WIRE_H
#define SAMPLE_WIRE_H

#include "shakedown/stack.h"

#include <stdbool.h>

/* The control bits (RFC 9293 section 3.1). */
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32 };

enum {
    IPV4_HEADER_SIZE = 20,
    IPV6_HEADER_SIZE = 40,
    TCP_HEADER_SIZE = 20,
    TCP_OPTIONS_SIZE_MOST = 40,
    TIMESTAMPS_SIZE = 12, /* with the two NOPs before it */
};

struct options {
    bool has_mss;
    uint16_t mss;
    bool has_scale; /* RFC 7323 section 2 */
    uint8_t scale;
    bool has_timestamps; /* RFC 7323 section 3 */
    uint32_t value;
    uint32_t echo;
    bool sack_permitted; /* RFC 2018 */
};

/* A segment. `local` is this stack's end, whichever way the segment goes. */
struct segment {
    struct shakedown_endpoint local;
    struct shakedown_endpoint remote;
    uint32_t sequence;
    uint32_t acknowledgment;
    uint16_t window;
    uint8_t control;
    uint8_t time_to_live;
    struct options options;
    const uint8_t *text; /* not owned */
    uint32_t length;     /* of the text */
};

/* SEG.LEN: the text, and the control bits that take a sequence number (RFC 9293 section 3.4). */
uint32_t segment_length(const struct segment *segment);

/* False for addresses of no single host: unspecified, broadcast, multicast. */
bool is_unicast(const struct shakedown_endpoint *endpoint);

/* Reads a packet that arrived. False if it is none for a TCP: malformed, another protocol, a wrong checksum. */
bool segment_read(struct segment *segment, const uint8_t *packet, size_t length);

/* Writes SEGMENT to PACKET, which has room for it; the packet's length. */
size_t segment_write(const struct segment *segment, uint8_t *packet);

#endif
