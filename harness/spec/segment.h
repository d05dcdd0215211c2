/* SPDX-License-Identifier: MIT */
/* A TCP segment as rules see it: the numbers of its header and of the options that have a say. */
#ifndef SPEC_SEGMENT_H
#define SPEC_SEGMENT_H

#include "packet/packet.h"

enum segment_option {
    SEGMENT_MSS = 1 << 0,
    SEGMENT_WINDOW_SCALE = 1 << 1,
    SEGMENT_SACK_PERMITTED = 1 << 2,
    SEGMENT_SACK = 1 << 3,
    SEGMENT_TIMESTAMPS = 1 << 4,
    SEGMENT_FAST_OPEN = 1 << 5,
    SEGMENT_MULTIPATH = 1 << 6,
    SEGMENT_ACCURATE_ECN = 1 << 7,
};

struct segment {
    uint32_t sequence;
    uint32_t acknowledgment;
    uint32_t length; /* SEG.LEN */
    uint32_t text;   /* payload alone */
    uint32_t timestamp;
    uint32_t echo;
    uint16_t flags;
    uint16_t window; /* as in the header, not scaled */
    uint8_t options; /* enum segment_option */
    uint8_t scale;
    uint8_t cookie; /* the length of a Fast Open cookie */
    uint8_t ecn;    /* the ECN field of the IP header */
    bool stray;     /* from or to an address that is no single host's: broadcast, multicast, none */
    bool corrupt;   /* a stack can't take it: a checksum is wrong, or a length */
};

/* Takes PACKET, which is of TCP. */
void segment_take(struct segment *segment, const struct packet *packet);

/* AE, CWR and ECE of FLAGS, as a number below eight. */
ALWAYS_INLINE uint8_t segment_ecn_value(uint16_t flags)
{
    return (uint8_t)((flags & TCP_AE) != 0 ? 4 : 0) | (uint8_t)((flags & TCP_CWR) != 0 ? 2 : 0) |
           (uint8_t)((flags & TCP_ECE) != 0 ? 1 : 0);
}

/* "SYN+ACK", as rows are written; "no control bit" for none. */
void segment_bits_print(struct text *text, uint16_t flags);

/* The bit of enum segment_option for the option KIND; 0 for one that is not looked at. */
uint8_t segment_option_bit(uint8_t kind);

#endif
