/* SPDX-License-Identifier: MIT */
/* The handshake told: each packet, what it adds to the contract, and the whole contract at the end. */
#ifndef CLI_HANDSHAKE_STORY_H
#define CLI_HANDSHAKE_STORY_H

#include "cli/handshake_contract.h"

/* Tells EXCHANGE, which was performed, with what CONTRACT, which followed it, says of both sides. */
void handshake_tell(struct text *text, const struct handshake_exchange *exchange, const struct contract *contract);

/* Tells how it ended, once it was closed and followed to there. */
void handshake_tell_end(struct text *text, const struct handshake_exchange *exchange, const struct contract *contract);

#endif
