/* SPDX-License-Identifier: MIT */
/*
 * How well initial sequence numbers can be predicted, in the measures of nmap's operating system detection (GCD, ISR
 * and SP in chapter 8 of its book), which takes six numbers a tenth of a second apart.
 */
#ifndef ISN_PREDICTABILITY_H
#define ISN_PREDICTABILITY_H

#include "isn/samples.h"

enum { PREDICTABILITY_SAMPLES = 6 };

struct predictability {
    bool there;     /* there were enough numbers */
    uint32_t gcd;   /* of the differences */
    unsigned rate;  /* ISR: 8 times the binary logarithm of how fast the numbers move, per second */
    unsigned index; /* SP: 8 times the binary logarithm of how much that varies; the less, the easier to predict */
};

/* Of the PREDICTABILITY_SAMPLES samples at PICKED. */
struct predictability predictability_of_six(const struct isn_sample *picked);

/* The medians over all runs of six in SERIES that are a tenth of a second apart, as nmap would have come upon them. */
struct predictability predictability_of_series(const struct isn_series *series);

/* The greatest divisor (GCD) of all differences between numbers that follow each other in SERIES; 0 if they
 * are all the same. A difference is taken the shorter way round, as nmap does. */
uint32_t isn_shared_divisor(const struct isn_sample *samples, size_t count);

#endif
