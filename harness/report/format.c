/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/nearest_name.h"

static const char *const names[REPORT_FORMAT_COUNT] = {
    [REPORT_TEXT] = "text", [REPORT_TAP] = "tap", [REPORT_JUNIT] = "junit", [REPORT_JSON] = "json"};

bool report_format_find(const char *name, enum report_format *format, struct error *error)
{
    for (int i = 0; i < REPORT_FORMAT_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum report_format)i;
            return true;
        }
    }
    const char *nearest = nearest_name_of(name, strlen(name), names, REPORT_FORMAT_COUNT);
    if (nearest != NULL)
        return error_set(error, ERROR_USAGE, "there is no report in the format %s; did you mean %s?", name, nearest);
    return error_set(error, ERROR_USAGE, "there is no report in the format %s: expected text, tap, junit or json",
                     name);
}

void report_print(struct text *text, enum report_format format, const struct records *records)
{
    static void (*const prints[REPORT_FORMAT_COUNT])(struct text *, const struct records *) = {
        [REPORT_TAP] = tap_report_print, [REPORT_JUNIT] = junit_report_print, [REPORT_JSON] = json_report_print};
    INVARIANT(prints[format] != NULL);
    prints[format](text, records);
}
