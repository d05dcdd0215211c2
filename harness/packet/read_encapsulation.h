/* SPDX-License-Identifier: MIT */
/* Texts of what is around a packet; see reader.h for what these return. Private to this room. */
#ifndef PACKET_READ_ENCAPSULATION_H
#define PACKET_READ_ENCAPSULATION_H

#include "packet/reader.h"

/* Takes the headers in front of a packet, which belong to the pattern then. */
const char *read_encapsulation(struct reader *reader, const char *at);

/* Takes `/udp(SOURCE > DESTINATION)`. */
const char *read_over_udp(struct reader *reader, const char *start, struct encapsulation *encapsulation);

#endif
