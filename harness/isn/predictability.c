/* SPDX-License-Identifier: MIT */
#include "isn/predictability.h"

#include "isn/median.h"

#include <math.h>
#include <stdlib.h>

enum {
    DIFFERENCES = PREDICTABILITY_SAMPLES - 1,
    DIVISOR_BY_CHANCE = 9, /* up to this a shared divisor is taken for chance */
    RUNS_MOST = 10000,
};

static const nanoseconds pace = 100 * NANOSECONDS_PER_MILLISECOND;

static uint32_t divisor_of_both(uint32_t left, uint32_t right)
{
    while (right != 0) {
        uint32_t rest = left % right;
        left = right;
        right = rest;
    }
    return left;
}

uint32_t isn_shared_divisor(const struct isn_sample *samples, size_t count)
{
    uint32_t divisor = 0;
    for (size_t i = 0; i + 1 < count; i++)
        divisor = divisor_of_both(isn_distance(isn_growth(&samples[i])), divisor);
    return divisor;
}

/* 8 times the binary logarithm of VALUE, rounded; 0 where that is none. */
static unsigned eightfold_logarithm(double value)
{
    return value <= 1 ? 0 : (unsigned)lround(8 * log2(value));
}

struct predictability predictability_of_six(const struct isn_sample *picked)
{
    double rates[DIFFERENCES];
    double mean = 0;
    double squares = 0;
    uint32_t divisor = isn_shared_divisor(picked, PREDICTABILITY_SAMPLES);
    for (size_t i = 0; i < DIFFERENCES; i++) {
        nanoseconds gap = isn_gap(&picked[i]);
        rates[i] =
            (double)isn_distance(isn_growth(&picked[i])) * (double)NANOSECONDS_PER_SECOND / (double)(gap > 0 ? gap : 1);
        mean += rates[i] / DIFFERENCES;
    }
    double unit = divisor > DIVISOR_BY_CHANCE ? divisor : 1;
    for (size_t i = 0; i < DIFFERENCES; i++)
        squares += (rates[i] - mean) / unit * ((rates[i] - mean) / unit);
    return (struct predictability){.there = true,
                                   .gcd = divisor,
                                   .rate = eightfold_logarithm(mean),
                                   .index = eightfold_logarithm(sqrt(squares / (DIFFERENCES - 1)))};
}

/* Picks the run that begins at FIRST; false if the series ends before it does. */
static bool run_pick(const struct isn_series *series, size_t first, struct isn_sample *picked)
{
    size_t at = first;
    for (size_t i = 0; i < PREDICTABILITY_SAMPLES; i++) {
        while (i > 0 && at < series->count &&
               isn_sample_time(&series->samples[at]) - isn_sample_time(&picked[i - 1]) < pace)
            at++;
        if (at >= series->count)
            return false;
        picked[i] = series->samples[at];
    }
    return true;
}

struct predictability predictability_of_series(const struct isn_series *series)
{
    size_t most = series->count < RUNS_MOST ? series->count : RUNS_MOST;
    double *measures = calloc(3 * most + 1, sizeof(*measures));
    struct predictability median = {.there = false};
    struct isn_sample picked[PREDICTABILITY_SAMPLES];
    size_t runs = 0;
    if (measures == NULL)
        return median;
    for (size_t first = 0; first < most && run_pick(series, first, picked); first++, runs++) {
        struct predictability one = predictability_of_six(picked);
        measures[runs] = one.gcd;
        measures[most + runs] = one.rate;
        measures[2 * most + runs] = one.index;
    }
    if (runs > 0)
        median = (struct predictability){.there = true,
                                         .gcd = (uint32_t)median_of(measures, runs),
                                         .rate = (unsigned)median_of(measures + most, runs),
                                         .index = (unsigned)median_of(measures + 2 * most, runs)};
    free(measures);
    return median;
}
