/* SPDX-License-Identifier: MIT */
/* The pieces that trace_print_packet() is made of: what tcpdump prints behind the addresses, by transport. */
#ifndef TRACE_PRINT_LAYERS_H
#define TRACE_PRINT_LAYERS_H

#include "packet/packet.h"

/* "Flags [S.], seq 1, ack 2, win 65535, options [mss 1460], length 0". */
void print_tcp(struct text *text, const struct packet *packet);

/* "ICMP echo request, id 1, seq 1, length 64", "ICMP6, packet too big, mtu 1280, length 68". */
void print_icmp(struct text *text, const struct packet *packet);

/* "IP 192.0.2.1 > 192.0.2.2: GREv0, length 44: ": the headers in front of a packet that is in others, and that packet
 * itself to INNERMOST. False, with nothing appended, for a plain packet. */
bool print_encapsulation(struct text *text, const struct packet *packet, struct packet *innermost);

#endif
