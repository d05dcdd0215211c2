/* SPDX-License-Identifier: MIT */
#include "packet/address.h"

#include "base/bytes.h"
#include "base/character.h"
#include "packet/characters.h"
#include "packet/scan_address.h"

enum {
    IPV4_SIZE = 4,
    IPV6_SIZE = 16,
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
    if (family == ADDRESS_IPV4)
        memcpy(address.bytes, bytes, IPV4_SIZE);
    else if (family == ADDRESS_IPV6)
        memcpy(address.bytes, bytes, IPV6_SIZE);
    return address;
}

bool address_equal(const struct address *left, const struct address *right)
{
    return left->family == right->family && memcmp(left->bytes, right->bytes, address_size(left->family)) == 0;
}

/* The characters at AT, at most eight, the first in the lowest byte; zeros from END on. */
static uint64_t window_at(const char *at, const char *end)
{
    uint64_t window = 0;
    if (LIKELY(end - at >= 8)) {
        memcpy(&window, at, sizeof(window));
        return window;
    }
    for (size_t i = (size_t)(end - at); i > 0; i--)
        window = window << 8 | (unsigned char)at[i - 1];
    return window;
}

/* Reads a dotted quad; NULL if there is none. No leading zeros: they meant octal once. */
static const char *scan_ipv4(const char *at, const char *end, uint8_t *bytes)
{
    uint32_t quad = 0;
    for (size_t i = 0; i < IPV4_SIZE; i++) {
        uint64_t window = window_at(at, end);
        if (i > 0 && (window & 0xff) != '.')
            return NULL;
        at += i > 0;
        window >>= i > 0 ? 8 : 0;
        unsigned digits = decimal_digits(window);
        if (digits == 0 || digits > 3)
            return NULL;
        uint32_t value = decimal_value(window, digits);
        if (value > UINT8_MAX || (digits > 1 && (window & 0xff) == '0'))
            return NULL;
        quad = quad << 8 | value;
        at += digits;
    }
    store_be32(bytes, quad);
    return at;
}

/* The bytes of an IPv6 address read so far. */
struct ipv6_reading {
    uint8_t bytes[IPV6_SIZE];
    size_t used;
    size_t gap;    /* where "::" stands, in bytes; IPV6_SIZE if it does not */
    bool complete; /* a dotted quad ends it */
};

/* Reads one group, or the dotted quad that may end the text; NULL if there is neither. */
static const char *scan_group(struct ipv6_reading *reading, const char *at, const char *end)
{
    uint64_t window = window_at(at, end);
    uint64_t nibbles = hexadecimal_nibbles(window);
    unsigned digits = hexadecimal_digits(nibbles);
    if (digits == 0 || digits > 4)
        return NULL;
    if (UNLIKELY((window >> 8 * digits & 0xff) == '.')) {
        if (reading->used + IPV4_SIZE > IPV6_SIZE)
            return NULL;
        at = scan_ipv4(at, end, reading->bytes + reading->used);
        reading->used += IPV4_SIZE;
        reading->complete = true;
        return at;
    }
    if (reading->used == IPV6_SIZE)
        return NULL;
    store_be16(reading->bytes + reading->used, (uint16_t)hexadecimal_value(nibbles, digits));
    reading->used += 2;
    return at + digits;
}

/* Puts the groups behind the gap at the end. */
static bool spread(const struct ipv6_reading *reading, uint8_t *bytes)
{
    if (reading->gap == IPV6_SIZE) {
        if (reading->used != IPV6_SIZE)
            return false;
        bytes_copy_16(bytes, reading->bytes);
        return true;
    }
    if (reading->used > IPV6_SIZE - 2)
        return false;
    size_t behind = reading->used - reading->gap;
    memset(bytes, 0, IPV6_SIZE);
    memcpy(bytes, reading->bytes, reading->gap);
    memcpy(bytes + IPV6_SIZE - behind, reading->bytes + reading->gap, behind);
    return true;
}

static bool is_at(const char *at, const char *end, char character)
{
    return at < end && *at == character;
}

static const char *scan_ipv6(const char *at, const char *end, uint8_t *bytes)
{
    struct ipv6_reading reading = {.used = 0, .gap = IPV6_SIZE};
    bool begins = true;
    for (;;) {
        bool colon = is_at(at, end, ':');
        if (colon && is_at(at + 1, end, ':')) {
            if (reading.gap != IPV6_SIZE || reading.used == IPV6_SIZE)
                return NULL;
            reading.gap = reading.used;
            at += 2;
            if (at == end || (character_hex_value(*at) < 0))
                break;
        } else if (!begins && !colon) {
            break;
        } else if (colon) {
            if (begins)
                return NULL;
            at++;
        }
        at = scan_group(&reading, at, end);
        if (at == NULL)
            return NULL;
        if (reading.complete)
            break;
        begins = false;
    }
    return spread(&reading, bytes) ? at : NULL;
}

const char *scan_address(const char *at, const char *end, struct address *address)
{
    struct address scanned = {.family = ADDRESS_IPV4};
    const char *behind = scan_ipv4(at, end, scanned.bytes);
    if (behind == NULL) {
        scanned.family = ADDRESS_IPV6;
        behind = scan_ipv6(at, end, scanned.bytes);
    }
    if (behind == NULL || (behind < end && (character_is_word(*behind) || *behind == ':' || *behind == '.')))
        return NULL;
    *address = scanned;
    return behind;
}

bool address_parse(const char *string, size_t length, struct address *address)
{
    struct address parsed;
    if (scan_address(string, string + length, &parsed) != string + length)
        return false;
    *address = parsed;
    return true;
}
