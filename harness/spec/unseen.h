/* SPDX-License-Identifier: MIT */
/*
 * What a capture may lack. A packet that nobody wrote down leaves no trace but what it brought about: an answer without
 * its question, text beyond a window that was opened, a segment of a connection that was made meanwhile. So what a
 * capture shows is held against a stack only where no packet that is not there could explain it. Private to this room.
 */
#ifndef SPEC_UNSEEN_H
#define SPEC_UNSEEN_H

#include "spec/connection.h"

/* Why an answer that was due, and is not there, is no violation in a capture. */
extern const char unseen_answer[];

/* An answer that was due on CONNECTION is not there when something comes once more: true if so many were asked for in
 * vain that the capture can't lack them all. HEARD: the capture has something from the stack at all. */
bool unseen_counts_silence(struct connection *connection, bool heard);

/* The stack sent STEP's segment on CONNECTION, which nothing in BEFORE explains: why that may be for what the capture
 * lacks (static); NULL if nothing that it may lack explains it either. AFTER is for work. */
const char *unseen_may_explain(const struct step *step, const struct connection *connection,
                               const struct hypotheses *before, struct hypotheses *after);

#endif
