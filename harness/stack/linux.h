/* SPDX-License-Identifier: MIT */
/* The Linux kernel that the harness runs on, in a network namespace of the calling thread's own. */
#ifndef STACK_LINUX_H
#define STACK_LINUX_H

#include "stack/stack.h"

enum linux_link {
    LINUX_LINK_RAW, /* a veth pair; the harness sits on the other end, in a namespace of its own */
    LINUX_LINK_TUN,
    LINUX_LINK_LOOPBACK, /* "lo", which the harness and the stack share */
    LINUX_LINK_HERE,     /* a tun device in the namespace that the calling thread is in, which stays there */
};

/* How a namespace that is not ours is furnished: what LINUX_LINK_HERE asks for besides. Of one that is ours only the
 * networks can be said; 0: one of 24 or 64 bits for the stack, and a host's route to the harness. */
struct linux_place {
    unsigned local_prefix;     /* bits of the network that the stack's address is in */
    unsigned remote_prefix;    /* and of the harness's, to which a route leads */
    struct address gateway;    /* of that route; family ADDRESS_NONE: none */
    struct address link_local; /* another address of the device; family ADDRESS_NONE: none */
    bool any_ip;               /* all addresses of the stack's network are its own, and none is the device's */
    unsigned speed;            /* that the device says it has, in Mbit/s; 0: the kernel's choice */
};

struct linux_settings {
    enum linux_link link;
    bool fresh; /* the network namespace that the thread is in is new: it becomes the stack's, and none is made */
    const char *device;       /* of the stack's end; NULL for "tun0"; not used on loopback */
    struct address local[2];  /* family ADDRESS_NONE: the default of the version */
    struct address remote[2]; /* likewise */
    unsigned segment_size;    /* on tun: of which longer injected segments are said to be made; 0: none are */
    unsigned mtu;             /* 0: 1500; below 1280 there is no IPv6, and the stack's addresses say so */
    uint16_t remote_port;     /* loopback only: the harness's port, whose RSTs the kernel is to keep to itself */
    struct linux_place here;  /* LINUX_LINK_HERE, where a version without addresses is not used; else its networks */
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
 *
 * With LINUX_LINK_HERE there is no new namespace, and the process may be any with CAP_NET_ADMIN and CAP_NET_RAW in the
 * one it is in: ERROR_NAMESPACE if that is the machine's own. All that is made there goes with the device when the
 * stack is closed or the process ends.
 */
MUST_USE bool linux_stack_open(const struct linux_settings *settings, struct stack **stack, struct error *error);

/* As stack_symbol() of an open stack, without one: for checking scripts that are not run. */
enum symbol_place linux_symbol(const char *name, size_t length, int64_t *value);

/* As stack_nearest_symbol() of an open stack. */
const char *linux_nearest_symbol(const char *name, size_t length);

/* As stack_error_name() of an open stack. */
const char *linux_error_name(int error_number);

#endif
