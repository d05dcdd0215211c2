/* SPDX-License-Identifier: MIT */
/* Text of addresses; that of IPv6 ones is canonical (RFC 5952). */
#include "packet/put.h"

enum {
    IPV6_GROUPS = 8,
    ADDRESS_TEXT_MOST = 45,
};

/* The digits of a byte and the dot behind them. */
struct octet {
    char text[4];
    uint8_t length;
};

#define OCTET_1(n)                  \
    {                               \
        {(char)('0' + (n)), '.'}, 2 \
    }
#define OCTET_2(n)                                               \
    {                                                            \
        {(char)('0' + (n) / 10), (char)('0' + (n) % 10), '.'}, 3 \
    }
#define OCTET_3(n)                                                                             \
    {                                                                                          \
        {(char)('0' + (n) / 100), (char)('0' + (n) / 10 % 10), (char)('0' + (n) % 10), '.'}, 4 \
    }
#define TEN(OCTET, n)                                                                                         \
    OCTET(n), OCTET((n) + 1), OCTET((n) + 2), OCTET((n) + 3), OCTET((n) + 4), OCTET((n) + 5), OCTET((n) + 6), \
        OCTET((n) + 7), OCTET((n) + 8), OCTET((n) + 9)
#define FIFTY(OCTET, n) \
    TEN(OCTET, n), TEN(OCTET, (n) + 10), TEN(OCTET, (n) + 20), TEN(OCTET, (n) + 30), TEN(OCTET, (n) + 40)

static const struct octet octets[256] = {
    TEN(OCTET_1, 0),    TEN(OCTET_2, 10),    TEN(OCTET_2, 20),    TEN(OCTET_2, 30),    TEN(OCTET_2, 40),
    FIFTY(OCTET_2, 50), FIFTY(OCTET_3, 100), FIFTY(OCTET_3, 150), FIFTY(OCTET_3, 200), OCTET_3(250),
    OCTET_3(251),       OCTET_3(252),        OCTET_3(253),        OCTET_3(254),        OCTET_3(255),
};

char *put_ipv4(char *at, const uint8_t *bytes)
{
    for (size_t i = 0; i < 4; i++) {
        const struct octet *octet = &octets[bytes[i]];
        memcpy(at, octet->text, sizeof(octet->text));
        at += octet->length;
    }
    return at - 1;
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

char *put_ipv6(char *at, const uint8_t *bytes)
{
    if (load_be64(bytes) == 0 && load_be32(bytes + 8) == UINT16_MAX)
        return put_ipv4(PUT(at, "::ffff:"), bytes + 12);
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
