/* SPDX-License-Identifier: MIT */
#include "suite/result.h"

struct suite_result suite_result_of(enum verdict verdict, const char *headline)
{
    struct suite_result result = {
        .there = true, .verdict = verdict, .headline = text_growing(), .detail = text_growing()};
    text_append_string(&result.headline, headline);
    return result;
}

void suite_result_free(struct suite_result *result)
{
    text_free(&result->headline);
    text_free(&result->detail);
}
