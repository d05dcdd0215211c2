/* SPDX-License-Identifier: MIT */
/*
 * Characters put down at a cursor. Each function writes at AT and returns where it ended; the caller has made room, and
 * PUT_SLACK characters more, for a few are written in blocks that are larger than what they hold. Private to this room.
 */
#ifndef PACKET_PUT_H
#define PACKET_PUT_H

#include "packet/address.h"
#include "packet/packet.h"

enum {
    PUT_SLACK = 16,
    PUT_UNSIGNED_MOST = 10, /* characters of a 32-bit number */
};

/* A string literal of at most 16 characters. */
#define PUT(at, literal) put_block(at, literal "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", sizeof(literal) - 1)

ALWAYS_INLINE char *put_block(char *at, const char *block, size_t length)
{
    memcpy(at, block, 8);
    if (length > 8)
        memcpy(at + 8, block + 8, 8);
    return at + length;
}

ALWAYS_INLINE char *put_character(char *at, char character)
{
    *at = character;
    return at + 1;
}

/* LENGTH characters of any string. */
char *put_string(char *at, const char *string, size_t length);

/* LENGTH characters of the 16 that are there. */
ALWAYS_INLINE char *put_word(char *at, const char *word, size_t length)
{
    bytes_copy_16((uint8_t *)at, (const uint8_t *)word);
    return at + length;
}

/* Decimal digits. */
char *put_unsigned(char *at, uint32_t value);

/* A dotted quad; an IPv6 address in its canonical form. */
char *put_ipv4(char *at, const uint8_t *bytes);
char *put_ipv6(char *at, const uint8_t *bytes);

/* 0x and as many hexadecimal digits as needed. */
char *put_hex_number(char *at, uint32_t value);

/* Two hexadecimal digits a byte. */
char *put_hex(char *at, struct bytes bytes);

/* As address_print(): at most 45 characters. */
char *put_address(char *at, const struct address *address);

#endif
