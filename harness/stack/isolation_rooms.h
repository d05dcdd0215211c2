/* SPDX-License-Identifier: MIT */
/* The namespaces of an isolated process: which it needs, and what is put into them. */
#ifndef STACK_ISOLATION_ROOMS_H
#define STACK_ISOLATION_ROOMS_H

#include "base/error.h"

#include <sys/types.h>

struct isolation_rooms {
    bool user; /* a user namespace is needed to make the others */
    uid_t user_id;
    gid_t group_id;
};

/* What the calling process needs. */
void isolation_rooms_plan(struct isolation_rooms *rooms);

/* CLONE_NEW* flags. */
unsigned long isolation_rooms_flags(const struct isolation_rooms *rooms);

/*
 * In the new namespaces: becomes root of the user namespace, cuts the mounts off from those outside, mounts an empty
 * /tmp, and /proc and /sys as they are in here.
 */
MUST_USE bool isolation_rooms_furnish(const struct isolation_rooms *rooms, struct error *error);

#endif
