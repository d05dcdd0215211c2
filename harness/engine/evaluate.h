/* SPDX-License-Identifier: MIT */
/* The number that a script's expression stands for, on a stack. */
#ifndef ENGINE_EVALUATE_H
#define ENGINE_EVALUATE_H

#include "script/program.h"
#include "stack/stack.h"

/* Where symbols are looked up, and what was found wrong. */
struct evaluation {
    const struct stack *stack; /* NULL: the symbols of Linux, without a stack */
    struct diagnostics *diagnostics;
    bool ipv6;             /* what CMSG_LEVEL_IP and CMSG_TYPE_RECVERR stand for */
    const char *elsewhere; /* the first symbol found that only another system has; NULL if none */
};

/* Where NAME is known. */
enum symbol_place evaluation_symbol(const struct evaluation *evaluation, const char *name, int64_t *value);

/* The known symbol nearest to NAME, or NULL. */
const char *evaluation_nearest_symbol(const struct evaluation *evaluation, const char *name);

/*
 * Number of VALUE, symbols and operators resolved; htons() and htonl() are known. False with a diagnostic, or (for a
 * symbol that only another system has) with `elsewhere` set.
 */
bool evaluate_integer(struct evaluation *evaluation, const struct value *value, int64_t *result);

/* True if VALUE is a number or an expression of numbers, rather than `...`, a string, a list or a structure. */
bool value_is_number(const struct value *value);

#endif
