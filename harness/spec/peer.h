/* SPDX-License-Identifier: MIT */
/*
 * One end of a connection as the specification holds it: the state and the variables that follow from what it sent and
 * what arrived, by the rules that judge a stack.
 */
#ifndef SPEC_PEER_H
#define SPEC_PEER_H

#include "base/bytes.h"
#include "spec/spec.h"

struct peer;

/* An end in STATE of which no more is known; NULL with an error if memory ran out. SPEC has to outlive it. End it with
 * peer_close(). */
MUST_USE struct peer *peer_open(const struct spec *spec, enum spec_state state, struct error *error);
void peer_close(struct peer *peer);

/* PACKET, of TCP, was sent by it, whatever its user had called, or arrived at it, at the time NOW. False if no rule
 * allows it to be sent, or none is there for what arrived: PEER is as it was. */
bool peer_sends(struct peer *peer, struct bytes packet, nanoseconds now);
bool peer_arrives(struct peer *peer, struct bytes packet, nanoseconds now);

/* The state that it is in; false if it may be in one of several. */
bool peer_state(const struct peer *peer, enum spec_state *state);

/* The value of VARIABLE, one of the connection's own; false if that isn't known. */
bool peer_number(const struct peer *peer, enum spec_variable variable, uint32_t *value);

/* The rule by which the last segment that arrived was taken; NULL before the first. */
const struct spec_row *peer_rule(const struct peer *peer);

#endif
