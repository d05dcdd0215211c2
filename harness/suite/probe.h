/* SPDX-License-Identifier: MIT */
/* Whether a stack can be tested from here. */
#ifndef SUITE_PROBE_H
#define SUITE_PROBE_H

#include "stack/linux.h"

/* Opens the Linux stack with LINK in a process of its own and closes it again. False with what is missing. */
MUST_USE bool probe_linux(enum linux_link link, struct error *error);

#endif
