/* SPDX-License-Identifier: MIT */
/* Parts that segments of several protocols have in common; see reader.h for what they return. Private to this room. */
#ifndef PACKET_READ_SEGMENT_H
#define PACKET_READ_SEGMENT_H

#include "packet/reader.h"

/* `SOURCE > DESTINATION` */
const char *read_ports(struct reader *reader, const char *at, uint16_t *source, uint16_t *destination);

/* `(LENGTH)`: a payload of so many zeros, until its bytes are given. */
const char *read_length(struct reader *reader, const char *at);

/* The fields in braces, if they are there. */
const char *read_braces(struct reader *reader, const char *at);

/* Says what a packet may begin with. Always NULL. */
COLD const char *read_no_packet(struct reader *reader, const char *at);

/* `SEQUENCE:END(LENGTH)` */
const char *read_sequence(struct reader *reader, const char *start);

/* A segment of TCP. */
const char *read_tcp(struct reader *reader, const char *at);

/* An ICMP message, behind `icmp`. */
const char *read_icmp(struct reader *reader, const char *at, enum packet_transport transport);

/* The packet that an ICMP message quotes, `[1:1001(1000)]`; and whether one stands at AT. */
const char *read_quote(struct reader *reader, const char *start);
bool quote_begins(struct reader *reader, const char *at);

#endif
