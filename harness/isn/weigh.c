/* SPDX-License-Identifier: MIT */
#include "isn/weigh.h"

#include "isn/median.h"
#include "isn/requirements.h"

#include <math.h>
#include <stdlib.h>

enum { BINS = 16, EVENNESS_LEAST = 10 * BINS };

static const double numbers = 4294967296.0;
static const double rates_alike = 1.25;     /* rates that differ by less are the same */
static const double gaps_apart = 1.5;       /* gaps that differ by less are not told apart */
static const double blur_most = 0.25;       /* of a gap */
static const double chi_square_most = 60.0; /* 15 degrees of freedom: once in five million */

static nanoseconds interval_width(const struct interval *interval)
{
    return interval->latest - interval->earliest;
}

static bool in_order(const struct isn_sample *samples)
{
    uint32_t growth = isn_growth(samples);
    return growth != 0 && growth < UINT32_C(1) << 31;
}

static double per_second(const struct isn_sample *samples)
{
    nanoseconds gap = isn_gap(samples);
    return gap <= 0 ? 0 : (double)isn_growth(samples) * (double)NANOSECONDS_PER_SECOND / (double)gap;
}

/* The median of what is MEASURED between neighbours whose gap is at least LEAST and less than MOST. */
static double median_between(const struct isn_series *series, double (*measured)(const struct isn_sample *samples),
                             const double *bounds, double *room)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < series->count; i++) {
        double gap = (double)isn_gap(&series->samples[i]);
        if (gap >= bounds[0] && gap < bounds[1])
            room[count++] = measured(&series->samples[i]);
    }
    return median_of(room, count);
}

/* What lies between the shorter gaps and the longer ones. */
static double middle_gap(const struct isn_series *series, double *room)
{
    size_t count = series->count == 0 ? 0 : series->count - 1;
    for (size_t i = 0; i < count; i++)
        room[i] = (double)isn_gap(&series->samples[i]);
    return (quantile_of(room, count, 0.25) + quantile_of(room, count, 0.75)) / 2;
}

static double gap_of(const struct isn_sample *samples)
{
    return (double)isn_gap(samples);
}

static double width_of(const struct isn_sample *samples)
{
    return (double)interval_width(&samples[0].time);
}

static void clock_weigh(const struct isn_series *series, struct isn_clock *clock, double *room)
{
    const double all[] = {-HUGE_VAL, HUGE_VAL};
    double middle = middle_gap(series, room);
    const double shorter[] = {-HUGE_VAL, middle};
    const double longer[] = {middle, HUGE_VAL};
    *clock = (struct isn_clock){.backwards = 0};
    for (size_t i = 0; i + 1 < series->count; i++)
        clock->backwards += !in_order(&series->samples[i]);
    clock->monotonic = series->count > 1 && clock->backwards == 0;
    clock->rate = median_between(series, per_second, all, room);
    clock->rate_short = median_between(series, per_second, shorter, room);
    clock->rate_long = median_between(series, per_second, longer, room);
    clock->blur = middle > 0 ? median_between(series, width_of, all, room) / middle : HUGE_VAL;
    clock->distinct =
        median_between(series, gap_of, longer, room) > gaps_apart * median_between(series, gap_of, shorter, room) &&
        clock->blur <= blur_most;
    clock->steady = clock->monotonic && fmax(clock->rate_short, clock->rate_long) <=
                                            rates_alike * fmin(clock->rate_short, clock->rate_long);
}

/* What the clock does in SPAN nanoseconds. */
static uint32_t clock_growth(const struct isn_clock *clock, nanoseconds span)
{
    if (!clock->steady)
        return 0;
    double growth = fmod(clock->rate * (double)span / (double)NANOSECONDS_PER_SECOND, numbers);
    return (uint32_t)(int64_t)growth;
}

uint32_t isn_without_clock(const struct isn_clock *clock, const struct isn_sample *sample, nanoseconds start)
{
    return sample->number - clock_growth(clock, isn_sample_time(sample) - start);
}

static int compare_numbers(const void *left, const void *right)
{
    uint32_t first = *(const uint32_t *)left;
    uint32_t second = *(const uint32_t *)right;
    return (first > second) - (first < second);
}

static bool count_distinct(const struct isn_series *series, size_t *distinct, struct error *error)
{
    uint32_t *sorted = calloc(series->count, sizeof(*sorted));
    if (sorted == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %zu numbers", series->count);
    for (size_t i = 0; i < series->count; i++)
        sorted[i] = series->samples[i].number;
    qsort(sorted, series->count, sizeof(*sorted), compare_numbers);
    *distinct = 1;
    for (size_t i = 1; i < series->count; i++)
        *distinct += sorted[i] != sorted[i - 1];
    free(sorted);
    return true;
}

/* Who knows the number before and the clock is this far off. */
static double guesses_by_clock(const struct isn_series *series, const struct isn_clock *clock, double *room)
{
    for (size_t i = 0; i + 1 < series->count; i++)
        room[i] = isn_distance(isn_growth(&series->samples[i]) - clock_growth(clock, isn_gap(&series->samples[i])));
    return 2 * median_of(room, series->count - 1) + 1;
}

/* Who takes the difference before for the next is this far off. */
static double guesses_by_step(const struct isn_series *series, double *room)
{
    for (size_t i = 0; i + 2 < series->count; i++)
        room[i] = isn_distance(isn_growth(&series->samples[i + 1]) - isn_growth(&series->samples[i]));
    return 2 * median_of(room, series->count - 2) + 1;
}

static bool is_even(const struct isn_series *series, const struct isn_clock *clock)
{
    size_t bins[BINS] = {0};
    double mean = (double)series->count / BINS;
    double chi_square = 0;
    if (series->count < EVENNESS_LEAST)
        return true;
    for (size_t i = 0; i < series->count; i++)
        bins[isn_without_clock(clock, &series->samples[i], isn_sample_time(&series->samples[0])) >> 28]++;
    for (size_t i = 0; i < BINS; i++)
        chi_square += ((double)bins[i] - mean) * ((double)bins[i] - mean) / mean;
    return chi_square <= chi_square_most;
}

static bool spread_weigh(const struct isn_series *series, const struct isn_clock *clock, struct isn_spread *spread,
                         double *room, struct error *error)
{
    *spread = (struct isn_spread){.count = series->count};
    if (series->count < 3)
        return true;
    spread->gcd = isn_shared_divisor(series->samples, series->count);
    spread->guesses_clock = guesses_by_clock(series, clock, room);
    spread->guesses_step = guesses_by_step(series, room);
    spread->even = is_even(series, clock);
    spread->nmap = predictability_of_series(series);
    return count_distinct(series, &spread->distinct, error);
}

bool isn_weigh(const struct isn_samples *samples, struct isn_findings *findings, struct error *error)
{
    size_t most = 1;
    for (size_t kind = 0; kind < ISN_SERIES_COUNT; kind++)
        if (samples->series[kind].count > most)
            most = samples->series[kind].count;
    double *room = calloc(most, sizeof(*room));
    if (room == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %zu numbers", most);
    *findings = (struct isn_findings){.clock = {.backwards = 0}};
    clock_weigh(&samples->series[ISN_OF_ONE_PASSIVE], &findings->clock, room);
    bool weighed = true;
    for (size_t kind = 0; weighed && kind < ISN_SERIES_COUNT; kind++)
        weighed = spread_weigh(&samples->series[kind], &findings->clock, &findings->spread[kind], room, error);
    free(room);
    if (weighed)
        isn_requirements_judge(findings);
    return weighed;
}
