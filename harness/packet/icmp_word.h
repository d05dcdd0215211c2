/* SPDX-License-Identifier: MIT */
/*
 * What ICMP's types and codes are called in a text. A word may stand for different numbers in the two versions:
 * `unreachable` is type 3 of ICMPv4 (RFC 792) and type 1 of ICMPv6 (RFC 4443).
 *
 * Words are known by their place in a table, counted from 1; 0 is none.
 */
#ifndef PACKET_ICMP_WORD_H
#define PACKET_ICMP_WORD_H

#include "packet/packet.h"

/* The type, or the code of type TYPE, that the LENGTH characters at WORD name; 0 if none does. */
uint8_t icmp_type_find(const char *word, size_t length);
uint8_t icmp_code_find(uint8_t type, const char *word, size_t length);

/* The words. Static storage. */
const char *icmp_type_word(uint8_t type);
const char *icmp_code_word(uint8_t code);

/* What the word stands for in the ICMP of TRANSPORT; -1 if that has no such type or code. */
int icmp_type_number(uint8_t type, enum packet_transport transport);
int icmp_code_number(uint8_t code, enum packet_transport transport);

/* The words for the numbers of PACKET, an ICMP message; 0 for what has none. */
void icmp_words_of(const struct packet *packet, uint8_t *type, uint8_t *code);

/* The nearest type, or code of TYPE if that is not 0; NULL if there is none. */
const char *icmp_nearest_word(uint8_t type, const char *word, size_t length);

/* "unreachable port_unreachable", "type 40 code 1": as a text has it. */
void icmp_print_words(struct text *text, const struct packet *packet);

#endif
