/* SPDX-License-Identifier: MIT */
/* MPTCP's options in words of their own. Private to this room. */
#ifndef PACKET_READ_MULTIPATH_H
#define PACKET_READ_MULTIPATH_H

#include "packet/reader.h"

/* Reads an option of MPTCP if one of its words stands at AT: all of its bytes go to BYTES, of which the longest such
 * option takes less than 40. Returns AT if there is no such word, NULL after a diagnostic. */
const char *read_multipath_words(struct reader *reader, const char *at, uint8_t *bytes, size_t *size);

#endif
