/* SPDX-License-Identifier: MIT */
#include "isn/requirements.h"

#include <math.h>

static const double numbers = 4294967296.0;
static const double rate_least = 125000;     /* once in 8 us: "at least once every roughly 4 microseconds" */
static const double segment_lifetime = 120;  /* seconds; in less the clock must not come round */
static const double guesses_least = 1 << 24; /* fewer can be tried */

/* Fills REQUIREMENT with what its verdict rests on. */
typedef void requirement_judge(const struct isn_findings *findings, struct isn_requirement *requirement);

static void judged(struct isn_requirement *requirement, enum verdict verdict, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void judged(struct isn_requirement *requirement, enum verdict verdict, const char *format, ...)
{
    struct text text = text_in(requirement->reason, sizeof(requirement->reason));
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    requirement->verdict = verdict;
}

/* A verdict on time where the moments are not known well enough to hold anything against the stack. */
static enum verdict unless_late(const struct isn_clock *clock, enum verdict verdict)
{
    return clock->distinct ? verdict : VERDICT_INCONCLUSIVE;
}

static void judge_clock(const struct isn_findings *findings, struct isn_requirement *requirement)
{
    const struct isn_clock *clock = &findings->clock;
    size_t count = findings->spread[ISN_OF_ONE_PASSIVE].count;
    double cycle = clock->rate > 0 ? numbers / clock->rate : 0;
    if (!clock->monotonic)
        judged(requirement, VERDICT_FAIL, "for one 4-tuple %zu of %zu numbers are not behind the one before them",
               clock->backwards, count - 1);
    else if (!clock->steady)
        judged(requirement, unless_late(clock, VERDICT_FAIL),
               "for one 4-tuple they grow with the connections, not with the time: by %.0f a second after shorter "
               "gaps, %.0f after longer ones",
               clock->rate_short, clock->rate_long);
    else if (clock->rate < rate_least)
        judged(requirement, unless_late(clock, VERDICT_FAIL), "the clock is slow: %.0f a second, one in %.1f us",
               clock->rate, 1e6 / clock->rate);
    else if (cycle < segment_lifetime)
        judged(requirement, unless_late(clock, VERDICT_FAIL),
               "the clock comes round in %.1f s, before an old segment is gone (2 minutes)", cycle);
    else
        judged(requirement, unless_late(clock, VERDICT_PASS),
               "for one 4-tuple they grow with the time: by one in %.3g us, round in %.3g minutes", 1e6 / clock->rate,
               cycle / 60);
}

static double fewest_guesses(const struct isn_spread *spread)
{
    return fmin(spread->guesses_clock, spread->guesses_step);
}

static void judge_secret(const struct isn_findings *findings, struct isn_requirement *requirement)
{
    double fewest = HUGE_VAL;
    for (enum isn_series_kind kind = 0; kind < ISN_SERIES_COUNT; kind++) {
        const struct isn_spread *spread = &findings->spread[kind];
        if (kind == ISN_OF_ONE_PASSIVE || spread->count == 0)
            continue;
        fewest = fmin(fewest, fewest_guesses(spread));
        if (fewest_guesses(spread) < guesses_least) {
            judged(requirement, VERDICT_FAIL,
                   "who knows one connection's number guesses another's: every second time within %.0f (%s)",
                   fewest_guesses(spread), isn_series_name(kind));
            return;
        }
        if (!spread->even) {
            judged(requirement, VERDICT_FAIL, "some of the 2^32 numbers are far more likely than others (%s)",
                   isn_series_name(kind));
            return;
        }
    }
    judged(requirement, VERDICT_PASS,
           "one connection's number tells nothing of another's: 2^%.1f guesses to hit it every second time",
           log2(fewest));
}

static void judge_expression(const struct isn_findings *findings, struct isn_requirement *requirement)
{
    enum verdict clock = findings->requirements[ISN_MUST_8].verdict;
    enum verdict secret = findings->requirements[ISN_MUST_9].verdict;
    if (secret == VERDICT_FAIL)
        judged(requirement, VERDICT_FAIL, "no secret function of the 4-tuple is in them (see RFC9293 MUST-9)");
    else if (clock == VERDICT_FAIL)
        judged(requirement, VERDICT_FAIL, "no clock is in them (see RFC9293 MUST-8)");
    else
        judged(requirement, clock, "a clock, and what differs from 4-tuple to 4-tuple and stays for each");
}

static const struct {
    const char *name;
    bool should;
    requirement_judge *judge;
} rows[] = {
    [ISN_MUST_8] = {"RFC9293 MUST-8", false, judge_clock},
    [ISN_MUST_9] = {"RFC9293 MUST-9", false, judge_secret},
    [ISN_SHLD_1] = {"RFC9293 SHLD-1", true, judge_expression},
};
_Static_assert(COUNT_OF(rows) == ISN_REQUIREMENT_COUNT, "a row for every requirement");

void isn_requirements_judge(struct isn_findings *findings)
{
    for (size_t i = 0; i < ISN_REQUIREMENT_COUNT; i++) {
        findings->requirements[i] = (struct isn_requirement){.name = rows[i].name, .should = rows[i].should};
        rows[i].judge(findings, &findings->requirements[i]);
    }
}

enum verdict isn_verdict(const struct isn_findings *findings, bool strict)
{
    enum verdict verdict = VERDICT_PASS;
    for (size_t i = 0; i < ISN_REQUIREMENT_COUNT; i++) {
        const struct isn_requirement *requirement = &findings->requirements[i];
        if (requirement->should && !strict)
            continue;
        if (requirement->verdict == VERDICT_FAIL)
            return VERDICT_FAIL;
        if (requirement->verdict == VERDICT_INCONCLUSIVE)
            verdict = VERDICT_INCONCLUSIVE;
    }
    return verdict;
}
