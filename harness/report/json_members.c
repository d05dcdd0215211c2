/* SPDX-License-Identifier: MIT */
#include "report/json_members.h"

#include "report/quoted.h"

void json_member_begin(struct text *text, const char *name)
{
    bool first = text->length == 0 || text->data[text->length - 1] == '\n' || text->data[text->length - 1] == '{';
    if (!first)
        text_append_character(text, ',');
    else if (text->length == 0 || text->data[text->length - 1] == '\n')
        text_append_character(text, '{');
    text_append_format(text, "\"%s\":", name);
}

void json_string_member(struct text *text, const char *name, const char *value)
{
    if (value == NULL)
        return;
    json_member_begin(text, name);
    json_string_print(text, value);
}

void json_number_member(struct text *text, const char *name, uint64_t value)
{
    json_member_begin(text, name);
    text_append_unsigned(text, value);
}

void json_boolean_member(struct text *text, const char *name, bool value)
{
    json_member_begin(text, name);
    text_append_string(text, value ? "true" : "false");
}

void json_seconds_member(struct text *text, const char *name, nanoseconds time)
{
    json_member_begin(text, name);
    text_append_format(text, "%.6f", (double)time / (double)NANOSECONDS_PER_SECOND);
}
