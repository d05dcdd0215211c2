/* SPDX-License-Identifier: MIT */
/* Reading an address out of a text. Private to this room. */
#ifndef PACKET_SCAN_ADDRESS_H
#define PACKET_SCAN_ADDRESS_H

#include "packet/address.h"

/* Reads the address at AT, before END, and returns where it ends; NULL (ADDRESS untouched) if there is none. */
const char *scan_address(const char *at, const char *end, struct address *address);

#endif
