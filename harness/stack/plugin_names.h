/* SPDX-License-Identifier: MIT */
/* The numbers of the plug-in ABI and those that scripts are in: Linux's. Private to this room. */
#ifndef STACK_PLUGIN_NAMES_H
#define STACK_PLUGIN_NAMES_H

#include "shakedown/stack.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct plugin_option {
    int level;
    int name;
    uint32_t option; /* enum shakedown_option */
    size_t length;   /* numbers that it has */
};

/* The ABI's option for Linux's; NULL if it has none. */
const struct plugin_option *plugin_option_find(int level, int name);

/* The errno for an enum shakedown_failure. */
int plugin_error_number(int64_t failure);

/* The socket address of LENGTH bytes at DATA; false if it is none of IPv4 or IPv6. */
bool plugin_endpoint_read(const void *data, size_t length, struct shakedown_endpoint *endpoint);

/* The socket address of ENDPOINT; its size. */
size_t plugin_endpoint_write(const struct shakedown_endpoint *endpoint, struct sockaddr_storage *storage);

#endif
