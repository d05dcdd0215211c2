/* SPDX-License-Identifier: MIT */
/* The user's calls (RFC 9293 sections 3.10.1 to 3.10.6), as the plug-in ABI words them. */
#ifndef SAMPLE_CALLS_H
#define SAMPLE_CALLS_H

#include "shakedown/stack.h"

int32_t call_socket(struct shakedown_stack *stack, uint32_t family);
int32_t call_bind(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *local);
int32_t call_listen(struct shakedown_stack *stack, int32_t socket, int32_t backlog);
int32_t call_accept(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *remote);
int32_t call_connect(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *remote);
int64_t call_send(struct shakedown_stack *stack, int32_t socket, const void *data, size_t length);
int64_t call_receive(struct shakedown_stack *stack, int32_t socket, void *data, size_t length, uint32_t flags);
int32_t call_shutdown(struct shakedown_stack *stack, int32_t socket, uint32_t how);
int32_t call_close(struct shakedown_stack *stack, int32_t socket);
int32_t call_get_option(struct shakedown_stack *stack, int32_t socket, uint32_t option, int32_t *value, size_t length);
int32_t call_set_option(struct shakedown_stack *stack, int32_t socket, uint32_t option, const int32_t *value,
                        size_t length);
int32_t call_local(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint);
int32_t call_remote(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint);
int32_t call_poll(struct shakedown_stack *stack, int32_t socket);

#endif
