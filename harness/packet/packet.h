/* SPDX-License-Identifier: MIT */
/*
 * A packet: wire bytes to header fields and back.
 *
 * Decoding is total: any bytes give a packet, and packet_build() gives exactly those bytes back. What is wrong with
 * them is a list of defects, each with its offset. What can't be read as a header (it is cut short, the protocol is not
 * ours, it is not the first fragment) is payload of the layer below.
 *
 * A field whose value follows from the rest (lengths, checksums, the IP version, ...) is computed by packet_build()
 * unless its bit in `explicit_fields` says that the value given is meant as it is. Decoding sets that bit exactly where
 * the value on the wire is not the one that would be computed.
 */
#ifndef PACKET_PACKET_H
#define PACKET_PACKET_H

#include "base/bytes.h"
#include "base/error.h"
#include "packet/address.h"

enum {
    PROTOCOL_ICMPV4 = 1,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ICMPV6 = 58,
    IPV4_HEADER_SIZE = 20,
    IPV4_OPTIONS_SIZE_MOST = 40,
    IPV6_HEADER_SIZE = 40,
    TCP_HEADER_SIZE = 20,
    TCP_OPTIONS_SIZE_MOST = 40,
    UDP_HEADER_SIZE = 8,
    ICMP_HEADER_SIZE = 8,
    PACKET_SIZE_MOST = 65575, /* an IPv6 header and the longest payload without a jumbogram option */
};

/* Control bits (RFC 9293 section 3.1), AE (RFC 9768), and the three that are still reserved: all 12 of the field. */
enum tcp_flag {
    TCP_FIN = 1 << 0,
    TCP_SYN = 1 << 1,
    TCP_RST = 1 << 2,
    TCP_PSH = 1 << 3,
    TCP_ACK = 1 << 4,
    TCP_URG = 1 << 5,
    TCP_ECE = 1 << 6,
    TCP_CWR = 1 << 7,
    TCP_AE = 1 << 8,
    TCP_RESERVED = 7 << 9,
};

enum ipv4_flag {
    IPV4_MORE_FRAGMENTS = 1 << 0,
    IPV4_DONT_FRAGMENT = 1 << 1,
    IPV4_RESERVED = 1 << 2,
};

struct ipv4_header {
    uint8_t version;       /* the first four bits */
    uint8_t header_length; /* in 32-bit words */
    uint8_t type_of_service;
    uint16_t total_length;
    uint16_t identification;
    uint8_t flags;            /* enum ipv4_flag */
    uint16_t fragment_offset; /* in units of eight bytes */
    uint8_t time_to_live;
    uint8_t protocol;
    uint16_t checksum;
    uint8_t source[4];
    uint8_t destination[4];
    struct bytes options; /* as on the wire, a multiple of four bytes */
};

struct ipv6_header {
    uint8_t version;
    uint8_t traffic_class;
    uint32_t flow_label;
    uint16_t payload_length;
    uint8_t next_header; /* of the fixed header: the first extension header's kind, if there is one */
    uint8_t hop_limit;
    uint8_t protocol; /* what follows the extension headers */
    uint8_t source[16];
    uint8_t destination[16];
    struct bytes extensions; /* all extension headers as on the wire; walk them with ipv6_extension_next() */
};

struct tcp_header {
    uint16_t source_port;
    uint16_t destination_port;
    uint32_t sequence;
    uint32_t acknowledgment;
    uint8_t data_offset; /* in 32-bit words */
    uint16_t flags;      /* enum tcp_flag, 12 bits */
    uint16_t window;
    uint16_t checksum;
    uint16_t urgent_pointer;
    struct bytes options; /* as on the wire; walk them with tcp_option_next() */
};

struct udp_header {
    uint16_t source_port;
    uint16_t destination_port;
    uint16_t length;
    uint16_t checksum;
};

/* ICMP of both versions. For an error the payload is the quoted packet: see packet_decode_quoted(). */
struct icmp_header {
    uint8_t type;
    uint8_t code;
    uint16_t checksum;
    uint32_t rest; /* the second word: MTU, pointer, identifier and sequence, ... */
};

enum packet_network {
    NETWORK_NONE, /* no IP header can be read: all is payload */
    NETWORK_IPV4,
    NETWORK_IPV6,
};

enum packet_transport {
    TRANSPORT_NONE, /* what follows the network header is payload, whatever its protocol number says */
    TRANSPORT_TCP,
    TRANSPORT_UDP,
    TRANSPORT_ICMPV4,
    TRANSPORT_ICMPV6,
};

/* Fields that packet_build() would compute: a set bit keeps the value given. */
enum packet_explicit_field {
    EXPLICIT_IP_VERSION = 1 << 0,
    EXPLICIT_IP_HEADER_LENGTH = 1 << 1, /* IPv4 */
    EXPLICIT_IP_LENGTH = 1 << 2,        /* IPv4 total length, IPv6 payload length */
    EXPLICIT_IP_CHECKSUM = 1 << 3,      /* IPv4 */
    EXPLICIT_IP_PROTOCOL = 1 << 4,      /* the protocol does not follow from `transport` */
    EXPLICIT_DATA_OFFSET = 1 << 5,      /* TCP */
    EXPLICIT_UDP_LENGTH = 1 << 6,
    EXPLICIT_CHECKSUM = 1 << 7, /* of the transport */
};

/* name, what is wrong */
#define PACKET_DEFECTS(X)                                                             \
    X(EMPTY, "no bytes at all")                                                       \
    X(IP_VERSION, "the IP version is neither 4 nor 6")                                \
    X(IP_HEADER_TRUNCATED, "the IP header is cut short")                              \
    X(IP_HEADER_LENGTH, "the IPv4 header length is below 5 or goes past the end")     \
    X(IP_LENGTH_SHORT, "the IP length is less than its own header")                   \
    X(IP_LENGTH_LONG, "the IP length goes past the end of the packet")                \
    X(IP_TRAILER, "bytes follow the end that the IP length gives")                    \
    X(IP_CHECKSUM, "the IPv4 header checksum is wrong")                               \
    X(IP_RESERVED_FLAG, "the reserved flag of the IPv4 header is set")                \
    X(IP_OPTION_LENGTH, "an IPv4 option's length is below 2 or goes past the header") \
    X(IP_EXTENSION_TRUNCATED, "an IPv6 extension header is cut short")                \
    X(TCP_HEADER_TRUNCATED, "the TCP header is cut short")                            \
    X(TCP_DATA_OFFSET_SHORT, "the data offset is below 5")                            \
    X(TCP_DATA_OFFSET_LONG, "the data offset goes past the end of the segment")       \
    X(TCP_OPTION_LENGTH, "a TCP option's length is 0 or 1")                           \
    X(TCP_OPTION_TRUNCATED, "a TCP option goes past the header")                      \
    X(TCP_OPTION_SIZE, "a TCP option's length is not one that its kind allows")       \
    X(TCP_OPTION_AFTER_END, "a byte after the end-of-options marker is not zero")     \
    X(TCP_RESERVED_BITS, "a reserved control bit is set")                             \
    X(TCP_CHECKSUM, "the TCP checksum is wrong")                                      \
    X(UDP_HEADER_TRUNCATED, "the UDP header is cut short")                            \
    X(UDP_LENGTH, "the UDP length is below 8 or not that of the packet")              \
    X(UDP_CHECKSUM, "the UDP checksum is wrong, or absent over IPv6")                 \
    X(ICMP_HEADER_TRUNCATED, "the ICMP header is cut short")                          \
    X(ICMP_CHECKSUM, "the ICMP checksum is wrong")

enum packet_defect_kind {
#define X(name, text) DEFECT_##name,
    PACKET_DEFECTS(X)
#undef X
        DEFECT_COUNT
};

struct packet_defect {
    enum packet_defect_kind kind;
    uint32_t offset; /* of the field at fault, from the start of the packet */
};

enum { PACKET_DEFECTS_MOST = 16 };

/* All views point into the bytes that were decoded, or into what the builder of the packet owns. */
struct packet {
    struct bytes wire; /* what was decoded; empty in a packet that was put together by hand */
    enum packet_network network;
    enum packet_transport transport;
    uint32_t explicit_fields; /* enum packet_explicit_field */
    union {
        struct ipv4_header ipv4;
        struct ipv6_header ipv6;
    };
    union {
        struct tcp_header tcp;
        struct udp_header udp;
        struct icmp_header icmp;
    };
    struct bytes payload;
    struct bytes trailer;                              /* what follows the end that the IP length gives */
    uint32_t defect_count;                             /* at most PACKET_DEFECTS_MOST are listed; the first ones */
    struct packet_defect defects[PACKET_DEFECTS_MOST]; /* only the first `defect_count` are set */
};

/* What decoding is to look at besides the headers. */
enum packet_decode_flag {
    DECODE_ALL = 0,
    /* Take checksums as right: captured before an offload, or already known. packet_build() computes them anew. */
    DECODE_UNCHECKED = 1 << 0,
    DECODE_QUOTED = 1 << 1, /* the quote in an ICMP error: cut short is no defect, and its checksum can't be known */
};

/* Decodes WIRE from its IP header on; nothing is allocated or copied, and nothing outside WIRE is read. PACKET keeps
 * views of it. */
void packet_decode(struct bytes wire, unsigned flags, struct packet *packet);

/* Decodes the packet that an ICMP error quotes; false (QUOTED untouched) if PACKET is not an ICMP error. */
bool packet_decode_quoted(const struct packet *packet, struct packet *quoted);

/* Wire bytes of PACKET to WRITER; false with an error if they do not fit there or a view has a length that no field can
 * say. */
MUST_USE bool packet_build(const struct packet *packet, struct byte_writer *writer, struct error *error);

/* True if both would be built into the same bytes and have the same layers. */
bool packet_equal(const struct packet *left, const struct packet *right);

/* "the data offset is below 5". Static storage. */
const char *packet_defect_text(enum packet_defect_kind kind);
/* "TCP_DATA_OFFSET_SHORT". Static storage. */
const char *packet_defect_name(enum packet_defect_kind kind);

/* Addresses of the network layer; family ADDRESS_NONE without one. */
struct address packet_source(const struct packet *packet);
struct address packet_destination(const struct packet *packet);

/* SEG.LEN of a TCP segment: payload, and one each for SYN and FIN (RFC 9293 section 3.3.1). */
uint32_t tcp_segment_length(const struct packet *packet);

/* One IPv6 extension header. */
struct ipv6_extension {
    uint8_t kind;       /* its own protocol number */
    uint8_t next;       /* that of what follows it */
    struct bytes whole; /* header and body */
};

/* Takes the extension header at the start of *REST (which begins with kind *KIND) and moves both past it; false at the
 * end. */
bool ipv6_extension_next(struct bytes *rest, uint8_t *kind, struct ipv6_extension *extension);

#endif
