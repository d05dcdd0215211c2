/* SPDX-License-Identifier: MIT */
/* A script's system call made ready for a stack, and what came back held against what the script says. */
#ifndef ENGINE_CALL_H
#define ENGINE_CALL_H

#include "base/bytes.h"
#include "engine/descriptors.h"
#include "engine/engine.h"
#include "engine/evaluate.h"

/* Where calls are made ready: whose numbers they take, and where their memory comes from. */
struct call_context {
    struct evaluation *evaluation;
    struct arena *arena; /* lives as long as any call that was made ready in it */
    const struct engine_options *options;
    const struct stack *stack;             /* NULL when only checking: addresses are then any */
    const struct descriptors *descriptors; /* NULL when only checking: any descriptor will do */
    const struct source *source;           /* of the script, so that messages can show what it says; NULL: none do */
    nanoseconds origin;                    /* CLOCK_MONOTONIC at the script's time 0 */
    nanoseconds tolerance;                 /* for times that a call gives */
};

struct call_row;

enum output_kind {
    OUTPUT_LENGTH,      /* a socklen_t, [N] */
    OUTPUT_DATA,        /* bytes, as many as the call returned */
    OUTPUT_OPTION,      /* [N], [N, M], a string, a structure: as many bytes as the length behind it says */
    OUTPUT_ADDRESS,     /* a sockaddr */
    OUTPUT_NUMBER,      /* an int, [N] */
    OUTPUT_VECTOR,      /* what iovecs have */
    OUTPUT_MESSAGE,     /* a msghdr */
    OUTPUT_POLL,        /* pollfds */
    OUTPUT_EPOLL,       /* as many epoll_events as the call returned */
    OUTPUT_DESCRIPTORS, /* [N, M]: live descriptors that the script calls so */
};

/* What a call gives back besides its value, and what the script expects of it. */
struct call_output {
    enum output_kind kind;
    size_t argument; /* of the stack_call */
    const struct value *expected;
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

/* The live descriptor that the call is about; -1 if it is about none. */
int64_t call_subject(const struct prepared_call *prepared);

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

/* --- For the parts that calls are made of --- */

/* Where something that came back is held against a script's value, and where the sentence about it goes. */
struct call_comparison {
    struct call_context *context;
    const struct prepared_call *prepared;
    const struct stack_return *returned;
    struct text *mismatch;
};

/* "recvmsg() gave WHAT ACTUAL instead of MSG_EOR"; WHAT may be NULL. Always returns false. */
bool call_mismatch(const struct call_comparison *comparison, const char *what, const char *actual,
                   const struct value *expected);

/* A number that came back: what it is (NULL: nothing to say), its value, and how many bytes of it count. */
struct call_number {
    const char *what;
    int64_t came;
    size_t size;
};

/* Compares a number with EXPECTED, which VALUE stands for. */
bool call_check_number(const struct call_comparison *comparison, const struct value *value, int64_t expected,
                       const struct call_number *number);

/* The live number of the descriptor that VALUE is in the script; negative numbers stay what they are. */
bool call_descriptor(struct call_context *context, const struct value *value, int64_t *live);

/* SIZE zeroed bytes in the call's memory; NULL with a diagnostic at AT. */
void *call_room(struct call_context *context, size_t size, struct span at);

#endif
