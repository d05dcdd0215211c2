/* SPDX-License-Identifier: MIT */
#include "engine/pressure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_time_that_some_waited_is_read(void **state)
{
    (void)state;
    assert_int_equal(pressure_read("some avg10=13.46 avg60=30.09 avg300=52.38 total=9673960897\n"
                                   "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"),
                     INT64_C(9673960897000));
    assert_int_equal(pressure_read("full avg10=0.00 total=7\n"), 0);
    assert_int_equal(pressure_read("some avg10=0.00\n"), 0);
    assert_int_equal(pressure_read("some total=-7\n"), 0);
    assert_int_equal(pressure_read("some total=99999999999999999999\n"), 0);
    assert_int_equal(pressure_read(""), 0);
}

static void it_never_falls(void **state)
{
    (void)state;
    nanoseconds before = pressure_total();
    assert_true(pressure_total() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_that_some_waited_is_read),
        cmocka_unit_test(it_never_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
