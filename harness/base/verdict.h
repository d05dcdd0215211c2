/* SPDX-License-Identifier: MIT */
/* The verdicts of ISO 9646 and TTCN-3, and what a run's exit status makes of them. */
#ifndef BASE_VERDICT_H
#define BASE_VERDICT_H

enum verdict {
    VERDICT_PASS,
    VERDICT_FAIL,           /* the stack did other than expected */
    VERDICT_INCONCLUSIVE,   /* the harness or the machine was too late to tell */
    VERDICT_ERROR,          /* the harness or the script is at fault */
    VERDICT_NOT_APPLICABLE, /* the stack can't do what the test needs */
    VERDICT_COUNT
};

/* "pass", "not applicable", ... Static storage. */
const char *verdict_name(enum verdict verdict);

#endif
