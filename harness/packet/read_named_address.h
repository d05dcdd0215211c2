/* SPDX-License-Identifier: MIT */
/* Names without `$`, and addresses that have one: `addr[saddr0]`. See reader.h for what these return. Private to this
 * room. */
#ifndef PACKET_READ_NAMED_ADDRESS_H
#define PACKET_READ_NAMED_ADDRESS_H

#include "packet/reader.h"

/* What stands from START up to BEHIND. */
struct span reader_span(const struct reader *reader, const char *start, const char *behind);

/* Takes the name at AT, which is SLOT's then. */
COLD const char *read_bare_name(struct reader *reader, const char *at, struct pattern_slot *slot);

/* Takes `addr[NAME]` or `addr[NAME=ADDRESS]`, and adds SLOT, whose place is the caller's, for it. */
COLD const char *read_named_address(struct reader *reader, const char *at, struct pattern_slot *slot);

/* True if `addr[` or `>` stands at AT: the addresses of a segment. */
bool named_addresses_begin(struct reader *reader, const char *at);

/* Takes `addr[NAME] > addr[NAME]`, of which the first may be missing. */
COLD const char *read_named_addresses(struct reader *reader, const char *at);

#endif
