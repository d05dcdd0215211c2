/* SPDX-License-Identifier: MIT */
/* The server of `shakedown handshake` on a stack that is a plug-in: a listening socket of it, at 127.0.0.2. */
#ifndef CLI_HANDSHAKE_EMBEDDED_H
#define CLI_HANDSHAKE_EMBEDDED_H

#include "stack/plugin.h"

/* Opens a stack with OPTIONS (NULL: none) that listens; ENDS are its address and the client's. */
MUST_USE bool handshake_embedded_listen(struct plugin *plugin, const char *options, const struct address *ends,
                                        struct stack **stack, struct error *error);

/* What accept() gives: a descriptor and the peer's port. False if there is no connection yet. */
MUST_USE bool handshake_embedded_accept(struct stack *stack, int *accepted, uint16_t *port);

void handshake_embedded_close(struct stack *stack, int descriptor);

#endif
