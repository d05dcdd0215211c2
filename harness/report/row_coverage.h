/* SPDX-License-Identifier: MIT */
/* Which rows of a specification traffic has met, in which state. */
#ifndef REPORT_ROW_COVERAGE_H
#define REPORT_ROW_COVERAGE_H

#include "base/text.h"
#include "spec/judge.h"

struct row_coverage {
    const struct spec *spec;
    uint64_t *times; /* for each state, by row number */
};

/* Nothing is met yet; false if memory ran out. End with row_coverage_free(). */
MUST_USE bool row_coverage_make(struct row_coverage *coverage, const struct spec *spec);
void row_coverage_free(struct row_coverage *coverage);

/* Adds what JUDGE, by the same specification, has met. */
void row_coverage_add(struct row_coverage *coverage, const struct judge *judge);

uint64_t row_coverage_times(const struct row_coverage *coverage, enum spec_state state, const struct spec_row *row);

/* True if traffic can show that ROW was met: a segment arrives, or is sent. */
bool row_coverage_shows(const struct spec_row *row);

/* How many rows of STATE traffic can show, and how many of them were met. */
struct row_share {
    size_t met;
    size_t whole;
};
struct row_share row_coverage_share(const struct row_coverage *coverage, enum spec_state state);

/* A line for each state, and below it the rows that were not met. */
void row_coverage_print(struct text *text, const struct row_coverage *coverage);

#endif
