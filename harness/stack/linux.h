/* SPDX-License-Identifier: MIT */
/* The Linux kernel that the harness runs on, in a network namespace of the calling thread's own. */
#ifndef STACK_LINUX_H
#define STACK_LINUX_H

#include "stack/stack.h"

enum linux_link {
    LINUX_LINK_RAW, /* a veth pair; the harness sits on the other end, in a namespace of its own */
    LINUX_LINK_TUN,
    LINUX_LINK_LOOPBACK, /* "lo", which the harness and the stack share */
};

struct linux_settings {
    enum linux_link link;
    bool fresh; /* the network namespace that the thread is in is new: it becomes the stack's, and none is made */
    const char *device;       /* of the stack's end; NULL for "tun0"; not used on loopback */
    struct address local[2];  /* family ADDRESS_NONE: the default of the version */
    struct address remote[2]; /* likewise */
    unsigned mtu;             /* 0: 1500; below 1280 there is no IPv6, and the stack's addresses say so */
    uint16_t remote_port;     /* loopback only: the harness's port, whose RSTs the kernel is to keep to itself */
};

/*
 * Makes a fresh network namespace (but see `fresh`) with a device in it, moves the calling thread into it, and opens
 * the link. The process must be one that isolation_start() made (or root on a machine that may be littered). Later
 * calls are made in that namespace, by this thread or those it starts from then on. stack_close() is called by this
 * thread; it goes back to where it was, and what was made is gone as soon as no socket of the stack's is open any more.
 * ERROR_CAPABILITY_MISSING or ERROR_NAMESPACE says what is missing and which command grants it.
 *
 * Addresses are 198.51.100.1/24 and 2001:db8::1/64 (stack), 198.51.100.2 and 2001:db8::2 (harness); on loopback
 * 127.0.0.2 (stack) and 127.0.0.1 (harness), no IPv6.
 */
MUST_USE bool linux_stack_open(const struct linux_settings *settings, struct stack **stack, struct error *error);

/* As stack_symbol() of an open stack, without one: for checking scripts that are not run. */
enum symbol_place linux_symbol(const char *name, size_t length, int64_t *value);

/* As stack_nearest_symbol() of an open stack. */
const char *linux_nearest_symbol(const char *name, size_t length);

/* As stack_error_name() of an open stack. */
const char *linux_error_name(int error_number);

#endif
