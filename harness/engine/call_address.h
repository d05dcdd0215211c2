/* SPDX-License-Identifier: MIT */
/* Socket addresses: what a script writes for one, and one that came back held against it. */
#ifndef ENGINE_CALL_ADDRESS_H
#define ENGINE_CALL_ADDRESS_H

#include "engine/call.h"

#include <sys/socket.h>

/* The address that `...` stands for: the stack's with the bind port, or the harness's with the connect port. */
void call_address_default(const struct call_context *context, bool local, struct sockaddr_storage *storage,
                          size_t *length);

/*
 * `...`; {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr("192.0.2.1")}, the same with sin6_ names and
 * inet_pton(AF_INET6, "2001:db8::1", &sin6_addr); or a family alone, which keeps the default of LOCAL. LENGTH is that
 * of the family's structure. False with a diagnostic or `elsewhere`.
 */
bool call_address_from_value(struct call_context *context, const struct value *value, bool local,
                             struct sockaddr_storage *storage, size_t *length);

/* Holds the address at STORAGE against VALUE, which is a structure or `...`, member by member. As structure_check(). */
bool call_address_check(const struct call_comparison *comparison, const struct value *value,
                        const struct sockaddr_storage *storage);

#endif
