/* SPDX-License-Identifier: MIT */
/* Socket calls on the kernel that the harness runs on. */
#ifndef STACK_LINUX_CALLS_H
#define STACK_LINUX_CALLS_H

#include "stack/stack.h"

/* As stack_call(). Arguments that the system call has and CALL has not are 0. */
void linux_call(struct stack *stack, const struct stack_call *call, struct stack_return *returned);

#endif
