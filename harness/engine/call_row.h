/* SPDX-License-Identifier: MIT */
/* The system calls that scripts can make, a row each. */
#ifndef ENGINE_CALL_ROW_H
#define ENGINE_CALL_ROW_H

#include "engine/call_argument.h"

struct call_row {
    enum stack_operation operation;
    size_t least; /* arguments that must be there */
    enum parameter_kind parameters[STACK_ARGUMENTS_MOST];
    bool gives_descriptor;
    bool may_block;
};

/* The row of the call NAME, or NULL. */
const struct call_row *call_row_find(const char *name);

/* The known call nearest to NAME, or NULL. */
const char *call_row_nearest(const char *name);

/* True for a call that another system has and Linux has not. */
bool call_row_elsewhere(const char *name);

/* How many arguments ROW takes at most. */
size_t call_row_most(const struct call_row *row);

#endif
