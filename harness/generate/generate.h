/* SPDX-License-Identifier: MIT */
/*
 * Test scripts from the specification: for each state, row and outcome that can be brought about from outside, and for
 * both sides of each boundary between sequence numbers, as few as do; and for each option, offered and not, and for
 * what ECN negotiates.
 */
#ifndef GENERATE_GENERATE_H
#define GENERATE_GENERATE_H

#include "base/text.h"
#include "spec/spec.h"

/* What came of it. */
struct generate_report {
    size_t scripts;
    size_t transitions;       /* outcomes of rows, by state, that scripts reach */
    size_t transitions_whole; /* that the specification has */
    size_t boundaries;        /* sides of boundaries between numbers that scripts are on */
    size_t precedences;       /* rows that decide before the one below them, though that fits as well */
    size_t negotiations;      /* scripts about options and ECN, one for each thing that a SYN can say of them */
    struct text missing;      /* what no script brings about and why, a line each */
};

/*
 * Writes the scripts that SPEC gives rise to into the folder DIRECTORY, which is made if it is not there; a file each,
 * "established-rst.pkt", for the ordinary engine and any stack. The same specification gives the same bytes. A script
 * of an earlier time that is not among them is removed if it says in its notes that it was generated; other files are
 * left alone. False with an error if memory ran out or a file can't be written. In either case
 * generate_report_free() ends REPORT.
 */
MUST_USE bool generate_suite(const struct spec *spec, const char *directory, struct generate_report *report,
                             struct error *error);

void generate_report_free(struct generate_report *report);

#endif
