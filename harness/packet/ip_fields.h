/* SPDX-License-Identifier: MIT */
/* The words of the list in front of a segment's text, `(src 10.0.0.1, ttl 64)`, and the IP fields they stand for,
 * whatever the IP version. Private to this room. */
#ifndef PACKET_IP_FIELDS_H
#define PACKET_IP_FIELDS_H

#include "packet/pattern.h"

/* Words with the same first letter stand together. */
enum ip_word {
    IP_WORD_CE,
    IP_WORD_CHECKSUM,
    IP_WORD_DESTINATION,
    IP_WORD_DONT_FRAGMENT,
    IP_WORD_ECT0,
    IP_WORD_ECT1,
    IP_WORD_ECT01,
    IP_WORD_EXTENSIONS,
    IP_WORD_FLOW_LABEL,
    IP_WORD_FRAGMENT,
    IP_WORD_HEADER_LENGTH,
    IP_WORD_IDENTIFICATION,
    IP_WORD_MORE_FRAGMENTS,
    IP_WORD_NOT_ECT,
    IP_WORD_OPTIONS,
    IP_WORD_PAYLOAD_LENGTH,
    IP_WORD_PROTOCOL,
    IP_WORD_RESERVED_FLAG,
    IP_WORD_SOURCE,
    IP_WORD_TIME_TO_LIVE,
    IP_WORD_TYPE_OF_SERVICE,
    IP_WORD_TOTAL_LENGTH,
    IP_WORD_TRAILER,
    IP_WORD_VERSION,
    IP_WORD_COUNT
};

/* The IP fields of a text. */
struct ip_fields {
    enum packet_network network;     /* NETWORK_NONE while both are possible */
    uint32_t explicit_fields;        /* enum packet_explicit_field */
    uint32_t flags;                  /* enum ipv4_flag */
    uint32_t numbers[IP_WORD_COUNT]; /* of the words that are followed by one; that of `extensions` is the first kind */
    struct address source;
    struct address destination;
    struct bytes options; /* or extension headers */
    struct bytes trailer;
};

/* Sets the IP fields of PACKET, which has none yet. */
void ip_fields_to_packet(const struct ip_fields *fields, struct packet *packet);

#endif
