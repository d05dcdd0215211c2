/* SPDX-License-Identifier: MIT */
/* The network namespaces of a run on Linux: the stack's and, with a veth pair, the harness's at its other end. */
#ifndef STACK_TOPOLOGY_H
#define STACK_TOPOLOGY_H

#include "link/link.h"
#include "stack/linux.h"

struct topology_settings {
    bool fresh;               /* the calling thread's namespace is to become the stack's */
    const char *device;       /* the stack's end */
    struct address local[2];  /* IPv4, IPv6; family ADDRESS_NONE if there is none */
    struct address remote[2]; /* likewise */
    unsigned local_prefix[2]; /* bits of their networks; 0: the usual, and a route to the host alone */
    unsigned remote_prefix[2];
    unsigned mtu;
    unsigned segment_size;          /* tun only */
    uint16_t remote_port;           /* loopback only */
    const struct linux_place *here; /* for topology_build_here() only */
};

/* Makes what a link needs, in fresh network namespaces, and opens it. The calling thread is in the stack's namespace
 * then; on failure it may be anywhere. */
typedef bool topology_build(const struct topology_settings *settings, struct link **link, struct error *error);

topology_build topology_build_raw;
topology_build topology_build_tun;
topology_build topology_build_loopback;

/* As the others, in the namespace that the calling thread is in already, where nothing but the device is made. */
topology_build topology_build_here;

/* A descriptor of the network namespace that the calling thread is in, to go back to with topology_return(). */
MUST_USE bool topology_here(int *place, struct error *error);
MUST_USE bool topology_return(int place, struct error *error);

/* For the parts that topologies are made of: */

/* Opens a tun device of that name, which must not be there yet. With WHOLE_SEGMENTS what is written to it may be many
 * segments in one, and each packet has a struct virtio_net_hdr before it. */
MUST_USE bool topology_open_tun(const char *device, bool whole_segments, int *opened, struct error *error);

/* Waits until the stack takes packets for all its addresses, which its running device has. */
struct netlink;
MUST_USE bool topology_await_addresses(struct netlink *netlink, const struct topology_settings *settings,
                                       struct error *error);

/* The end of every way to a tun link: opens it if its device is FURNISHED; else closes the device, if it is open. */
MUST_USE bool topology_finish_tun(bool furnished, const struct link_tun_settings *tun, struct link **link,
                                  struct error *error);

#endif
