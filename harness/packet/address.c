/* SPDX-License-Identifier: MIT */
#include "packet/address.h"

#include "base/bytes.h"
#include "base/character.h"

enum {
    IPV4_SIZE = 4,
    IPV6_SIZE = 16,
    IPV6_GROUPS = 8,
    ADDRESS_TEXT_MOST = 45, /* an IPv6 address whose last 32 bits are written as a dotted quad */
};

size_t address_size(enum address_family family)
{
    switch (family) {
    case ADDRESS_IPV4:
        return IPV4_SIZE;
    case ADDRESS_IPV6:
        return IPV6_SIZE;
    case ADDRESS_NONE:
        break;
    }
    return 0;
}

struct address address_from_bytes(enum address_family family, const uint8_t *bytes)
{
    struct address address = {.family = family};
    size_t size = address_size(family);
    if (size > 0)
        memcpy(address.bytes, bytes, size);
    return address;
}

bool address_equal(const struct address *left, const struct address *right)
{
    return left->family == right->family && memcmp(left->bytes, right->bytes, address_size(left->family)) == 0;
}

/* Reads a dotted quad that takes exactly LENGTH characters. No leading zeros: they meant octal once. */
static bool ipv4_parse(const char *string, size_t length, uint8_t *bytes)
{
    size_t at = 0;
    for (size_t i = 0; i < IPV4_SIZE; i++) {
        if (i > 0 && (at >= length || string[at++] != '.'))
            return false;
        size_t start = at;
        unsigned value = 0;
        while (at < length && at < start + 3 && character_is_digit(string[at]))
            value = value * 10 + (unsigned)(string[at++] - '0');
        if (at == start || value > UINT8_MAX || (at > start + 1 && string[start] == '0'))
            return false;
        bytes[i] = (uint8_t)value;
    }
    return at == length;
}

/* The bytes of an IPv6 address read so far. */
struct ipv6_reading {
    uint8_t bytes[IPV6_SIZE];
    size_t used;
    size_t gap; /* where "::" stands, in bytes */
    bool has_gap;
};

/* Reads one group, or the dotted quad that may end the text, at *AT. */
static bool ipv6_parse_group(struct ipv6_reading *reading, const char *string, size_t length, size_t *at)
{
    unsigned value = 0;
    size_t digits = 0;
    int digit;
    while (*at + digits < length && (digit = character_hex_value(string[*at + digits])) >= 0 && digits < 5) {
        value = value * 16 + (unsigned)digit;
        digits++;
    }
    if (*at + digits < length && string[*at + digits] == '.') {
        if (reading->used + IPV4_SIZE > IPV6_SIZE ||
            !ipv4_parse(string + *at, length - *at, reading->bytes + reading->used))
            return false;
        reading->used += IPV4_SIZE;
        *at = length;
        return true;
    }
    if (digits == 0 || digits > 4 || reading->used + 2 > IPV6_SIZE)
        return false;
    store_be16(reading->bytes + reading->used, (uint16_t)value);
    reading->used += 2;
    *at += digits;
    return true;
}

/* Reads what separates two groups at *AT. */
static bool ipv6_parse_separator(struct ipv6_reading *reading, const char *string, size_t length, size_t *at)
{
    if (string[*at] != ':')
        return false;
    if (*at + 1 < length && string[*at + 1] == ':') {
        if (reading->has_gap)
            return false;
        reading->has_gap = true;
        reading->gap = reading->used;
        *at += 2;
        return true;
    }
    *at += 1;
    return reading->used > 0 && *at < length;
}

static bool ipv6_parse(const char *string, size_t length, uint8_t *bytes)
{
    struct ipv6_reading reading = {.used = 0};
    size_t at = 0;
    while (at < length) {
        bool leading_group = at == 0 && string[0] != ':';
        if (!leading_group && !ipv6_parse_separator(&reading, string, length, &at))
            return false;
        if (at < length && !ipv6_parse_group(&reading, string, length, &at))
            return false;
    }
    if (reading.has_gap ? reading.used > IPV6_SIZE - 2 : reading.used != IPV6_SIZE)
        return false;
    size_t behind = reading.used - reading.gap;
    if (!reading.has_gap)
        behind = 0;
    memset(bytes, 0, IPV6_SIZE);
    memcpy(bytes, reading.bytes, reading.used - behind);
    memcpy(bytes + IPV6_SIZE - behind, reading.bytes + reading.used - behind, behind);
    return true;
}

bool address_parse(const char *string, size_t length, struct address *address)
{
    struct address parsed = {.family = ADDRESS_NONE};
    if (length > ADDRESS_TEXT_MOST)
        return false;
    if (ipv4_parse(string, length, parsed.bytes))
        parsed.family = ADDRESS_IPV4;
    else if (ipv6_parse(string, length, parsed.bytes))
        parsed.family = ADDRESS_IPV6;
    else
        return false;
    /* A dotted quad that went wrong half-way may have left bytes behind; the IPv6 reader overwrites them all. */
    *address = parsed;
    return true;
}
