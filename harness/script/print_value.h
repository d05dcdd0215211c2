/* SPDX-License-Identifier: MIT */
/* Values as text. Private to this room. */
#ifndef SCRIPT_PRINT_VALUE_H
#define SCRIPT_PRINT_VALUE_H

#include "script/program.h"

/* A value, with no more parentheses than its operators need. */
void value_print(struct text *text, const struct value *value);

/* Values with a comma and a blank between. */
void values_print(struct text *text, const struct value *values, size_t count);

/* A string in quotes, with escapes where a script needs them. */
void string_print(struct text *text, const char *string, size_t length);

#endif
