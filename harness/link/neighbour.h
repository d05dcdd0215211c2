/* SPDX-License-Identifier: MIT */
/*
 * Who has this address? ARP (RFC 826) and IPv6 Neighbour Discovery (RFC 4861), as far as an end system needs them whose
 * addresses no kernel owns. All of it is bytes in, bytes out.
 */
#ifndef LINK_NEIGHBOUR_H
#define LINK_NEIGHBOUR_H

#include "link/ethernet.h"
#include "packet/address.h"

/* Room for any frame that is written here. */
enum { NEIGHBOUR_FRAME_SIZE = 128 };

struct neighbour_self {
    struct ethernet_address address;
    struct address own[2]; /* IPv4, IPv6; family ADDRESS_NONE if there is none */
};

/* True if FRAME is ARP, or an ICMPv6 message of Neighbour Discovery: nothing for who tests TCP. */
bool neighbour_concerns(struct bytes frame);

/* If FRAME asks for an address of SELF, writes the frame that answers it and returns true. */
bool neighbour_answer(const struct neighbour_self *self, struct bytes frame, struct byte_writer *answer);

/* Writes the frame that asks for WANTED. Whoever has it learns SELF's address of the same family from it. */
void neighbour_ask(const struct neighbour_self *self, const struct address *wanted, struct byte_writer *question);

/* If FRAME tells where WANTED is, sets FOUND and returns true. */
bool neighbour_learn(struct bytes frame, const struct address *wanted, struct ethernet_address *found);

/* The Ethernet address that questions for the IPv6 address OWN are sent to (RFC 4291 section 2.7.1, RFC 2464 section
 * 7). */
struct ethernet_address neighbour_solicited_group(const struct address *own);

#endif
