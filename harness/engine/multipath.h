/* SPDX-License-Identifier: MIT */
/* What MPTCP's options hold that only the run knows: keys, tokens, random numbers, codes, data sequence numbers. */
#ifndef ENGINE_MULTIPATH_H
#define ENGINE_MULTIPATH_H

#include "engine/connection.h"
#include "engine/names.h"

/* The keys of a run's MPTCP connection (RFC 8684 section 3.1), each the first that its host has sent. */
struct multipath {
    bool local_known; /* the stack's */
    bool remote_known;
    uint64_t local_key;
    uint64_t remote_key;
};

/* Where values of MPTCP come from and go to. */
struct multipath_filling {
    struct multipath *state;
    struct connection *connection; /* the subflow */
    struct names *names;
    struct arena *arena; /* of new names */
    bool injected;       /* the segment is to be sent; else it came from the stack */
    bool ipv6;
    struct address remote; /* the harness's own: addresses without a value are those behind it */
};

/* A slot, and the option that it is in. */
struct multipath_place {
    const struct pattern_slot *slot;
    const uint8_t *written;       /* the option as the script has it */
    struct bytes made;            /* what stands of the option before the slot, with values */
    const struct packet *segment; /* as the script has it */
    struct bytes came;            /* the option in the segment that came; empty if there is none */
};

/* Writes what the slot stands for. False with ERROR if it can't be known, or memory ran out. */
MUST_USE bool multipath_fill(const struct multipath_filling *filling, const struct multipath_place *place,
                             struct byte_writer *writer, struct error *error);

/* Of a key: the token that names its connection (section 3.2), and the initial data sequence number (section 3.1).
 * False if libcrypto does not reckon them. */
MUST_USE bool multipath_digest(uint64_t key, uint32_t *token, uint64_t *initial_number);

#endif
