/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as text in the formats that programs read: always valid UTF-8. What is none becomes U+FFFD, the replacement
 * character.
 */
#ifndef REPORT_QUOTED_H
#define REPORT_QUOTED_H

#include "base/text.h"

/* A JSON string, with its quotes (RFC 8259). */
void json_string_print(struct text *text, const char *string);

/* A double-quoted YAML scalar, with its quotes, on one line. */
void yaml_string_print(struct text *text, const char *string);

/* Character data of an element, and the value of an attribute; what XML 1.0 can't say at all is U+FFFD, too. */
void xml_text_print(struct text *text, const char *string);
void xml_attribute_print(struct text *text, const char *string);

/* The description of a TAP test point: `\` and `#` escaped, and one line. */
void tap_text_print(struct text *text, const char *string);

#endif
