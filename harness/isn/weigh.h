/* SPDX-License-Identifier: MIT */
/* What initial sequence numbers tell of how they are made, and whether that is as RFC 9293 section 3.4.1 asks. */
#ifndef ISN_WEIGH_H
#define ISN_WEIGH_H

#include "base/error.h"
#include "base/text.h"
#include "base/verdict.h"
#include "isn/predictability.h"

/* The numbers of one 4-tuple, over time. */
struct isn_clock {
    size_t backwards;  /* how often a number was not behind the one before it, modulo 2^32 */
    bool monotonic;    /* never */
    bool steady;       /* it grows with the time, not with the connections */
    bool distinct;     /* gaps of different lengths were seen, sharply enough to tell the two */
    double rate;       /* increments a second */
    double rate_short; /* after the shorter gaps, and after the longer ones */
    double rate_long;
    double blur; /* how well the moments are known: the median width of their intervals over that of the gaps */
};

/* The numbers of different 4-tuples. */
struct isn_spread {
    size_t count; /* of numbers; 0: there are none, and nothing else is */
    size_t distinct;
    uint32_t gcd; /* of the differences; 0: all are the same */
    /* How many numbers would have to be tried to hit the next one every second time, from the one before and the clock,
     * or from that and the last difference. */
    double guesses_clock;
    double guesses_step;
    bool even; /* numbers without the clock are spread over all of 2^32; true for too few to tell */
    struct predictability nmap;
};

enum isn_requirement_kind { ISN_MUST_8, ISN_MUST_9, ISN_SHLD_1, ISN_REQUIREMENT_COUNT };

struct isn_requirement {
    const char *name; /* "RFC9293 MUST-8" */
    bool should;
    enum verdict verdict; /* pass, fail, or inconclusive where the machine was too late to tell */
    char reason[256];     /* what was seen, one line */
};

struct isn_findings {
    struct isn_clock clock;
    struct isn_spread spread[ISN_SERIES_COUNT];
    struct isn_requirement requirements[ISN_REQUIREMENT_COUNT];
};

/* Fills FINDINGS. False only if memory ran out. */
MUST_USE bool isn_weigh(const struct isn_samples *samples, struct isn_findings *findings, struct error *error);

/* The number of SAMPLE without what the clock has done since START, in nanoseconds. */
uint32_t isn_without_clock(const struct isn_clock *clock, const struct isn_sample *sample, nanoseconds start);

/* Pass, fail, or inconclusive where nothing failed; STRICT: a SHOULD that is broken is a fail, too. */
enum verdict isn_verdict(const struct isn_findings *findings, bool strict);

#endif
