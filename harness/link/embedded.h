/* SPDX-License-Identifier: MIT */
/* A link to a stack inside this process: packets by function call, on the stack's own clock. */
#ifndef LINK_EMBEDDED_H
#define LINK_EMBEDDED_H

#include "link/link.h"

/* Who is at the other end. */
struct link_embedded_peer {
    void *context;
    void (*packet)(void *context, struct bytes packet); /* takes a packet of ours */
    const nanoseconds *now;                             /* the stack's clock, which stamps packets */
};

/* What PEER points to must outlive the link. */
MUST_USE bool link_embedded_open(const struct link_embedded_peer *peer, struct link **link, struct error *error);

/* A packet that came from the stack; a copy is kept. What no memory is left for makes the next link_next() fail. */
void link_embedded_put(struct link *link, struct bytes packet);

/* True if link_next() has something. */
bool link_embedded_waiting(const struct link *link);

/* Forgets what came, as at the start. */
void link_embedded_clear(struct link *link);

#endif
