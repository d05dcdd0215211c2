/* SPDX-License-Identifier: MIT */
/* Laws about what RFC 9293 figure 5 has, and about what is sent unasked. Private to this room. */
#ifndef SPEC_LAWS_FIGURE_H
#define SPEC_LAWS_FIGURE_H

#include "spec/spec.h"

/* Where the rows of a state begin. */
struct span laws_place_of(const struct spec *spec, enum spec_state state);

/* Tells the arrows of figure 5, calls, time-outs and repetitions that no row has; returns how many there should be. */
size_t laws_tell_missing_arrows(const struct spec *spec, struct diagnostics *diagnostics);

/* Tells the rows that let be sent what nobody may send; returns how many rows were looked at. */
size_t laws_tell_wild_sends(const struct spec *spec, struct diagnostics *diagnostics);

#endif
