/* SPDX-License-Identifier: MIT */
/* What a device's driver does to packets on the way: checksums, segments put together or taken apart. */
#ifndef STACK_OFFLOAD_H
#define STACK_OFFLOAD_H

#include "base/error.h"

/* Switches all of it off, so that what is seen on DEVICE (of the current network namespace) is what the stack made. */
MUST_USE bool offload_disable(const char *device, struct error *error);

/* What DEVICE says its speed is, in Mbit/s. */
MUST_USE bool offload_set_speed(const char *device, unsigned speed, struct error *error);

#endif
