/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum error_category category;
    const char *meaning;
} error_rows[] = {
#define X(code, category, meaning) {#code, ERROR_CATEGORY_##category, meaning},
    ERROR_CODES(X)
#undef X
};
_Static_assert(COUNT_OF(error_rows) == ERROR_CODE_COUNT, "a row for every error code");

enum error_category error_category(enum error_code code)
{
    INVARIANT(code < ERROR_CODE_COUNT);
    return error_rows[code].category;
}

const char *error_name(enum error_code code)
{
    INVARIANT(code < ERROR_CODE_COUNT);
    return error_rows[code].name;
}

const char *error_meaning(enum error_code code)
{
    INVARIANT(code < ERROR_CODE_COUNT);
    return error_rows[code].meaning;
}

static void error_fill(struct error *error, enum error_code code, int system_error, const char *format,
                       va_list arguments)
{
    INVARIANT(code != ERROR_NONE && code < ERROR_CODE_COUNT);
    struct error filled = {.code = code, .system_error = system_error};
    int written = vsnprintf(filled.text, sizeof(filled.text), format, arguments);
    size_t length = written < 0 ? 0 : strlen(filled.text);
    if (system_error != 0 && length < sizeof(filled.text)) {
        char reason[128];
        const char *said = strerror_r(system_error, reason, sizeof(reason));
        (void)snprintf(filled.text + length, sizeof(filled.text) - length, ": %s", said);
    }
    *error = filled;
}

bool error_set(struct error *error, enum error_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, code, 0, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_system(struct error *error, enum error_code code, int system_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, code, system_error, format, arguments);
    va_end(arguments);
    return false;
}
