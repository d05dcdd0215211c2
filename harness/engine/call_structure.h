/* SPDX-License-Identifier: MIT */
/* Structures that system calls take: socket addresses and the values of socket options. */
#ifndef ENGINE_CALL_STRUCTURE_H
#define ENGINE_CALL_STRUCTURE_H

#include "engine/call.h"

#include <sys/socket.h>

/* The address that `...` stands for: the stack's with the bind port, or the harness's with the connect port. */
void call_address_default(const struct call_context *context, bool local, struct sockaddr_storage *storage,
                          size_t *length);

/* {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr("192.0.2.1")}, and the same with sin6_ names. */
bool call_address_from_value(struct call_context *context, const struct value *value, struct sockaddr_storage *storage,
                             size_t *length);

/* A structure of an option's value, told by its members' names: {onoff=1, linger=0}, {tv_sec=1, tv_usec=0}. */
bool call_structure_from_value(struct call_context *context, const struct value *value,
                               struct stack_argument *argument);

#endif
