/* SPDX-License-Identifier: MIT */
/* Whether a network namespace is the machine's own. */
#ifndef STACK_INITIAL_NAMESPACE_H
#define STACK_INITIAL_NAMESPACE_H

#include "base/error.h"

#include <stdint.h>
#include <sys/types.h>

/* What can be learned of a network namespace. 0: that can't. */
struct namespace_marks {
    uint64_t inode;  /* of /proc/self/ns/net */
    uint64_t first;  /* of /proc/1/ns/net: where the first process is that we see */
    uint64_t cookie; /* SO_NETNS_COOKIE, since Linux 5.14 */
    pid_t process;   /* ours, as we see it */
};

/*
 * True for the machine's own network namespace, and for a container's if the container's first process is in it: by its
 * number where the kernel fixed that (Linux 6.18), by its cookie where it came first, by the first process's namespace
 * where that can be read. Whoever is itself the first process was given its namespace.
 */
bool initial_namespace_is(const struct namespace_marks *marks);

/* False, with how to get another one, if the calling thread is in the machine's own network namespace. */
MUST_USE bool initial_namespace_refuse(struct error *error);

#endif
