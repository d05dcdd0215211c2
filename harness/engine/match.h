/* SPDX-License-Identifier: MIT */
/* A segment that came held against the one that was expected, field by field. */
#ifndef ENGINE_MATCH_H
#define ENGINE_MATCH_H

#include "packet/pattern.h"

struct match {
    uint64_t differing;                 /* FIELD_BIT()s of the fields that are not as expected */
    bool other_kind;                    /* not a packet of the expected protocol over the expected IP version at all */
    bool malformed;                     /* it has defects that were not asked for: see the packet's list */
    const struct encapsulation *around; /* what it is in, if it is in anything; else NULL */
};

/* Compares ACTUAL (in the script's numbering) with PATTERN. */
struct match match_packet(const struct pattern *pattern, const struct packet *actual);

/* The same for a packet that is in AROUND; plain patterns are for plain packets. */
struct match match_encapsulated(const struct pattern *pattern, const struct packet *actual,
                                const struct encapsulation *around);

ALWAYS_INLINE bool match_agrees(const struct match *match)
{
    return match->differing == 0 && !match->other_kind && !match->malformed;
}

#endif
