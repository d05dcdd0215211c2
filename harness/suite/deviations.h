/* SPDX-License-Identifier: MIT */
/*
 * A stack's known deviations: scripts that are right and that the stack fails all the same, each with the reason.
 *
 *     # comments and empty lines are skipped
 *     [handshake/syn-back-off.pkt]     the end of the script's path, whole components
 *     ip = 4, 6                        only on these IP versions; all where it is left out
 *     reason = why the stack does otherwise
 *     reference = where that is written down
 *
 * Several names, one below the other, share what follows the last of them.
 *
 * Where it is the specification that the stack does otherwise than, the name is the state and the control bits of the
 * segment at fault, in tcpdump's letters ("SYN-SENT/S"; "SYN-SENT/silence" if none came), wherever that is seen; or the
 * end of a script's path: only there. Two more keys are for those:
 *
 *     specification = RFC7323 §2.2     only where the rule that is broken cites this
 *     shown = handshake/open.pkt       the end of the path of a script that shows it; if it does no more, it is stale
 */
#ifndef SUITE_DEVIATIONS_H
#define SUITE_DEVIATIONS_H

#include "base/source.h"
#include "suite/ip_version.h"

struct deviation {
    const char *script;
    ip_versions versions;
    const char *reason;
    const char *reference;
    const char *specification; /* NULL: any clause */
    const char *shown;         /* NULL: no script is known to show it */
    struct span at;            /* of the script's name */
};

struct deviations {
    struct arena arena;
    struct source source; /* the text, in the arena */
    struct deviation *items;
    size_t count;
    size_t capacity;
    size_t group; /* while it is read: the first entry that the keys at hand are for */
};

/* Parses SOURCE, a copy of which DEVIATIONS keeps. False with diagnostics; nothing needs to be freed then. */
MUST_USE bool deviations_parse(const struct source *source, struct diagnostics *diagnostics,
                               struct deviations *deviations);

/* Reads and parses the file at PATH. False with an error: what keeps it from being read, or the diagnostics as text in
 * TEXT. */
MUST_USE bool deviations_load(const char *path, struct text *text, struct deviations *deviations, struct error *error);

void deviations_free(struct deviations *deviations);

/* The entry for the script at PATH on an IP version, or NULL. */
const struct deviation *deviations_find(const struct deviations *deviations, const char *path, int ip_version);

/* True if PATH ends in SUFFIX, whole components: "suites/handshake/a.pkt" in "handshake/a.pkt", but not in "ake/a.pkt".
 */
bool path_ends_with(const char *path, size_t length, const char *suffix, size_t suffix_length);

#endif
