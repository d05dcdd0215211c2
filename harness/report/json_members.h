/* SPDX-License-Identifier: MIT */
/* Members of JSON objects, one object a line. For reports. */
#ifndef REPORT_JSON_MEMBERS_H
#define REPORT_JSON_MEMBERS_H

#include "base/clock.h"
#include "base/text.h"

/* Begins a member; the first one of a line opens its object. */
void json_member_begin(struct text *text, const char *name);

/* One member each; a string that is NULL is left out. */
void json_string_member(struct text *text, const char *name, const char *value);
void json_number_member(struct text *text, const char *name, uint64_t value);
void json_boolean_member(struct text *text, const char *name, bool value);
void json_seconds_member(struct text *text, const char *name, nanoseconds time);

#endif
