/* SPDX-License-Identifier: MIT */
/*
 * Errors as values. A function that can fail returns bool (true: done) and fills a `struct error` that its
 * caller gave; on failure its other outputs are untouched. Only `cli` prints one.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/compiler.h"

#include <stdbool.h>

/* Who has to act on an error. It decides the verdict and the exit status. */
enum error_category {
    ERROR_CATEGORY_NONE,
    ERROR_CATEGORY_USAGE,          /* the command line */
    ERROR_CATEGORY_INPUT,          /* a script, a capture, a file that was given */
    ERROR_CATEGORY_SYSTEM,         /* the machine: memory, files, system calls */
    ERROR_CATEGORY_CAPABILITY,     /* a privilege that the process lacks */
    ERROR_CATEGORY_NOT_APPLICABLE, /* the stack under test can't do what is asked */
    ERROR_CATEGORY_INTERRUPTED,    /* a signal or a time-out ended the work */
    ERROR_CATEGORY_STACK,          /* the stack under test did what no stack may */
};

/* code, category, what it means */
#define ERROR_CODES(X)                                                          \
    X(NONE, NONE, "no error")                                                   \
    X(USAGE, USAGE, "the command line can't be understood")                     \
    X(MALFORMED, INPUT, "the input is malformed")                               \
    X(UNKNOWN_NAME, INPUT, "a name is not known")                               \
    X(NOT_FOUND, INPUT, "a file or folder is not there")                        \
    X(TOO_LARGE, INPUT, "the input is larger than can be taken")                \
    X(OUT_OF_MEMORY, SYSTEM, "memory ran out")                                  \
    X(SYSTEM_CALL, SYSTEM, "a system call failed")                              \
    X(NAMESPACE, SYSTEM, "a namespace can't be made")                           \
    X(LINK, SYSTEM, "packets can't be sent or received")                        \
    X(CAPABILITY_MISSING, CAPABILITY, "the process lacks a capability")         \
    X(NOT_APPLICABLE, NOT_APPLICABLE, "the stack can't do what the test needs") \
    X(INTERRUPTED, INTERRUPTED, "a signal ended the work")                      \
    X(TIMED_OUT, INTERRUPTED, "the time allowed ran out")                       \
    X(STACK_FAULT, STACK, "the stack under test crashed, hung or broke the rules of its interface")

enum error_code {
#define X(code, category, meaning) ERROR_##code,
    ERROR_CODES(X)
#undef X
        ERROR_CODE_COUNT
};

struct error {
    enum error_code code;
    int system_error; /* errno at the failure, 0 if there was none */
    char text[512];   /* one sentence for the user, without a full stop */
};

/* Category of a code. */
enum error_category error_category(enum error_code code);

/* Name of a code as the enumerator spells it ("OUT_OF_MEMORY"), and its meaning in words. Static storage. */
const char *error_name(enum error_code code);
const char *error_meaning(enum error_code code);

/* Fills `error` with CODE and a formatted sentence. Always returns false, so that `return error_set(...)` reads well.
 */
bool error_set(struct error *error, enum error_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* As error_set(), with ": " and the text of the errno value SYSTEM_ERROR behind the sentence. Always returns false. */
bool error_set_system(struct error *error, enum error_code code, int system_error, const char *format, ...)
    PRINTF_LIKE(4, 5);

#endif
