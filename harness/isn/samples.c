/* SPDX-License-Identifier: MIT */
#include "isn/samples.h"

#include <stdlib.h>

static const char *const series_names[] = {
    [ISN_OF_MANY_PASSIVE] = "SYN-ACKs, each to another port",
    [ISN_OF_ONE_PASSIVE] = "SYN-ACKs, all to one port",
    [ISN_OF_MANY_ACTIVE] = "SYNs, each from another port",
};
_Static_assert(COUNT_OF(series_names) == ISN_SERIES_COUNT, "a name for every series");

void isn_samples_free(struct isn_samples *samples)
{
    for (size_t kind = 0; kind < ISN_SERIES_COUNT; kind++)
        free(samples->series[kind].samples);
    *samples = (struct isn_samples){0};
}

const char *isn_series_name(enum isn_series_kind kind)
{
    INVARIANT(kind < ISN_SERIES_COUNT);
    return series_names[kind];
}

nanoseconds isn_sample_time(const struct isn_sample *sample)
{
    return sample->time.earliest + (sample->time.latest - sample->time.earliest) / 2;
}

uint32_t isn_growth(const struct isn_sample *samples)
{
    return samples[1].number - samples[0].number;
}

nanoseconds isn_gap(const struct isn_sample *samples)
{
    return isn_sample_time(&samples[1]) - isn_sample_time(&samples[0]);
}

uint32_t isn_distance(uint32_t number)
{
    uint32_t backwards = 0 - number;
    return number < backwards ? number : backwards;
}
