/* SPDX-License-Identifier: MIT */
/*
 * A run whose events come one by one, as texts of the language, from a program that decides what comes next.
 *
 * An action is due when it is given, so that a program that takes its time is not late; what the stack does is expected
 * up to a time that is counted from when it is asked for. Each step has a result of its own, and a step that did not
 * pass ends nothing: the next one finds the run as it is.
 */
#ifndef ENGINE_SESSION_H
#define ENGINE_SESSION_H

#include "engine/engine.h"

struct session;

/* What a call gave back. */
struct session_answer {
    int64_t value;       /* a descriptor as texts call it */
    int error_number;    /* 0 if the call succeeded */
    struct bytes output; /* the first argument that the call wrote to; in the session's memory */
};

/* A segment of the stack's. */
struct session_segment {
    struct interval time;     /* since the start */
    struct bytes packet;      /* from the IP header on; in the session's memory */
    struct tcp_header script; /* with the numbers that a text would have */
};

/* Begins on STACK. What is given must outlive the session. False with an error, and nothing to end. */
MUST_USE bool session_open(struct stack *stack, const struct engine_settings *settings, struct session **session,
                           struct error *error);

/* Performs all events of SOURCE. Options, init and cleanup commands and code are mistakes. */
enum verdict session_perform(struct session *session, const struct source *source);

/* Sends the one segment of SOURCE, `+0 < ...`. */
enum verdict session_send(struct session *session, const struct source *source);

/* Expects the one segment of SOURCE, `+0 > ...`: one that came and was not taken, or comes WITHIN from now. */
enum verdict session_expect(struct session *session, const struct source *source, nanoseconds within);

/* Expects that no segment came since the step before, and none comes WITHIN from now. */
enum verdict session_nothing(struct session *session, nanoseconds within);

/* Takes the oldest segment that was not taken; CAME says whether there is one WITHIN from now. */
enum verdict session_receive(struct session *session, nanoseconds within, bool *came);

/* Makes the one call of SOURCE, `+0 name(...)`. Where the text does not say what a descriptor that comes back is to be
 * called it gets the lowest free number from 3 on. */
enum verdict session_call(struct session *session, const struct source *source, struct session_answer *answer);

/* Begins the one call of SOURCE, which may block; the session goes on beside it. One at a time. */
enum verdict session_call_begin(struct session *session, const struct source *source);

/* Waits for the call that was begun, at most WITHIN from now. */
enum verdict session_call_end(struct session *session, nanoseconds within, struct session_answer *answer);

/* Waits until UNTIL since the start. */
enum verdict session_wait(struct session *session, nanoseconds until);

/* Waits until DESCRIPTOR can be read, taking in what comes from the stack meanwhile. */
void session_await(struct session *session, int descriptor);

/* What the last step came to. Lives until the next one. */
const struct engine_result *session_result(const struct session *session);

/* The segment that was taken last, as expected or not; false if none was. Lives as long as the session. */
bool session_taken(const struct session *session, struct session_segment *segment);

/* Time since the start. */
nanoseconds session_now(const struct session *session);

/* Ends the trace with what the last step came to, interrupts a call that still blocks, and frees. */
void session_close(struct session *session);

#endif
