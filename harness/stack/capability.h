/* SPDX-License-Identifier: MIT */
/* Which privileges the calling thread has, and why the kernel refused what needs them. */
#ifndef STACK_CAPABILITY_H
#define STACK_CAPABILITY_H

#include "base/error.h"

/* True if the calling thread has CAP_SYS_ADMIN, CAP_NET_ADMIN and CAP_NET_RAW in effect. */
bool capability_sufficient(void);

/*
 * Fills ERROR for a call that makes namespaces (a user namespace among them if WITH_USER) and failed with SYSTEM_ERROR:
 * what stands in the way, and the command that clears it. Always returns false.
 */
bool capability_explain_refusal(struct error *error, int system_error, bool with_user);

/* As error_set_system(), for WHAT ("a veth pair") that can't be made: with what is missing where that is a privilege.
 * Always returns false. */
bool capability_explain(struct error *error, int system_error, const char *what);

#endif
