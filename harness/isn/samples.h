/* SPDX-License-Identifier: MIT */
/* Initial sequence numbers of a stack, and when it chose each. */
#ifndef ISN_SAMPLES_H
#define ISN_SAMPLES_H

#include "base/clock.h"
#include "base/compiler.h"

struct isn_sample {
    uint32_t number;
    struct interval time; /* the stack chose it within this */
};

/* Where numbers are from. */
enum isn_series_kind {
    ISN_OF_MANY_PASSIVE, /* SYN-ACKs to SYNs from as many ports: each number is of another 4-tuple */
    ISN_OF_ONE_PASSIVE,  /* SYN-ACKs to SYNs from one port, each after the connection before was reset */
    ISN_OF_MANY_ACTIVE,  /* the stack's own SYNs, each from a port of its choice */
    ISN_SERIES_COUNT
};

struct isn_series {
    struct isn_sample *samples;
    size_t count; /* 0: the stack can't make such connections */
};

struct isn_samples {
    struct isn_series series[ISN_SERIES_COUNT];
};

void isn_samples_free(struct isn_samples *samples);

/* "SYN-ACKs, other 4-tuples", ... Static storage. */
const char *isn_series_name(enum isn_series_kind kind);

/* The middle of the time in which SAMPLE was chosen, in nanoseconds. */
nanoseconds isn_sample_time(const struct isn_sample *sample);

/* How far SAMPLES[1] is ahead of SAMPLES[0], modulo 2^32, and how much later it was chosen. */
uint32_t isn_growth(const struct isn_sample *samples);
nanoseconds isn_gap(const struct isn_sample *samples);

/* NUMBER as a distance from 0 on the circle of 2^32: 1 and 2^32-1 are both 1. */
uint32_t isn_distance(uint32_t number);

#endif
