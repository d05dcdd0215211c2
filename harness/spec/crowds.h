/* SPDX-License-Identifier: MIT */
/* How many connections each port of the stack has at the moment. Private to this room. */
#ifndef SPEC_CROWDS_H
#define SPEC_CROWDS_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

enum { CROWD_PAGES = 256, CROWD_PAGE_PORTS = 256 };

/* Zero-initialise to start. Few ports of all are ever in use. */
struct crowds {
    uint32_t *pages[CROWD_PAGES]; /* by a port's high byte; NULL: none of its connections was counted */
};

uint32_t crowds_at(const struct crowds *crowds, uint16_t port);

/* One connection more of PORT, or one less; false if memory ran out. */
MUST_USE bool crowds_count(struct crowds *crowds, uint16_t port, bool more);

/* None of any port. */
void crowds_clear(struct crowds *crowds);

void crowds_free(struct crowds *crowds);

#endif
