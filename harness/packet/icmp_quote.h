/* SPDX-License-Identifier: MIT */
/* The packet that an ICMP error is about, as far as the message quotes it (RFC 792; RFC 1812 section 4.3.2.3; RFC 4443
 * section 3). */
#ifndef PACKET_ICMP_QUOTE_H
#define PACKET_ICMP_QUOTE_H

#include "packet/packet.h"

/* An IP header, and the least that has to be quoted behind it: eight bytes, of TCP also behind UDP's header. */
enum { ICMP_QUOTE_SIZE_MOST = IPV6_HEADER_SIZE + UDP_HEADER_SIZE + 8 };

struct icmp_quote {
    enum packet_transport
        transport; /* TCP or UDP; NONE for any other protocol, or if less than eight bytes of it came */
    struct address source;
    struct address destination;
    uint16_t source_port;
    uint16_t destination_port;
    uint32_t sequence; /* TCP */
    bool syn;          /* TCP: the control bit, if that much is quoted */
    uint16_t length;   /* of the payload, by the quoted headers' own lengths: it need not be quoted itself */
    bool over_udp;     /* the TCP segment is in a UDP datagram with these ports */
    uint16_t udp_source;
    uint16_t udp_destination;
    size_t sequence_at; /* where the sequence number stands in the message's payload */
};

/* Reads what MESSAGE quotes; false (QUOTE untouched) if it is no ICMP error or quotes no IP header. With OVER_UDP a UDP
 * datagram is taken for one that holds a TCP segment. */
bool icmp_quote_read(const struct packet *message, bool over_udp, struct icmp_quote *quote);

/* Writes the quote of a packet with these values: its IP header, UDP's, and the first eight bytes of TCP's. False if
 * WRITER has no room for ICMP_QUOTE_SIZE_MOST bytes. */
MUST_USE bool icmp_quote_build(const struct icmp_quote *quote, struct byte_writer *writer, struct error *error);

#endif
