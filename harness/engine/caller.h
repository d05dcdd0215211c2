/* SPDX-License-Identifier: MIT */
/*
 * A thread that makes calls on a stack, so that one that blocks does not hold up the run. One call at a time.
 *
 * On a virtual clock there is no thread: the call is made when it is given, and again by caller_try_again(), until it
 * would block no more.
 *
 * A call given to it is the thread's until caller_done() says so; its memory must live that long.
 */
#ifndef ENGINE_CALLER_H
#define ENGINE_CALLER_H

#include "stack/stack.h"

struct caller;

/* Starts the thread in the caller's network namespace. */
MUST_USE bool caller_start(struct stack *stack, struct caller **caller, struct error *error);

/* Gives it a call; only when it has none. Returns when the thread was about to make it (the stack's clock). */
nanoseconds caller_give(struct caller *caller, const struct stack_call *call);

/* On a virtual clock, makes a call that would have blocked again; else nothing. */
void caller_try_again(struct caller *caller);

/* True if it has a call that has not been taken back by caller_done(). */
bool caller_busy(const struct caller *caller);

/* True once, with what came back, when the call has returned. Does not wait. */
bool caller_done(struct caller *caller, struct stack_return *returned);

/* A descriptor that polls readable when a call has returned; -1 on a virtual clock. */
int caller_descriptor(const struct caller *caller);

/* Interrupts a call that still blocks, ends the thread and frees; NULL is allowed. */
void caller_end(struct caller *caller);

#endif
