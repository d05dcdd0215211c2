/* SPDX-License-Identifier: MIT */
/* What passes a network device, with the kernel's stamps: libpcap, never waiting. */
#ifndef LINK_CAPTURE_H
#define LINK_CAPTURE_H

#include "link/link.h"

struct capture;

struct capture_settings {
    const char *device; /* of the current network namespace */
    const char *filter; /* pcap-filter(7); NULL: everything */
    int buffer;         /* bytes for frames that are not yet taken */
    int snapshot;       /* bytes of a frame that are wanted; 0: all of them */
};

MUST_USE bool capture_open(const struct capture_settings *settings, struct capture **capture, struct error *error);

/*
 * The next frame from its link header on (on a tun device: from the IP header), in the order in which the kernel saw
 * them; CAME says whether there was one. On "lo" each frame is seen once. The bytes live until the next call.
 * ERROR_LINK once, after the last that was kept, if frames were lost for want of room, and for ever if the device is
 * gone.
 */
MUST_USE bool capture_next(struct capture *capture, struct link_frame *frame, bool *came, struct error *error);

/* Polls readable when there is a frame, or an error to be told of. */
int capture_descriptor(const struct capture *capture);

/* NULL is allowed. */
void capture_close(struct capture *capture);

#endif
