/* SPDX-License-Identifier: MIT */
/* Numbers of 64 bits. Private to this room. */
#ifndef PACKET_READ_WIDE_NUMBER_H
#define PACKET_READ_WIDE_NUMBER_H

#include "packet/reader.h"

/* Takes a decimal number, or one in hexadecimal behind 0x; WHAT is expected. See reader.h for what is returned. */
COLD const char *read_wide_number(struct reader *reader, const char *at, const char *what, uint64_t *value);

#endif
