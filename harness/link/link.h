/* SPDX-License-Identifier: MIT */
/* A way for packets to reach a stack under test, and back. Packets are IP packets, from their IP header on. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "packet/address.h"

struct link;

/* A packet that passed. The bytes live until the next call on the link. */
struct link_frame {
    struct bytes packet;
    struct interval time; /* CLOCK_MONOTONIC; a kernel stamp where there is one: then both ends are equal */
};

struct link_operations {
    const char *name;
    bool (*send)(struct link *link, struct bytes packet, struct link_frame *sent, struct error *error);
    bool (*next)(struct link *link, struct link_frame *frame, bool *came, struct error *error);
    int (*descriptor)(const struct link *link);
    void (*close)(struct link *link);
};

/* The head of every link; the implementation's own state follows it. */
struct link {
    const struct link_operations *operations;
};

/*
 * Sends PACKET, malformed or not, exactly as it is. SENT is what went out (the bytes as they were on the wire) and
 * when. False if it can't be sent; nothing was sent then.
 */
MUST_USE bool link_send(struct link *link, struct bytes packet, struct link_frame *sent, struct error *error);

/* The next packet that came from the stack, in order, without waiting: CAME says whether there was one. */
MUST_USE bool link_next(struct link *link, struct link_frame *frame, bool *came, struct error *error);

/* A descriptor that polls readable when link_next() may have something. It may say so for nothing. -1 if there is none.
 */
int link_descriptor(const struct link *link);

/* Closes and frees; NULL is allowed. Everything that the link made (rules, sockets) is gone then. */
void link_close(struct link *link);

/* Where a raw link sits. */
struct link_raw_settings {
    const char *device;     /* of the current network namespace: a veth's harness end, "lo", or a real interface */
    struct address own[2];  /* the harness's address by version (IPv4, IPv6); family ADDRESS_NONE if there is none */
    struct address peer[2]; /* the stack's */
    bool answer_neighbours; /* answer ARP and ND for `own` (not on loopback) */
    bool loopback;     /* the kernel answers for `own`: an nftables rule keeps its RSTs away from the ports below */
    uint16_t own_port; /* loopback only: our port, whose RSTs the kernel is to keep to itself */
};

/* Opens a raw link in the network namespace that the calling thread is in. */
MUST_USE bool link_raw_open(const struct link_raw_settings *settings, struct link **link, struct error *error);

struct link_tun_settings {
    const char *device; /* the tun device that is there already, in the current namespace */
    int descriptor;     /* of /dev/net/tun, attached to it with IFF_TUN and not IFF_NO_PI; the link's from the call on,
                           also if that fails */
    unsigned segment_size; /* not 0: a longer TCP segment is given to the stack as several of this size in one; the
                              descriptor is one with IFF_VNET_HDR then */
    struct address own[2]; /* the harness's address by version; what the stack sends elsewhere is passed over */
};

/* Opens a link over a tun device; packets are stamped by a packet socket on it. */
MUST_USE bool link_tun_open(const struct link_tun_settings *settings, struct link **link, struct error *error);

#endif
