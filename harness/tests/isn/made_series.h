/* SPDX-License-Identifier: MIT */
/* Series of numbers as stacks of a known make would have given them. */
#ifndef TESTS_ISN_MADE_SERIES_H
#define TESTS_ISN_MADE_SERIES_H

#include "isn/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* The INDEX-th number, chosen at TIME, on the connection that KIND says. */
typedef uint32_t made_number(enum isn_series_kind kind, size_t index, nanoseconds time);

/* A number that looks random and is always the same for the same SEED. */
static inline uint32_t made_random(uint64_t seed)
{
    seed = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    seed = (seed ^ (seed >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(seed >> 32);
}

/* A different 4-tuple's number for each connection but those of one port. */
static inline uint32_t made_secret(enum isn_series_kind kind, size_t index)
{
    return made_random(kind == ISN_OF_ONE_PASSIVE ? 7 : 1000 + 100000 * (uint64_t)kind + index);
}

/* COUNT numbers of each kind, half a millisecond and one and a half apart in turn, known WIDTH nanoseconds exactly. */
static inline struct isn_samples made_samples(made_number *number, size_t count, nanoseconds width)
{
    struct isn_samples samples = {0};
    nanoseconds time = NANOSECONDS_PER_SECOND;
    for (enum isn_series_kind kind = 0; kind < ISN_SERIES_COUNT; kind++) {
        struct isn_series *series = &samples.series[kind];
        series->samples = calloc(count, sizeof(*series->samples));
        assert_non_null(series->samples);
        for (series->count = 0; series->count < count; series->count++) {
            time += NANOSECONDS_PER_MILLISECOND / 2 * (series->count % 2 == 0 ? 1 : 3);
            series->samples[series->count] =
                (struct isn_sample){number(kind, series->count, time), {time - width / 2, time + width / 2}};
        }
    }
    return samples;
}

#endif
