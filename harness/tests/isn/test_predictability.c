/* SPDX-License-Identifier: MIT */
/* nmap's measures, of numbers for which they can be reckoned by hand. */
#include "isn/predictability.h"

#include "made_series.h"

static struct predictability of_six(const uint32_t *numbers)
{
    struct isn_sample samples[PREDICTABILITY_SAMPLES];
    for (size_t i = 0; i < PREDICTABILITY_SAMPLES; i++) {
        nanoseconds time = (nanoseconds)i * NANOSECONDS_PER_SECOND / 10;
        samples[i] = (struct isn_sample){numbers[i], {time, time}};
    }
    return predictability_of_six(samples);
}

static void a_constant_has_no_measure(void **state)
{
    (void)state;
    struct predictability found = of_six((const uint32_t[]){5, 5, 5, 5, 5, 5});
    assert_int_equal(found.gcd, 0);
    assert_int_equal(found.rate, 0);
    assert_int_equal(found.index, 0);
}

/* 25600 in a tenth of a second are 2^18 * 0.9766 a second: 8 * 17.966 is 143.7. */
static void even_steps_are_a_divisor_a_rate_and_no_variation(void **state)
{
    (void)state;
    struct predictability found = of_six((const uint32_t[]){100, 25700, 51300, 76900, 102500, 128100});
    assert_int_equal(found.gcd, 25600);
    assert_int_equal(found.rate, 144);
    assert_int_equal(found.index, 0);
}

/* Differences 1, 3, 1, 3, 1 a tenth of a second: rates 10 and 30, their mean 18, standard deviation 10.95. */
static void what_varies_is_measured_by_its_standard_deviation(void **state)
{
    (void)state;
    struct predictability found = of_six((const uint32_t[]){0, 1, 4, 5, 8, 9});
    assert_int_equal(found.gcd, 1);
    assert_int_equal(found.rate, 33);
    assert_int_equal(found.index, 28);
}

/* The same, a hundred times larger: a divisor above 9 is taken out of the variation. */
static void a_divisor_above_nine_is_taken_out(void **state)
{
    (void)state;
    struct predictability found = of_six((const uint32_t[]){0, 100, 400, 500, 800, 900});
    assert_int_equal(found.gcd, 100);
    assert_int_equal(found.index, 28);
}

static void a_step_back_counts_the_shorter_way_round(void **state)
{
    (void)state;
    struct predictability found =
        of_six((const uint32_t[]){0, UINT32_MAX - 63, 0, UINT32_MAX - 63, 0, UINT32_MAX - 63});
    assert_int_equal(found.gcd, 64);
    assert_int_equal(found.rate, 75);
    assert_int_equal(found.index, 0);
}

static uint32_t steps(enum isn_series_kind kind, size_t index, nanoseconds time)
{
    (void)kind;
    (void)index;
    return (uint32_t)(time / 4000);
}

static void a_series_is_measured_as_by_probes_a_tenth_of_a_second_apart(void **state)
{
    (void)state;
    struct isn_samples samples = made_samples(steps, 1000, 0);
    struct predictability found = predictability_of_series(&samples.series[ISN_OF_MANY_PASSIVE]);
    assert_true(found.there);
    assert_int_equal(found.gcd, 25000);
    assert_int_equal(found.rate, 143);
    assert_int_equal(found.index, 0);
    isn_samples_free(&samples);
    samples = made_samples(steps, 100, 0);
    assert_false(predictability_of_series(&samples.series[ISN_OF_MANY_PASSIVE]).there);
    isn_samples_free(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_has_no_measure),
        cmocka_unit_test(even_steps_are_a_divisor_a_rate_and_no_variation),
        cmocka_unit_test(what_varies_is_measured_by_its_standard_deviation),
        cmocka_unit_test(a_divisor_above_nine_is_taken_out),
        cmocka_unit_test(a_step_back_counts_the_shorter_way_round),
        cmocka_unit_test(a_series_is_measured_as_by_probes_a_tenth_of_a_second_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
