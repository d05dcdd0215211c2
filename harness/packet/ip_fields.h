/* SPDX-License-Identifier: MIT */
/* The words of the list in front of a segment's text, `(src 10.0.0.1, ttl 64)`, and the IP fields they stand for,
 * whatever the IP version. Private to this room. */
#ifndef PACKET_IP_FIELDS_H
#define PACKET_IP_FIELDS_H

#include "packet/pattern.h"

/* In the order in which they are printed. */
enum ip_word {
    IP_WORD_SOURCE,
    IP_WORD_DESTINATION,
    IP_WORD_TYPE_OF_SERVICE,
    IP_WORD_NOT_ECT,
    IP_WORD_ECT0,
    IP_WORD_ECT1,
    IP_WORD_ECT01,
    IP_WORD_CE,
    IP_WORD_IDENTIFICATION,
    IP_WORD_DONT_FRAGMENT,
    IP_WORD_MORE_FRAGMENTS,
    IP_WORD_RESERVED_FLAG,
    IP_WORD_FRAGMENT,
    IP_WORD_FLOW_LABEL,
    IP_WORD_TIME_TO_LIVE,
    IP_WORD_VERSION,
    IP_WORD_HEADER_LENGTH,
    IP_WORD_TOTAL_LENGTH,
    IP_WORD_PAYLOAD_LENGTH,
    IP_WORD_PROTOCOL,
    IP_WORD_CHECKSUM,
    IP_WORD_OPTIONS,
    IP_WORD_EXTENSIONS,
    IP_WORD_TRAILER,
    IP_WORD_COUNT
};

/* What follows a word. */
enum ip_value {
    IP_VALUE_NONE, /* the word is the value */
    IP_VALUE_ADDRESS,
    IP_VALUE_DECIMAL,
    IP_VALUE_HEXADECIMAL,
    IP_VALUE_CHECKSUM, /* a number or `bad` */
    IP_VALUE_BYTES,
    IP_VALUE_EXTENSIONS, /* the first one's kind, and bytes */
    IP_VALUE_COUNT
};

struct ip_word_row {
    char name[16];
    uint8_t name_length;
    uint8_t value;   /* enum ip_value */
    uint8_t field;   /* enum pattern_field */
    uint8_t network; /* enum packet_network: the only one that has the field, or NETWORK_NONE */
    uint8_t meaning; /* of a word without a value: the bits of its field that it stands for */
    uint32_t most;   /* the largest number */
    uint32_t explicit_field;
};

extern const struct ip_word_row ip_word_rows[IP_WORD_COUNT];

/* The IP fields of a pattern or packet. */
struct ip_fields {
    enum packet_network network;
    uint64_t given; /* FIELD_BIT()s */
    uint32_t explicit_fields;
    uint32_t version;
    uint32_t header_length;
    uint32_t type_of_service;
    uint32_t length; /* total or payload length */
    uint32_t identification;
    uint32_t flags;
    uint32_t fragment_offset;
    uint32_t flow_label;
    uint32_t time_to_live;
    uint32_t protocol;
    uint32_t checksum;
    uint32_t next_header;
    enum pattern_ecn ecn;
    enum pattern_checksum checksum_kind;
    struct address source;
    struct address destination;
    struct bytes options; /* or extension headers */
    struct bytes trailer;
};

/* Where the number of WORD is in FIELDS. */
uint32_t *ip_fields_number(struct ip_fields *fields, enum ip_word word);

/* From a packet, whose fields of GIVEN are meant, and to one. */
void ip_fields_from_packet(struct ip_fields *fields, const struct packet *packet, uint64_t given);
void ip_fields_to_packet(const struct ip_fields *fields, struct packet *packet);

#endif
