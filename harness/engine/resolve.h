/* SPDX-License-Identifier: MIT */
/*
 * Values in place of a pattern's slots.
 *
 * Theory of operation. A slot has no value of its own, so a pattern with slots is never sent or matched as it stands: a
 * copy of it is, in which each slot holds what it stands for at that moment. What an expected segment names for the
 * first time is taken from the segment that came, so that this much always agrees; the name is on trial until the rest
 * agrees too.
 */
#ifndef ENGINE_RESOLVE_H
#define ENGINE_RESOLVE_H

#include "engine/multipath.h"

/* What the copy's option bytes are written to. */
struct resolved_options {
    uint8_t bytes[TCP_OPTIONS_SIZE_MOST];
};

/* Where names and their values come from and go to. */
struct resolving {
    struct names *names;
    struct arena *arena;       /* of new names */
    const struct packet *came; /* the segment that came, in the script's numbers; NULL: one is to be sent */
    const struct packet *live; /* the same in live numbers */
    struct resolved_options *options;
    uint8_t code_length; /* bytes of a code by `ao ... valid`, which are zeros for now, as those of `md5 valid` */
    const struct multipath_filling *multipath;
};

/* Puts known port numbers into PATTERN and leaves open those that have no value yet. */
void resolve_ports(const struct names *names, struct pattern *pattern);

/* Puts values in place of all slots of PATTERN. False with ERROR if they don't fit there, or memory ran out. */
MUST_USE bool resolve_pattern(const struct resolving *resolving, struct pattern *pattern, struct error *error);

/* Puts FROM's numbers into TO where names stand for live ones (of a segment with SYN): mapping to and from a script's
 * numbers is not for them. */
void resolve_live(const struct pattern *pattern, const struct packet *from, struct packet *to);

/* The slot of FIELD, or NULL; for FIELD_OPTIONS that at OFFSET of the option bytes as they were written. */
const struct pattern_slot *resolve_slot(const struct pattern *pattern, enum pattern_field field, size_t offset);

#endif
