/* SPDX-License-Identifier: MIT */
/* Whose a captured frame is. */
#ifndef LINK_CLASSIFY_H
#define LINK_CLASSIFY_H

#include "link/ethernet.h"
#include "link/link.h"

enum frame_kind {
    FRAME_OURS,      /* the copy of a packet that we sent */
    FRAME_STACK,     /* a packet from the stack, for us */
    FRAME_NEIGHBOUR, /* ARP or Neighbour Discovery from the stack */
    FRAME_OTHER,     /* nothing that concerns us */
};

/* What FRAME is on a raw link with SETTINGS, whose device has the address DEVICE. */
enum frame_kind classify_frame(const struct link_raw_settings *settings, const struct ethernet_address *device,
                               struct bytes frame);

/* What FRAME carries; never a view without data, which may be neither copied nor compared. */
struct bytes classify_packet(struct bytes frame);

/* True if the IP packet WIRE is for an address that differs from one of OWN in nothing but the last byte: where all
 * that the stack sends comes to us, those are ours as well. Likewise for one so short that it does not say. */
bool classify_for_our_block(const struct address own[2], struct bytes wire);

/* True if the IP packet WIRE is for one of the addresses OWN (IPv4, IPv6), or so short that it does not say. */
bool classify_for_us(const struct address own[2], struct bytes wire);

#endif
