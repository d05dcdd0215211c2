/* SPDX-License-Identifier: MIT */
/*
 * A variant: a named amendment of a specification, that puts other rows in the place of some of its rows.
 *
 *     variant two-packets
 *     says The server is content after its SYN-ACK.
 *     assume foreseen-numbers          an outsider knows the numbers that a server gives next
 *
 *     state LISTEN                     or rows NAME
 *     instead of arrives SYN           a row of it, by its first line
 *     arrives SYN                      what takes its place; nothing: it is left out
 *       ...
 */
#ifndef SPEC_VARIANT_H
#define SPEC_VARIANT_H

#include "base/source.h"

struct variant {
    struct arena arena;
    const char *name;
    const char *says; /* "" if it doesn't */
    bool foreseen;
    size_t replaced; /* rows */
};

/* Appends BASE, as VARIANT's text SOURCE amends it, to AMENDED. False with diagnostics, whose source is SOURCE. End
 * VARIANT with variant_free() in any case. */
MUST_USE bool variant_amend(struct variant *variant, const struct source *source, const struct source *base,
                            struct text *amended, struct diagnostics *diagnostics);
void variant_free(struct variant *variant);

#endif
