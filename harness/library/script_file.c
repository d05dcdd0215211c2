/* SPDX-License-Identifier: MIT */
/* libshakedown: a script as a whole. */
#include "shakedown/shakedown.h"

#include "suite/suite.h"

#include <stdlib.h>

_Static_assert((int)SHAKEDOWN_IPV4 == (int)IP_VERSION_IPV4 && (int)SHAKEDOWN_IPV6 == (int)IP_VERSION_IPV6 &&
                   (int)SHAKEDOWN_IPV4_MAPPED == (int)IP_VERSION_IPV4_MAPPED,
               "the library's IP versions are the engine's");
_Static_assert((int)SHAKEDOWN_PASS == (int)VERDICT_PASS && (int)SHAKEDOWN_FAIL == (int)VERDICT_FAIL &&
                   (int)SHAKEDOWN_INCONCLUSIVE == (int)VERDICT_INCONCLUSIVE &&
                   (int)SHAKEDOWN_ERROR == (int)VERDICT_ERROR &&
                   (int)SHAKEDOWN_NOT_APPLICABLE == (int)VERDICT_NOT_APPLICABLE,
               "the library's verdicts are the engine's");

const char *shakedown_verdict_name(enum shakedown_verdict verdict)
{
    return verdict_name((enum verdict)verdict);
}

static int result_fill(struct shakedown_result *result, enum verdict verdict, const char *headline, const char *detail)
{
    struct shakedown_result filled = {(enum shakedown_verdict)verdict, strdup(headline), strdup(detail)};
    if (filled.headline == NULL || filled.detail == NULL) {
        free(filled.headline);
        free(filled.detail);
        return -1;
    }
    *result = filled;
    return 0;
}

int shakedown_run_file(const char *path, enum shakedown_ip ip, struct shakedown_result *result)
{
    const struct suite_settings settings = {
        .paths = &path, .path_count = 1, .versions = 1U << ip, .jobs = 1, .repeat = 1, .interrupt = -1};
    struct suite suite;
    struct error error;
    int filled;
    if (!suite_plan(&suite, &settings, &error) || !suite_run(&suite, &error)) {
        enum verdict verdict = error.code == ERROR_USAGE ? VERDICT_NOT_APPLICABLE : VERDICT_ERROR;
        filled = error.code == ERROR_OUT_OF_MEMORY ? -1 : result_fill(result, verdict, error.text, "");
    } else {
        const struct suite_result *telling = suite.cases[0].telling;
        filled = result_fill(result, telling->verdict, text_string(&telling->headline), text_string(&telling->detail));
    }
    suite_free(&suite);
    return filled;
}

void shakedown_result_free(struct shakedown_result *result)
{
    free(result->headline);
    free(result->detail);
    result->headline = NULL;
    result->detail = NULL;
}
