/* SPDX-License-Identifier: MIT */
/* The handshake told: each packet, what it adds to the contract, and the whole contract at the end. */
#ifndef CLI_HANDSHAKE_STORY_H
#define CLI_HANDSHAKE_STORY_H

#include "cli/handshake_exchange.h"

/* Tells EXCHANGE, which was performed. */
void handshake_tell(struct text *text, const struct handshake_exchange *exchange);

#endif
