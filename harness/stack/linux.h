/* SPDX-License-Identifier: MIT */
/* The Linux kernel that the harness runs on, in a network namespace of the calling process's own. */
#ifndef STACK_LINUX_H
#define STACK_LINUX_H

#include "stack/stack.h"

enum linux_link {
    LINUX_LINK_RAW, /* a veth pair; the harness sits on the other end, in a namespace of its own */
    LINUX_LINK_TUN,
};

struct linux_settings {
    enum linux_link link;
    const char *device;       /* of the stack's end; NULL for "tun0" */
    struct address local[2];  /* family ADDRESS_NONE: the default of the version */
    struct address remote[2]; /* likewise */
    unsigned mtu;             /* 0: 1500 */
};

/*
 * Makes a fresh network namespace with a device in it, moves the calling thread into it, and opens the link. The
 * process must be one that isolation_start() made (or root on a machine that may be littered). Later calls are made in
 * that namespace. ERROR_CAPABILITY_MISSING or ERROR_NAMESPACE says what is missing and which command grants it.
 */
MUST_USE bool linux_stack_open(const struct linux_settings *settings, struct stack **stack, struct error *error);

/* As linux_stack_symbol() of an open stack, without one: for checking scripts that are not run. */
enum symbol_place linux_symbol(const char *name, size_t length, int64_t *value);

/* The symbol known to Linux or elsewhere that is nearest to NAME, or NULL. Static storage. */
const char *linux_nearest_symbol(const char *name, size_t length);

#endif
