/* SPDX-License-Identifier: MIT */
/* The Python interpreter of a script: one process, in which all its blocks of code run one after another. */
#ifndef ENGINE_INTERPRETER_H
#define ENGINE_INTERPRETER_H

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

struct interpreter;

/* A block of code, and what it may use. */
struct interpreter_block {
    const char *facts; /* Python that binds names, run first */
    const char *code;
    size_t code_length;
    unsigned line; /* of the script that the code begins on */
};

struct interpreter_result {
    enum {
        CODE_PASSED,
        CODE_FAILED,  /* an assertion does not hold */
        CODE_MISTAKE, /* another exception */
    } kind;
    unsigned line;       /* of the script, where it failed; 0 if that is not known */
    struct text message; /* the traceback's last line, "AssertionError: 3" */
    struct text values;  /* "tcpi_snd_cwnd = 10, tcpi_unacked = 4": what the line that failed looked at */
};

struct interpreter_settings {
    const char *name;      /* the script's */
    const char *constants; /* lines of Python that bind names */
    const char *command;   /* the interpreter, perhaps with arguments, separated by blanks; NULL: python3 */
};

/* Starts the interpreter, binds the constants and waits until it is ready, at most until DEADLINE (CLOCK_MONOTONIC). */
MUST_USE bool interpreter_start(const struct interpreter_settings *settings, nanoseconds deadline,
                                struct interpreter **interpreter, struct error *error);

/*
 * Runs BLOCK and waits for its end, at most until DEADLINE. False if there is none: it hangs, or the interpreter has
 * ended. Free the texts of RESULT in any case.
 */
MUST_USE bool interpreter_run(struct interpreter *interpreter, const struct interpreter_block *block,
                              nanoseconds deadline, struct interpreter_result *result, struct error *error);

/* The end of what code has printed, as lines under a place. */
void interpreter_print_output(struct text *text, const struct interpreter *interpreter);

void interpreter_result_free(struct interpreter_result *result);

/* Ends the process and frees; NULL is allowed. */
void interpreter_end(struct interpreter *interpreter);

#endif
