/* SPDX-License-Identifier: MIT */
/* What one performance of one case came to. */
#ifndef SUITE_RESULT_H
#define SUITE_RESULT_H

#include "base/clock.h"
#include "base/text.h"
#include "base/verdict.h"

struct suite_result {
    bool there; /* else the rest is empty: it was not performed */
    enum verdict verdict;
    nanoseconds late;     /* how late harness or machine were at the worst */
    nanoseconds duration; /* from the start of the worker to its result */
    struct text headline; /* one line; empty on a pass */
    struct text detail;
};

/* A result with growing texts, to be ended with suite_result_free(). HEADLINE may be "". */
struct suite_result suite_result_of(enum verdict verdict, const char *headline);

void suite_result_free(struct suite_result *result);

#endif
