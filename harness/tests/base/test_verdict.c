/* SPDX-License-Identifier: MIT */
#include "base/verdict.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_verdict_has_the_name_that_reports_show(void **state)
{
    (void)state;
    const char *const names[] = {"pass", "fail", "inconclusive", "error", "not applicable"};
    assert_int_equal(COUNT_OF(names), VERDICT_COUNT);
    for (enum verdict verdict = VERDICT_PASS; verdict < VERDICT_COUNT; verdict++)
        assert_string_equal(verdict_name(verdict), names[verdict]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verdict_has_the_name_that_reports_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
