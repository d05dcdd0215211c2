/* SPDX-License-Identifier: MIT */
/* Parts of a packet's text, put down at a cursor (see put.h). Private to this room. */
#ifndef PACKET_PUT_PACKET_H
#define PACKET_PUT_PACKET_H

#include "packet/pattern.h"
#include "packet/put.h"

enum {
    PUT_OPTION_RATIO = 12,  /* a TCP option's byte is at most that many characters */
    PUT_OPTION_MOST = 3100, /* an option of 255 bytes */
    PUT_MARK_MOST = 5,      /* " ...?" behind an option of a set */
    /* All options of a set: "any order: ", "...", and those listed. */
    PUT_SLOT_MOST = 64, /* of what stands in a value's place, of which an option's byte has at most one half */
    PUT_SET_MOST = 16 + (PUT_OPTION_RATIO + PUT_MARK_MOST + PUT_SLOT_MOST / 2) * TCP_OPTIONS_SIZE_MOST,
};

/* What is to be printed: a packet and which of its fields. */
struct printing {
    const struct packet *packet;
    uint64_t given; /* FIELD_BIT()s */
    enum pattern_ecn ecn;
    enum pattern_checksum checksum;
    enum pattern_checksum ip_checksum;
    bool any_options;
    uint16_t open_flags;
    struct pattern_option_set option_set;
    uint8_t icmp_type_word; /* of icmp_word.h, or 0 */
    uint8_t icmp_code_word;
    const struct pattern_quote *quote;         /* may be NULL */
    const struct encapsulation *encapsulation; /* may be NULL */
    const struct pattern_slot *slots;
    size_t slot_count;
};

ALWAYS_INLINE bool shows(const struct printing *printing, enum pattern_field field)
{
    return (printing->given & FIELD_BIT(field)) != 0;
}

/* The control bits, "S." or "-", those in OPEN with `?` behind: at most PUT_FLAGS_MOST characters. */
enum { PUT_FLAGS_MOST = 24 };
char *put_flags(char *at, unsigned flags, unsigned open);

/* The segment behind the IP fields. */
char *put_segment(char *at, const struct printing *printing);

/* ` {checksum bad}`: the extras in braces, if there are any. */
char *put_braces(char *at, const struct printing *printing, uint16_t checksum);

/* `(LENGTH)` of the payload. */
char *put_length(char *at, const struct packet *packet);

/* An ICMP message; the packet that one quotes. */
char *put_icmp(char *at, const struct printing *printing);
char *put_quote(char *at, const struct pattern_quote *quote);

/* The headers in front of a packet, each with `: ` behind it, and the most characters that takes. */
char *put_encapsulation(char *at, const struct encapsulation *encapsulation);
size_t put_encapsulation_most(const struct encapsulation *encapsulation);

/* `/udp(SOURCE > DESTINATION)` */
char *put_over_udp(char *at, unsigned source, unsigned destination);

/* One option, without a comma. */
char *put_tcp_option(char *at, const struct tcp_option *option);

/* All options of a header with commas between them, the padding included. */
char *put_tcp_options(char *at, struct bytes options);

/* All options of a set, and what else may come. */
char *put_option_set(char *at, const struct printing *printing);
/* What follows the end-of-options marker, behind a comma. */
char *put_padding(char *at, struct bytes padding);

/* --- put_slot.c --- */

/* A number of the header, and what is added to it. */
struct put_field {
    enum pattern_field field;
    uint32_t value;
    uint32_t more;
};

/* The field's number, or the name that stands in its place. */
COLD char *put_field_slot(char *at, const struct printing *printing, struct put_field field);

ALWAYS_INLINE char *put_field(char *at, const struct printing *printing, enum pattern_field field, uint32_t value)
{
    if (UNLIKELY(printing->slot_count > 0))
        return put_field_slot(at, printing, (struct put_field){field, value, 0});
    return put_unsigned(at, value);
}

/* The slot that begins at OFFSET of the option at START of the option bytes, or NULL. */
const struct pattern_slot *find_option_slot(const struct printing *printing, size_t start, size_t offset);

/* An option of MPTCP that has slots by its rules. */
char *put_slotted_multipath(char *at, const struct printing *printing, const struct tcp_option *option);

/* `addr[NAME]`, and the address that the name gets there. */
char *put_named_address(char *at, const struct pattern_slot *slot);

/* `addr[NAME] > addr[NAME] `, as far as a segment has them. */
COLD char *put_named_addresses(char *at, const struct printing *printing);

/* As put_tcp_option() and put_tcp_options(), with slots. OPTION is one of the packet's. */
char *put_slotted_option(char *at, const struct printing *printing, const struct tcp_option *option);
COLD char *put_slotted_options(char *at, const struct printing *printing);

/* Fields of the list in front of a segment. */
#define IP_LIST_FIELDS                                                                                 \
    (FIELD_BIT(FIELD_IP_VERSION) | FIELD_BIT(FIELD_IP_HEADER_LENGTH) | FIELD_BIT(FIELD_ECN) |          \
     FIELD_BIT(FIELD_TYPE_OF_SERVICE) | FIELD_BIT(FIELD_IP_LENGTH) | FIELD_BIT(FIELD_IDENTIFICATION) | \
     FIELD_BIT(FIELD_IP_FLAGS) | FIELD_BIT(FIELD_FRAGMENT_OFFSET) | FIELD_BIT(FIELD_TIME_TO_LIVE) |    \
     FIELD_BIT(FIELD_PROTOCOL) | FIELD_BIT(FIELD_IP_CHECKSUM) | FIELD_BIT(FIELD_FLOW_LABEL) |          \
     FIELD_BIT(FIELD_SOURCE) | FIELD_BIT(FIELD_DESTINATION) | FIELD_BIT(FIELD_IP_OPTIONS) | FIELD_BIT(FIELD_TRAILER))

/* "(src 10.0.0.1, ttl 64) ", or nothing if no field is given. */
char *put_ip_fields(char *at, const struct printing *printing);

#endif
