/* SPDX-License-Identifier: MIT */
/*
 * How a raw link's packets go out: through a raw IP socket where the kernel passes them on unchanged, else through a
 * packet socket, which changes nothing.
 */
#ifndef LINK_SENDER_H
#define LINK_SENDER_H

#include "link/link.h"
#include "link/neighbour.h"

struct sender_settings {
    const char *device;
    struct address own[2];  /* IPv4, IPv6; family ADDRESS_NONE if there is none */
    struct address peer[2]; /* the stack's */
    uint32_t mark;          /* of what raw IP sockets send (SO_MARK); 0: none */
};

struct sender {
    int raw[2];        /* IPv4, IPv6; -1 if there is none */
    int packet_socket; /* -1 if there is none */
    int device_index;
    unsigned mtu;
    struct address peer[2];
    struct ethernet_address address;         /* the device's */
    struct ethernet_address peer_address[2]; /* where to the peers' packets go, once it is known */
    bool peer_known[2];
};

MUST_USE bool sender_open(struct sender *sender, const struct sender_settings *settings, struct error *error);

/* Where packets for PEER (0: IPv4, 1: IPv6) go. */
void sender_learn(struct sender *sender, size_t peer, const struct ethernet_address *address);

/* Sends a packet from its IP header on, exactly as it is. */
MUST_USE bool sender_send(const struct sender *sender, struct bytes packet, struct error *error);

/* Sends a frame from its Ethernet header on. */
MUST_USE bool sender_send_frame(const struct sender *sender, struct bytes frame, struct error *error);

/* True if a raw IP socket would put PACKET on the wire byte for byte, on the way to one of the peers. */
bool sender_kernel_keeps(const struct sender *sender, struct bytes packet);

/* Closes the sockets; a zeroed sender that was never opened must not be closed. */
void sender_close(struct sender *sender);

#endif
