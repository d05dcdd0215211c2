/* SPDX-License-Identifier: MIT */
/* The BPF filter of a raw link: what of a device's traffic concerns this run. */
#ifndef LINK_RAW_FILTER_H
#define LINK_RAW_FILTER_H

#include "link/ethernet.h"
#include "link/link.h"

enum { RAW_FILTER_SIZE = 1024 };

/*
 * Writes the filter (pcap-filter(7)): what comes for our addresses, and what is too short to say for whom it is; what
 * we send to the stack; on a real link, ARP and Neighbour Discovery for us. DEVICE is the device's own address.
 */
void raw_filter_write(struct text *filter, const struct link_raw_settings *settings,
                      const struct ethernet_address *device);

#endif
