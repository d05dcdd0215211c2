/* SPDX-License-Identifier: MIT */
/*
 * A kernel that leaves a TCP checksum to its device puts the pseudo-header's sum in its place. The loopback device does
 * so, can't be told not to, and never completes it: the receiver is told that the segment is sound.
 */
#ifndef LINK_PARTIAL_CHECKSUM_H
#define LINK_PARTIAL_CHECKSUM_H

#include "base/bytes.h"

/* Completes the TCP checksum of the LENGTH bytes of an IP packet at WIRE if it is such a one; else changes nothing. */
void partial_checksum_complete(uint8_t *wire, size_t length);

#endif
