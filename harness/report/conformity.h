/* SPDX-License-Identifier: MIT */
/* What runs of one suite on several stacks say of each requirement, stacks side by side. */
#ifndef REPORT_CONFORMITY_H
#define REPORT_CONFORMITY_H

#include "report/text_report.h"

/* The heavier one counts where scripts or the specification say several things of a requirement. */
#define CONFORMITIES(X)                                                                          \
    X(NOT_EXERCISED, "not exercised")   /* no script cites it, and no rule about it was met */   \
    X(NOT_APPLICABLE, "not applicable") /* the stack can't do what its scripts need */           \
    X(PASSED, "passed")                                                                          \
    X(KNOWN_DEVIATION, "known deviation") /* broken as the stack's file says, which tells why */ \
    X(UNDECIDED, "undecided")             /* a script about it was inconclusive or in error */   \
    X(VIOLATED, "violated")

enum conformity {
#define X(name, text) CONFORMITY_##name,
    CONFORMITIES(X)
#undef X
        CONFORMITY_COUNT
};

/* "passed", ... Static storage. */
const char *conformity_name(enum conformity conformity);

enum { CONFORMITY_STACKS_MOST = 8 };

struct conformity_stack {
    const char *name;                   /* as it was named: "sample:fault=17" */
    const struct suite *suite;          /* that was run on it */
    struct text_report_settings report; /* how to run one script on it again */
};

struct conformity_row {
    const char *requirement;
    const struct catalogue_entry *entry; /* NULL: the catalogue doesn't know it */
    enum conformity of[CONFORMITY_STACKS_MOST];
};

struct conformity_report {
    const struct conformity_stack *stacks;
    size_t stack_count;
    struct arena arena;
    struct conformity_row *rows; /* in the catalogue's order, what it doesn't know behind */
    size_t row_count;
    size_t row_capacity;
    size_t outside; /* of the catalogue's, that have nothing to do with the handshake and are not in the rows */
};

/* Reckons the rows of REPORT, whose stacks are given; all stacks have the same CATALOGUE (may be NULL). False if memory
 * ran out; end with conformity_free() in any case. */
MUST_USE bool conformity_reckon(struct conformity_report *report, const struct catalogue *catalogue);

void conformity_free(struct conformity_report *report);

/* How many requirements of LEVEL ("MUST"; NULL: all) came to CONFORMITY on the stack with that INDEX. */
size_t conformity_count(const struct conformity_report *report, size_t index, const char *level,
                        enum conformity conformity);

/* The level that the row's requirement has: "MUST", "SHOULD" or "MAY"; of what the catalogue doesn't know, "MUST". */
const char *conformity_level(const struct conformity_row *row);

/* What runs on all stacks come to, as suite_exit_status() has it: a fail anywhere is one. */
int conformity_exit_status(const struct conformity_report *report);

/* The requirements, a table for each level; then for each stack its failures and known deviations; then totals. */
void conformity_print_text(struct text *text, const struct conformity_report *report);

/* JSON Lines: an object of type "requirement" for each, "case" for each that is no plain pass, "stack" for each. */
void conformity_print_json(struct text *text, const struct conformity_report *report);

#endif
