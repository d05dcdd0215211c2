/* SPDX-License-Identifier: MIT */
/* IPv4 and IPv6 addresses. */
#ifndef PACKET_ADDRESS_H
#define PACKET_ADDRESS_H

#include "base/text.h"

enum address_family {
    ADDRESS_NONE = 0,
    ADDRESS_IPV4 = 4,
    ADDRESS_IPV6 = 6,
};

struct address {
    enum address_family family;
    uint8_t bytes[16]; /* network order; an IPv4 address is the first four, the rest zero */
};

/* Number of bytes that an address of FAMILY has on the wire: 0, 4 or 16. */
size_t address_size(enum address_family family);

/* An address of FAMILY from its wire bytes. */
struct address address_from_bytes(enum address_family family, const uint8_t *bytes);

bool address_equal(const struct address *left, const struct address *right);

/* Dotted quad or RFC 4291 text of LENGTH characters; false (ADDRESS untouched) if it is neither. */
bool address_parse(const char *string, size_t length, struct address *address);

/* Dotted quad, or RFC 5952 canonical text. */
void address_print(struct text *text, const struct address *address);

#endif
