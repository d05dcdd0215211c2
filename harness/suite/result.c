/* SPDX-License-Identifier: MIT */
#include "suite/result.h"

struct suite_judged suite_judged_none(void)
{
    return (struct suite_judged){.verdict = VERDICT_PASS,
                                 .headline = text_growing(),
                                 .clauses = text_growing(),
                                 .detail = text_growing(),
                                 .rule = text_growing()};
}

struct suite_result suite_result_of(enum verdict verdict, const char *headline)
{
    struct suite_result result = {.there = true,
                                  .verdict = verdict,
                                  .headline = text_growing(),
                                  .detail = text_growing(),
                                  .judged = suite_judged_none()};
    text_append_string(&result.headline, headline);
    return result;
}

void suite_result_free(struct suite_result *result)
{
    text_free(&result->headline);
    text_free(&result->detail);
    text_free(&result->judged.headline);
    text_free(&result->judged.clauses);
    text_free(&result->judged.detail);
    text_free(&result->judged.rule);
}
