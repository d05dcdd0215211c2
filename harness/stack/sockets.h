/* SPDX-License-Identifier: MIT */
/* The few sockets that a harness of its own needs on a stack, whichever stack that is. */
#ifndef STACK_SOCKETS_H
#define STACK_SOCKETS_H

#include "stack/stack.h"

/* A socket that listens on the stack's own address of IPv4, or IPV6, and PORT. ERROR_NOT_APPLICABLE if the stack has no
 * such thing. */
MUST_USE bool stack_socket_listen(struct stack *stack, bool ipv6, uint16_t port, int *listener, struct error *error);

/* A socket that has begun to open a connection to PORT of the harness's address, from a port of the stack's choice, and
 * did not wait for it. ERROR_NOT_APPLICABLE as above. */
MUST_USE bool stack_socket_connect(struct stack *stack, bool ipv6, uint16_t port, int *connecting, struct error *error);

/* What accept() gives at once: a descriptor and the peer's port. False if there is no connection yet. */
MUST_USE bool stack_socket_accept(struct stack *stack, int listener, int *accepted, uint16_t *port);

void stack_socket_close(struct stack *stack, int descriptor);

#endif
