/* SPDX-License-Identifier: MIT */
/*
 * The text form of a packet: `(ttl 64) 1234 > 80 S. 100:100(0) ack 1 win 65535 <mss 1460,nop,nop,sackOK>`.
 *
 * A text may leave fields open: it stands for all packets that agree with it, and is therefore read into a pattern: the
 * values, and which of them were given. A packet's own text gives everything, so that reading it back gives the packet.
 * The grammar is in specs/README.md ("Segments"); it is packetdrill's, with our extensions.
 */
#ifndef PACKET_PATTERN_H
#define PACKET_PATTERN_H

#include "base/scanner.h"
#include "packet/encapsulation.h"
#include "packet/packet.h"
#include "packet/slot.h"
#include "packet/tcp_option.h"

/* Fields that a text can give. */
enum pattern_field {
    FIELD_IP_VERSION,
    FIELD_IP_HEADER_LENGTH,
    FIELD_ECN, /* the low two bits of the type of service or traffic class */
    FIELD_TYPE_OF_SERVICE,
    FIELD_IP_LENGTH,
    FIELD_IDENTIFICATION,
    FIELD_IP_FLAGS,
    FIELD_FRAGMENT_OFFSET,
    FIELD_TIME_TO_LIVE, /* hop limit */
    FIELD_PROTOCOL,
    FIELD_IP_CHECKSUM,
    FIELD_FLOW_LABEL,
    FIELD_SOURCE,
    FIELD_DESTINATION,
    FIELD_IP_OPTIONS, /* extension headers */
    FIELD_SOURCE_PORT,
    FIELD_DESTINATION_PORT,
    FIELD_FLAGS,    /* all control bits but the reserved ones and those in `open_flags` */
    FIELD_RESERVED, /* the three reserved bits */
    FIELD_SEQUENCE,
    FIELD_ACKNOWLEDGMENT,
    FIELD_WINDOW,
    FIELD_URGENT_POINTER,
    FIELD_DATA_OFFSET,
    FIELD_CHECKSUM, /* of the transport */
    FIELD_OPTIONS,  /* of TCP: exactly these, in this order; or a set of them, see struct pattern_option_set */
    FIELD_PAYLOAD_LENGTH,
    FIELD_PAYLOAD, /* its bytes */
    FIELD_TRAILER,
    FIELD_UDP_LENGTH,
    FIELD_ICMP_TYPE,
    FIELD_ICMP_CODE,
    FIELD_ICMP_REST,
    FIELD_QUOTE,         /* the packet that an ICMP message quotes */
    FIELD_ENCAPSULATION, /* what is around the packet */
    FIELD_COUNT
};

_Static_assert(FIELD_COUNT <= 64, "fields fit a mask");
#define FIELD_BIT(field) (UINT64_C(1) << (field))

/* `[ect01]` is either of two code points. */
enum pattern_ecn {
    ECN_EXACT,
    ECN_ECT0_OR_ECT1,
};

/* `{checksum bad}`: any value but the right one. Set when building, required when matching. */
enum pattern_checksum {
    CHECKSUM_AS_GIVEN,
    CHECKSUM_BAD,
};

/* What makes a list of TCP options a set, of which neither order nor padding counts: `<mss 1460, wscale 7?, ...>`. Bits
 * are by place in the list; the packet's options are those listed, without padding. */
struct pattern_option_set {
    bool is_set;
    uint64_t optional;  /* `wscale 7?`: may be missing */
    uint64_t any_value; /* `mss ...`: there with any value, of which the option as listed gives the beginning */
};

/* The packet that an ICMP message quotes: `[1:1001(1000)]`, `[udp (10)]`, `[1:1(0)/udp(9899 > 9899)]`. Addresses and
 * ports are those of the connection. */
struct pattern_quote {
    enum packet_transport transport; /* TCP or UDP */
    uint32_t sequence;               /* TCP */
    uint16_t length;                 /* of the payload, which is not quoted */
    bool over_udp;
    uint16_t udp_source;
    uint16_t udp_destination;
};

struct pattern {
    /* Views are in the arena, or static. Network is NETWORK_NONE unless the text says which; what both versions have
     * (type of service, length, time to live, protocol, version) is then in `ipv4`: see pattern_set_network(). */
    struct packet packet;
    uint64_t given; /* FIELD_BIT()s */
    enum pattern_ecn ecn;
    enum pattern_checksum checksum;    /* of the transport */
    enum pattern_checksum ip_checksum; /* of the IPv4 header */
    /* `...` or `<...>`: any options, and FIELD_OPTIONS is not given; `<mss 1460, ...>`: any besides those listed. */
    bool any_options;
    struct pattern_option_set option_set;
    uint8_t icmp_type_word; /* of icmp_word.h, 0 if the type is given as a number */
    uint8_t icmp_code_word;
    struct pattern_quote quote;
    struct encapsulation encapsulation; /* the headers are in the arena */
    uint16_t open_flags;                /* `SE?`: control bits that are set or not */
    struct span at;                     /* of the whole text in its source */
    const struct pattern_slot *slots;   /* places that have no value yet; those of options in their order */
    size_t slot_count;
};

ALWAYS_INLINE bool pattern_gives(const struct pattern *pattern, enum pattern_field field)
{
    return (pattern->given & FIELD_BIT(field)) != 0;
}

/* Value of a name that stands where a number is due (`mss MSS`); false if it is not known: then "expected ..." is
 * said of it, unless the function has added a diagnostic of its own. NAME points into the text that is read. */
typedef bool pattern_name_function(void *context, const char *name, size_t length, uint64_t *value);

/* Text that a name stands for where bytes are due (`FO TFO_COOKIE`); else as pattern_name_function. */
typedef bool pattern_text_function(void *context, const char *name, size_t length, const char **text);

struct pattern_names {
    pattern_name_function *find; /* may be NULL: no names */
    void *context;
    pattern_text_function *find_text; /* likewise */
};

/*
 * Reads one packet at the scanner, up to where it ends on the line; false with diagnostics if it isn't one. What can't
 * be left open in a segment (flags, sequence numbers) is required, as in packetdrill.
 */
MUST_USE bool pattern_parse(struct scanner *scanner, struct arena *arena, const struct pattern_names *names,
                            struct pattern *pattern);

/* Makes a pattern whose text does not say which network it is for (NETWORK_NONE) one for NETWORK; any other is left as
 * it is. `icmp` becomes the ICMP of that version. */
void pattern_set_network(struct pattern *pattern, enum packet_network network);

/* Sets type and code of a pattern for ICMP to the numbers that its words stand for in its version; false if that
 * version has no such type or code. pattern_set_network() does it as far as it can be done. */
bool pattern_resolve_icmp(struct pattern *pattern);

/* What the text form of a packet shows. */
enum pattern_style {
    PATTERN_WHOLE,  /* everything: parsing it gives the packet back */
    PATTERN_SCRIPT, /* as a script would have it: flags, numbers, window, options; no addresses, ports or IP fields */
};

/* The control bits as a segment's text has them: "S.", "F.", "-" for none. Reserved bits are not shown. */
void tcp_flags_print(struct text *text, uint16_t flags);

/* Text of a packet, on one line, without a line end. */
void packet_print(struct text *text, const struct packet *packet, enum pattern_style style);

/* The same of a packet and what is around it, as encapsulation_decode() found them. */
void encapsulation_print(struct text *text, const struct encapsulation *encapsulation, const struct packet *packet,
                         enum pattern_style style);

/* Text of what a pattern gives, as a script would have it. */
void pattern_print(struct text *text, const struct pattern *pattern);

/* True if CAME, option bytes of a packet, are what PATTERN, which has a set of options, asks for. If not, WHY (may be
 * NULL) gets what is amiss: "no wscale 7", "mss 1400 besides". */
bool pattern_options_agree(const struct pattern *pattern, struct bytes came, struct text *why);

/* Text of a set of options, in its angle brackets. */
void pattern_print_options(struct text *text, const struct pattern *pattern);

/* The control bits as a segment's text has them, "SE?": OPEN ones with a question mark. */
void tcp_open_flags_print(struct text *text, uint16_t flags, uint16_t open);

/* Text of a quoted packet, in its brackets. */
void pattern_print_quote(struct text *text, const struct pattern_quote *quote);

/* Text of the headers in front of a packet, without what they carry; of those that were read from a text. */
void pattern_print_encapsulation(struct text *text, const struct encapsulation *encapsulation);

/* True if both give the same fields with the same values. Where they stand in their sources does not count. */
bool pattern_equal(const struct pattern *left, const struct pattern *right);

#endif
