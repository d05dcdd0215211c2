/* SPDX-License-Identifier: MIT */
/*
 * Where the kernel itself answers for our address (loopback), it resets what comes to a port that no socket of its own
 * has. A netfilter rule of ours keeps those RSTs back, and those alone.
 */
#ifndef LINK_RESET_GUARD_H
#define LINK_RESET_GUARD_H

#include "base/error.h"
#include "packet/address.h"

struct reset_guard;

/* RSTs that carry this mark (SO_MARK) are our own and pass. */
enum { RESET_GUARD_MARK = 0x5d0c };

struct reset_guard_settings {
    struct address own[2]; /* IPv4, IPv6; family ADDRESS_NONE if there is none */
    uint16_t own_port;
};

/*
 * Keeps back the kernel's RSTs from the port given, in the current network namespace, until the guard is closed or the
 * process dies: the rules belong to it (NFT_TABLE_F_OWNER).
 */
MUST_USE bool reset_guard_open(const struct reset_guard_settings *settings, struct reset_guard **guard,
                               struct error *error);

/* NULL is allowed. */
void reset_guard_close(struct reset_guard *guard);

#endif
