/* SPDX-License-Identifier: MIT */
/* What came out of a suite as a flat list: what every report that programs read is made of. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include "suite/suite.h"

enum record_kind {
    RECORD_CASE,      /* a script on one IP version */
    RECORD_SCRIPT,    /* a script that was only checked */
    RECORD_DEVIATION, /* an entry of the deviations that is wrong itself */
};

/* Texts are the suite's or in the arena of the records. */
struct record {
    enum record_kind kind;
    const char *path; /* of the script; of an entry: "file:line" */
    const char *name; /* "path [ipv4]", or what is wrong with the entry */
    const char *ip;   /* "ipv4", or NULL */
    bool performed;   /* else there is no verdict: the run was interrupted before */
    enum verdict verdict;
    const char *headline;              /* one line; "" on a pass */
    const char *detail;                /* lines, or "" */
    const char *again;                 /* the command that runs it again; NULL for what can't be */
    const struct suite_script *script; /* NULL for an entry */
    const struct suite_case *one;      /* NULL but for a case */
    const struct deviation *deviation; /* a fail that is known: the verdict is a pass */
    nanoseconds duration;
};

struct records {
    struct arena arena;
    struct record *items;
    size_t count;
    size_t verdicts[VERDICT_COUNT];
    size_t unperformed;
    nanoseconds duration; /* of the whole run */
    int exit_status;
    const struct suite *suite;
};

/*
 * The cases of a suite that was run, and behind them the entries that are stale or without a script. COMMAND is what
 * runs one script again, up to the version and the path. False if memory ran out; end with records_free() in any case.
 */
MUST_USE bool records_of_run(struct records *records, const struct suite *suite, const char *command);

/* The selected scripts of a suite that was only planned; the verdict is that of the check. As records_of_run(). */
MUST_USE bool records_of_check(struct records *records, const struct suite *suite);

void records_free(struct records *records);

#endif
