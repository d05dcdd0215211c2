/* SPDX-License-Identifier: MIT */
/*
 * Prepared segments, as many and as fast as the kernel takes them, through packet sockets that bypass the queueing
 * discipline, one thread a processor. Capture taps do not see them and they get no stamp.
 */
#ifndef LINK_FLOOD_H
#define LINK_FLOOD_H

#include "base/clock.h"
#include "base/error.h"
#include "link/ethernet.h"

struct flood_settings {
    const char *device;                  /* of the current network namespace; Ethernet */
    struct ethernet_address destination; /* the stack's */
    const struct bytes *packets;         /* from their IP headers on, of one version; sent in turn, over and over */
    size_t packet_count;                 /* at least 1 */
    uint64_t most;                       /* ends when that many are sent, */
    nanoseconds longest;                 /* or after that time; whichever is first */
};

struct flood_result {
    uint64_t sent;
    nanoseconds time; /* from the first to the last */
};

/* Floods, and returns when it is over. What a full queue refuses is sent again. */
MUST_USE bool flood_run(const struct flood_settings *settings, struct flood_result *result, struct error *error);

#endif
