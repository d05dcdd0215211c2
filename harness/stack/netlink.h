/* SPDX-License-Identifier: MIT */
/* Devices, addresses, routes and neighbours of one network namespace, through rtnetlink. */
#ifndef STACK_NETLINK_H
#define STACK_NETLINK_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "packet/address.h"

struct netlink;

enum { LINK_ADDRESS_SIZE = 6 };

/* For the namespace that the calling thread is in now. */
MUST_USE bool netlink_open(struct netlink **netlink, struct error *error);

/* NULL is allowed. */
void netlink_close(struct netlink *netlink);

/* One end of a veth pair. */
struct veth_end {
    const char *name;
    const uint8_t *address; /* LINK_ADDRESS_SIZE bytes */
};

struct veth {
    struct veth_end near; /* here */
    struct veth_end far;
    int far_namespace; /* descriptor of the network namespace that FAR goes to */
    unsigned mtu;      /* of both ends */
};

MUST_USE bool netlink_make_veth(struct netlink *netlink, const struct veth *veth, struct error *error);

/* Switches a device on. */
MUST_USE bool netlink_up(struct netlink *netlink, const char *device, struct error *error);

MUST_USE bool netlink_set_mtu(struct netlink *netlink, const char *device, unsigned mtu, struct error *error);

/* Waits until packets can be sent over a device that was switched on by netlink_up(). ERROR_TIMED_OUT at DEADLINE
 * (CLOCK_MONOTONIC). */
MUST_USE bool netlink_await_running(struct netlink *netlink, const char *device, nanoseconds deadline,
                                    struct error *error);

/* Gives a device an address; an IPv6 one without looking for duplicates. */
MUST_USE bool netlink_add_address(struct netlink *netlink, const char *device, const struct address *address,
                                  unsigned prefix, struct error *error);

/* Waits until packets for ADDRESS, which netlink_add_address() gave to a device that is running, are taken in: for an
 * IPv6 one the kernel makes that way a while later. ERROR_TIMED_OUT at DEADLINE (CLOCK_MONOTONIC). */
MUST_USE bool netlink_await_address(struct netlink *netlink, const struct address *address, nanoseconds deadline,
                                    struct error *error);

/* A network and the way to it. */
struct network_route {
    struct address network; /* any address of it */
    unsigned prefix;
    struct address gateway; /* family ADDRESS_NONE: directly on the device */
    struct address source;  /* the address to send from; family ADDRESS_NONE: the kernel's choice */
    bool local;             /* every address of the network is the machine's own */
};

MUST_USE bool netlink_add_network(struct netlink *netlink, const char *device, const struct network_route *route,
                                  struct error *error);

/* Packets for ADDRESS go out directly on the device. */
MUST_USE bool netlink_add_route(struct netlink *netlink, const char *device, const struct address *address,
                                struct error *error);

/* ADDRESS is for ever at a link address of LINK_ADDRESS_SIZE bytes. */
MUST_USE bool netlink_add_neighbour(struct netlink *netlink, const char *device, const struct address *address,
                                    const uint8_t *link_address, struct error *error);

#endif
