/* SPDX-License-Identifier: MIT */
#include "report/row_coverage.h"

#include "spec/row_head.h"

#include <inttypes.h>
#include <stdlib.h>

bool row_coverage_make(struct row_coverage *coverage, const struct spec *spec)
{
    coverage->spec = spec;
    coverage->times = calloc((size_t)SPEC_STATE_COUNT * spec->row_count + 1, sizeof(*coverage->times));
    return coverage->times != NULL;
}

void row_coverage_free(struct row_coverage *coverage)
{
    free(coverage->times);
    coverage->times = NULL;
}

void row_coverage_add(struct row_coverage *coverage, const struct judge *judge)
{
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++)
        for (uint16_t i = 0; i < coverage->spec->row_count; i++)
            coverage->times[(size_t)state * coverage->spec->row_count + i] +=
                judge_row_tally(judge, state, &coverage->spec->rows[i]);
}

uint64_t row_coverage_times(const struct row_coverage *coverage, enum spec_state state, const struct spec_row *row)
{
    return coverage->times[(size_t)state * coverage->spec->row_count + row->number];
}

bool row_coverage_shows(const struct spec_row *row)
{
    return row->kind == SPEC_ROW_ARRIVES || row->kind == SPEC_ROW_SENDS;
}

static void share_rows(const struct row_coverage *coverage, enum spec_state state, const struct spec_state_rows *rows,
                       struct row_share *share)
{
    for (uint16_t i = 0; i < rows->count; i++) {
        if (!row_coverage_shows(rows->rows[i]))
            continue;
        share->whole++;
        share->met += row_coverage_times(coverage, state, rows->rows[i]) > 0;
    }
}

struct row_share row_coverage_share(const struct row_coverage *coverage, enum spec_state state)
{
    struct row_share share = {0, 0};
    share_rows(coverage, state, &coverage->spec->everywhere, &share);
    share_rows(coverage, state, &coverage->spec->states[state], &share);
    return share;
}

static void print_rows(struct text *text, const struct row_coverage *coverage, enum spec_state state,
                       const struct spec_state_rows *rows)
{
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (!row_coverage_shows(row))
            continue;
        uint64_t times = row_coverage_times(coverage, state, row);
        if (times > 0)
            text_append_format(text, "  %7" PRIu64 "  ", times);
        else
            text_append_string(text, "      not  ");
        row_head_print(text, coverage->spec, row);
        text_append_character(text, '\n');
    }
}

void row_coverage_print(struct text *text, const struct row_coverage *coverage)
{
    struct row_share all = {0, 0};
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++) {
        const struct row_share share = row_coverage_share(coverage, state);
        all.met += share.met;
        all.whole += share.whole;
        text_append_format(text, "%s: %zu of %zu rows\n", spec_state_name(state), share.met, share.whole);
        print_rows(text, coverage, state, &coverage->spec->everywhere);
        print_rows(text, coverage, state, &coverage->spec->states[state]);
    }
    text_append_format(text, "%zu of %zu rows were met, in the states that the stack may have been in\n", all.met,
                       all.whole);
}
