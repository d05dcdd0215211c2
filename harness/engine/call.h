/* SPDX-License-Identifier: MIT */
/* A script's system call made ready for a stack, and what came back held against what the script says. */
#ifndef ENGINE_CALL_H
#define ENGINE_CALL_H

#include "engine/engine.h"
#include "engine/evaluate.h"

/* The script's file descriptors and the live ones. Zero-initialise. */
struct descriptors {
    struct {
        int64_t script;
        int64_t live;
    } * pairs;
    size_t count;
    size_t capacity;
};

/* Where calls are made ready: whose numbers they take, and where their memory comes from. */
struct call_context {
    struct evaluation *evaluation;
    struct arena *arena; /* lives as long as any call that was made ready in it */
    const struct engine_options *options;
    const struct stack *stack;             /* NULL when only checking: addresses are then any */
    const struct descriptors *descriptors; /* NULL when only checking: any descriptor will do */
};

struct call_row;

/* What a call gives back besides its value, and what the script expects of it. */
struct call_output {
    const struct value *expected; /* NULL: not looked at */
    size_t argument;              /* of the stack_call */
    bool number;                  /* an int or a socklen_t at the argument's data */
};

struct prepared_call {
    const struct call_row *row;
    const struct call_event *event;
    struct stack_call call;
    size_t output_count;
    struct call_output outputs[STACK_ARGUMENTS_MOST];
};

/* Makes EVENT ready. False with a diagnostic, or with the evaluation's `elsewhere`. */
bool call_prepare(struct call_context *context, const struct call_event *event, struct prepared_call *prepared);

/* True if the call may have to wait for something. */
bool call_may_block(const struct prepared_call *prepared);

/*
 * Holds what came back against what the script says, and notes a descriptor that came back. False with a sentence in
 * MISMATCH
 * ("connect() failed with ECONNREFUSED instead of EINPROGRESS").
 */
bool call_check(struct call_context *context, const struct prepared_call *prepared, const struct stack_return *returned,
                struct descriptors *descriptors, struct text *mismatch);

/* Text of the live arguments: `3, {198.51.100.1:8080}, 16`. */
void call_print_arguments(struct text *text, const struct prepared_call *prepared);

#endif
