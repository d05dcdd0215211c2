/* SPDX-License-Identifier: MIT */
/* What numbers of stacks of a known make are found to be. */
#include "isn/weigh.h"

#include "made_series.h"

enum { COUNT = 1000 };

static struct isn_findings weighed(made_number *number, nanoseconds width)
{
    struct isn_samples samples = made_samples(number, COUNT, width);
    struct isn_findings findings;
    struct error error;
    assert_true(isn_weigh(&samples, &findings, &error));
    isn_samples_free(&samples);
    return findings;
}

static void assert_verdicts(const struct isn_findings *findings, enum verdict must_8, enum verdict must_9,
                            enum verdict shld_1)
{
    const enum verdict expected[ISN_REQUIREMENT_COUNT] = {must_8, must_9, shld_1};
    for (size_t i = 0; i < ISN_REQUIREMENT_COUNT; i++)
        if (findings->requirements[i].verdict != expected[i])
            fail_msg("%s is %s: %s", findings->requirements[i].name, verdict_name(findings->requirements[i].verdict),
                     findings->requirements[i].reason);
}

static uint32_t as_the_rfc_says(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return made_secret(kind, index) + (uint32_t)(time / (4 * NANOSECONDS_PER_MICROSECOND));
}

static void a_clock_and_a_secret_keep_all_requirements(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(as_the_rfc_says, 0);
    assert_verdicts(&findings, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS);
    assert_true(findings.clock.rate > 249000 && findings.clock.rate < 251000);
    assert_int_equal(findings.spread[ISN_OF_MANY_PASSIVE].distinct, COUNT);
    assert_int_equal(isn_verdict(&findings, true), VERDICT_PASS);
}

static uint32_t with_a_clock_of_64_nanoseconds(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return made_secret(kind, index) + (uint32_t)(time >> 6);
}

static void a_faster_clock_will_do_and_it_may_wrap(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(with_a_clock_of_64_nanoseconds, 20 * NANOSECONDS_PER_MICROSECOND);
    assert_verdicts(&findings, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS);
    assert_int_equal(findings.clock.backwards, 0);
}

static uint32_t with_a_clock_that_wraps(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return as_the_rfc_says(kind, index, time) - made_secret(ISN_OF_ONE_PASSIVE, 0) - 625000;
}

static void numbers_go_on_behind_the_last_one_of_all(void **state)
{
    (void)state;
    struct isn_samples samples = made_samples(with_a_clock_that_wraps, COUNT, 0);
    const struct isn_series *one = &samples.series[ISN_OF_ONE_PASSIVE];
    assert_true(one->samples[0].number > one->samples[COUNT - 1].number);
    isn_samples_free(&samples);
    struct isn_findings findings = weighed(with_a_clock_that_wraps, 0);
    assert_verdicts(&findings, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS);
}

static uint32_t with_a_clock_that_comes_round(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return made_secret(kind, index) + (uint32_t)(time / 20);
}

static void a_clock_that_meets_old_segments_is_too_fast(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(with_a_clock_that_comes_round, 0);
    assert_verdicts(&findings, VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL);
}

static uint32_t with_a_clock_of_20_microseconds(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return made_secret(kind, index) + (uint32_t)(time / (20 * NANOSECONDS_PER_MICROSECOND));
}

static void a_clock_of_twenty_microseconds_is_too_slow(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(with_a_clock_of_20_microseconds, 0);
    assert_verdicts(&findings, VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL);
}

static uint32_t constant(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    (void)kind;
    (void)index;
    (void)time;
    return 1000000;
}

static void a_constant_breaks_all_requirements(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(constant, 0);
    assert_verdicts(&findings, VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL);
    assert_int_equal(findings.spread[ISN_OF_MANY_PASSIVE].distinct, 1);
    assert_int_equal(findings.spread[ISN_OF_MANY_PASSIVE].gcd, 0);
}

static uint32_t steps(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    (void)time;
    return (uint32_t)(((uint64_t)kind * COUNT + index) * 250);
}

/* As fast as the clock should be, on an average. */
static void steps_are_told_from_a_clock(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(steps, 0);
    assert_verdicts(&findings, VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL);
    assert_int_equal(findings.spread[ISN_OF_MANY_PASSIVE].gcd, 250);
    assert_true(findings.clock.monotonic);
}

static uint32_t secret_steps(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    (void)time;
    return made_secret(kind, index) + (uint32_t)index * 64000;
}

static void steps_behind_a_secret_are_no_clock_either(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(secret_steps, 0);
    assert_verdicts(&findings, VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL);
}

static uint32_t clock_alone(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    (void)kind;
    (void)index;
    return (uint32_t)(time / (4 * NANOSECONDS_PER_MICROSECOND));
}

static void a_clock_without_a_secret_is_computed_from_outside(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(clock_alone, 0);
    assert_verdicts(&findings, VERDICT_PASS, VERDICT_FAIL, VERDICT_FAIL);
    assert_true(findings.spread[ISN_OF_MANY_ACTIVE].guesses_clock < 10);
}

static uint32_t weak_secret(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return (made_secret(kind, index) & 0xffff) + (uint32_t)(time / (4 * NANOSECONDS_PER_MICROSECOND));
}

static void a_secret_of_sixteen_bits_is_guessed(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(weak_secret, 0);
    assert_verdicts(&findings, VERDICT_PASS, VERDICT_FAIL, VERDICT_FAIL);
}

static uint32_t positive_secret(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return (made_secret(kind, index) & 0x7fffffff) + (uint32_t)(time / (4 * NANOSECONDS_PER_MICROSECOND));
}

static void a_secret_that_leaves_half_of_the_numbers_out_is_uneven(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(positive_secret, 0);
    assert_verdicts(&findings, VERDICT_PASS, VERDICT_FAIL, VERDICT_FAIL);
    assert_false(findings.spread[ISN_OF_MANY_PASSIVE].even);
}

static uint32_t random_alone(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    return made_random((uint64_t)time + (uint64_t)kind + index);
}

static void random_numbers_are_secret_and_no_clock(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(random_alone, 0);
    assert_verdicts(&findings, VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL);
    assert_in_range(findings.clock.backwards, COUNT / 3, 2 * COUNT / 3);
}

static void a_late_machine_holds_no_time_against_a_stack(void **state)
{
    (void)state;
    struct isn_findings findings = weighed(secret_steps, NANOSECONDS_PER_MILLISECOND);
    assert_verdicts(&findings, VERDICT_INCONCLUSIVE, VERDICT_PASS, VERDICT_INCONCLUSIVE);
    assert_int_equal(isn_verdict(&findings, false), VERDICT_INCONCLUSIVE);
    findings = weighed(random_alone, NANOSECONDS_PER_MILLISECOND);
    assert_verdicts(&findings, VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_and_a_secret_keep_all_requirements),
        cmocka_unit_test(a_faster_clock_will_do_and_it_may_wrap),
        cmocka_unit_test(numbers_go_on_behind_the_last_one_of_all),
        cmocka_unit_test(a_clock_that_meets_old_segments_is_too_fast),
        cmocka_unit_test(a_clock_of_twenty_microseconds_is_too_slow),
        cmocka_unit_test(a_constant_breaks_all_requirements),
        cmocka_unit_test(steps_are_told_from_a_clock),
        cmocka_unit_test(steps_behind_a_secret_are_no_clock_either),
        cmocka_unit_test(a_clock_without_a_secret_is_computed_from_outside),
        cmocka_unit_test(a_secret_of_sixteen_bits_is_guessed),
        cmocka_unit_test(a_secret_that_leaves_half_of_the_numbers_out_is_uneven),
        cmocka_unit_test(random_numbers_are_secret_and_no_clock),
        cmocka_unit_test(a_late_machine_holds_no_time_against_a_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
