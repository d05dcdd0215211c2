/* SPDX-License-Identifier: MIT */
/*
 * What a packet travels in: headers in front of its own IP header (IP in IP, RFC 2003 and RFC 4213; GRE, RFC 2784 and
 * RFC 2890; MPLS, RFC 3032 and RFC 4023), or a UDP header between its IP header and TCP.
 *
 * packet_decode() reads the outermost IP header and leaves the rest as payload; encapsulation_decode() goes on from
 * there. encapsulation_build() of what it found gives the same bytes again.
 */
#ifndef PACKET_ENCAPSULATION_H
#define PACKET_ENCAPSULATION_H

#include "packet/packet.h"

enum {
    ENCAPSULATION_HEADERS_MOST = 8,
    PROTOCOL_GRE = 47,
    PROTOCOL_MPLS = 137,
    MPLS_ENTRY_SIZE = 4,
    MPLS_ENTRIES_MOST = 64, /* of one stack; of a higher one none is read */
    GRE_HEADER_SIZE_MOST = 16,
};

/* Fields that are there, and more (RFC 2784 section 2.1, RFC 2890 section 2). */
enum gre_flag {
    GRE_CHECKSUM = 0x8000, /* the checksum and the offset */
    GRE_ROUTING = 0x4000,  /* the same; of RFC 1701, and no routing information */
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
};

struct gre_header {
    uint16_t flags; /* the first 16 bits: enum gre_flag, reserved bits, version */
    uint16_t checksum;
    uint16_t offset;
    uint32_t key;
    uint32_t sequence;
    bool explicit_checksum; /* the value given is meant as it is */
};

/* One entry of a label stack (RFC 3032 section 2.1, RFC 5462). */
struct mpls_entry {
    uint32_t label;
    uint8_t traffic_class;
    bool bottom;
    uint8_t time_to_live;
};

enum outer_kind {
    OUTER_IP,
    OUTER_GRE,
    OUTER_MPLS,
};

/* What a text gives of a GRE header; the flags it always gives. */
enum gre_given {
    GRE_GIVES_CHECKSUM = 1 << 0,
    GRE_GIVES_OFFSET = 1 << 1,
    GRE_GIVES_KEY = 1 << 2,
    GRE_GIVES_SEQUENCE = 1 << 3,
};

/* One header in front of a packet. */
struct outer_header {
    enum outer_kind kind;
    uint64_t given; /* of a header that was read from a text: FIELD_BIT()s, or enum gre_given */
    union {
        struct packet ip; /* its network header; the protocol follows from what comes next, unless explicit */
        struct gre_header gre;
        struct bytes mpls; /* entries as on the wire */
    };
};

struct encapsulation {
    const struct outer_header *headers; /* the outermost first */
    size_t count;                       /* at most ENCAPSULATION_HEADERS_MOST */
    bool over_udp;                      /* the TCP segment is in a UDP datagram */
    uint16_t udp_source;
    uint16_t udp_destination;
};

/* True if there is anything around a packet. */
ALWAYS_INLINE bool encapsulation_any(const struct encapsulation *encapsulation)
{
    return encapsulation->count > 0 || encapsulation->over_udp;
}

/* The entry at the start of ENTRIES, at least MPLS_ENTRY_SIZE bytes. */
struct mpls_entry mpls_entry_read(const uint8_t *at);
void mpls_entry_write(const struct mpls_entry *entry, uint8_t *at);

/* Bytes of a GRE header with these flags. */
size_t gre_header_size(uint16_t flags);

/*
 * Takes the headers in front of a packet off: OUTER is the outermost, as packet_decode() has it; HEADERS takes those
 * found and INNERMOST what they carry, decoded. The number of headers; 0 (nothing touched) if it carries none of the
 * above, or something that no header of ours could be built from again (fragments, trailers, further protocols).
 */
size_t encapsulation_decode(const struct packet *outer, struct outer_header headers[ENCAPSULATION_HEADERS_MOST],
                            struct packet *innermost);

/* Decodes the TCP segment in a UDP datagram: SEGMENT has the datagram's network header then. False (SEGMENT untouched)
 * if it is not long enough. The segment's own checksum is not looked at: UDP's covers it. */
bool encapsulation_decode_over_udp(const struct packet *datagram, struct packet *segment);

/* Wire bytes of PACKET in all that is around it to WRITER; false with an error if they do not fit there or no field can
 * say a length. A TCP segment over UDP has the checksum 0 unless its own is explicit. */
MUST_USE bool encapsulation_build(const struct encapsulation *encapsulation, const struct packet *packet,
                                  struct byte_writer *writer, struct error *error);

/* True if both give the same headers with the same values. */
bool encapsulation_equal(const struct encapsulation *left, const struct encapsulation *right);

#endif
