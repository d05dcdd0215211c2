/* SPDX-License-Identifier: MIT */
/* What came, in words that a script might have had for it. */
#ifndef ENGINE_WORDS_H
#define ENGINE_WORDS_H

#include "base/bytes.h"
#include "base/text.h"

/* "hello" in quotes, or hexadecimal digits; of many bytes the first. */
void explain_bytes(struct text *text, struct bytes bytes);

/* "POLLIN|POLLOUT" for a WHAT of "revents", "TCP_LISTEN" for "tcpi_state"; the number itself for what has no names, and
 * for a WHAT that is NULL. */
void explain_number(struct text *text, const char *what, int64_t number);

#endif
