/* SPDX-License-Identifier: MIT */
/* Runs of hexadecimal digits and the bytes they stand for. Private to this room. */
#ifndef PACKET_HEXADECIMAL_H
#define PACKET_HEXADECIMAL_H

#include "base/bytes.h"

/* How many hexadecimal digits stand at AT, before END. */
size_t hexadecimal_run(const char *at, const char *end);

/* Converts 2 * COUNT digits at AT, which are known to be digits, to BYTES. */
void hexadecimal_read(const char *at, size_t count, uint8_t *bytes);

/* Writes 2 * COUNT digits to AT for the bytes there are. */
void hexadecimal_write(char *at, const uint8_t *bytes, size_t count);

#endif
