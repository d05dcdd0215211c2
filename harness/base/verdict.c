/* SPDX-License-Identifier: MIT */
#include "base/verdict.h"

#include "base/compiler.h"

static const char *const verdict_names[] = {
    [VERDICT_PASS] = "pass",
    [VERDICT_FAIL] = "fail",
    [VERDICT_INCONCLUSIVE] = "inconclusive",
    [VERDICT_ERROR] = "error",
    [VERDICT_NOT_APPLICABLE] = "not applicable",
};
_Static_assert(COUNT_OF(verdict_names) == VERDICT_COUNT, "a name for every verdict");

const char *verdict_name(enum verdict verdict)
{
    INVARIANT(verdict < VERDICT_COUNT);
    return verdict_names[verdict];
}
