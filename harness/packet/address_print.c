/* SPDX-License-Identifier: MIT */
/* Text of addresses; that of IPv6 ones is canonical (RFC 5952). */
#include "packet/put.h"

enum {
    IPV6_GROUPS = 8,
    ADDRESS_TEXT_MOST = 45,
};

static char *put_ipv4(char *at, const uint8_t *bytes)
{
    at = put_unsigned(at, bytes[0]);
    for (size_t i = 1; i < 4; i++)
        at = put_unsigned(put_character(at, '.'), bytes[i]);
    return at;
}

/* A run of groups, from START on. */
struct group_run {
    size_t start;
    size_t length;
};

/* The longest run of two or more zero groups, the first of equals (RFC 5952 section 4.2). */
static struct group_run longest_zero_run(const uint8_t *bytes)
{
    struct group_run best = {IPV6_GROUPS, 0}, run = {0, 0};
    for (size_t i = 0; i < IPV6_GROUPS; i++) {
        bool zero = (bytes[2 * i] | bytes[2 * i + 1]) == 0;
        run = zero && run.length > 0 ? (struct group_run){run.start, run.length + 1} : (struct group_run){i, zero};
        if (run.length > 1 && run.length > best.length)
            best = run;
    }
    return best;
}

static char *put_group(char *at, unsigned group)
{
    static const char digits[] = "0123456789abcdef";
    bool begun = false;
    for (unsigned shift = 12; shift > 0; shift -= 4) {
        unsigned digit = group >> shift & 15;
        begun = begun || digit != 0;
        if (begun)
            *at++ = digits[digit];
    }
    return put_character(at, digits[group & 15]);
}

static char *put_ipv6(char *at, const uint8_t *bytes)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(bytes, mapped, sizeof(mapped)) == 0)
        return put_ipv4(PUT(at, "::ffff:"), bytes + sizeof(mapped));
    struct group_run gap = longest_zero_run(bytes);
    for (size_t i = 0; i < IPV6_GROUPS; i++) {
        if (i == gap.start) {
            at = PUT(at, "::");
            i += gap.length - 1;
            continue;
        }
        if (i > 0 && i != gap.start + gap.length)
            at = put_character(at, ':');
        at = put_group(at, load_be16(bytes + 2 * i));
    }
    return at;
}

char *put_address(char *at, const struct address *address)
{
    switch (address->family) {
    case ADDRESS_IPV4:
        return put_ipv4(at, address->bytes);
    case ADDRESS_IPV6:
        return put_ipv6(at, address->bytes);
    case ADDRESS_NONE:
        break;
    }
    return at;
}

void address_print(struct text *text, const struct address *address)
{
    char buffer[ADDRESS_TEXT_MOST + PUT_SLACK];
    text_append_bytes(text, buffer, (size_t)(put_address(buffer, address) - buffer));
}
