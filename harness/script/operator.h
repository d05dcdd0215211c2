/* SPDX-License-Identifier: MIT */
/* How tightly operators bind. Private to this room. */
#ifndef SCRIPT_OPERATOR_H
#define SCRIPT_OPERATOR_H

#include "base/compiler.h"

/* What is no operator of two operands binds with this. */
enum { OPERATOR_BINDING_MOST = 6 };

/* Of an operator of two operands, from 1: the higher, the tighter. */
unsigned operator_binding(const char *operator);

#endif
