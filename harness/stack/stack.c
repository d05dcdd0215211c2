/* SPDX-License-Identifier: MIT */
#include "stack/stack.h"

#include "base/nearest_name.h"

static const char *const operation_names[] = {
#define X(name, call) #call,
    STACK_OPERATIONS(X)
#undef X
};
_Static_assert(COUNT_OF(operation_names) == STACK_OPERATION_COUNT, "a name for every operation");

void stack_call(struct stack *stack, const struct stack_call *call, struct stack_return *returned)
{
    stack->operations->call(stack, call, returned);
}

bool stack_is_virtual(const struct stack *stack)
{
    return stack->operations->now != NULL;
}

nanoseconds stack_now(const struct stack *stack)
{
    return stack_is_virtual(stack) ? stack->operations->now(stack) : clock_now();
}

bool stack_advance(struct stack *stack, nanoseconds until, bool timers, struct error *error)
{
    return stack->operations->advance(stack, until, timers, error);
}

enum symbol_place stack_symbol(const struct stack *stack, const char *name, size_t length, int64_t *value)
{
    return stack->operations->symbol(stack, name, length, value);
}

static const char *symbol_at(const void *context, size_t index)
{
    const struct stack *stack = context;
    return stack->operations->symbol_at(stack, index);
}

const char *stack_nearest_symbol(const struct stack *stack, const char *name, size_t length)
{
    return nearest_name(name, length, symbol_at, stack);
}

const char *stack_error_name(const struct stack *stack, int error_number)
{
    return stack->operations->error_name(stack, error_number);
}

void stack_close(struct stack *stack)
{
    if (stack == NULL)
        return;
    link_close(stack->link);
    stack->link = NULL;
    stack->operations->close(stack);
}

const char *stack_operation_name(enum stack_operation operation)
{
    INVARIANT(operation < STACK_OPERATION_COUNT);
    return operation_names[operation];
}
