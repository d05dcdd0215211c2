/* SPDX-License-Identifier: MIT */
/* Segments, silence, lines of the language and time. */
#include "library/open_stack.h"

enum shakedown_verdict shakedown_send(struct shakedown_stack *stack, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    enum shakedown_verdict verdict = stack_step_format(stack, (struct order){.kind = ORDER_SEND}, format, arguments);
    va_end(arguments);
    return verdict;
}

enum shakedown_verdict shakedown_send_bytes(struct shakedown_stack *stack, const void *packet, size_t length)
{
    struct text text = text_growing();
    enum shakedown_verdict verdict = SHAKEDOWN_ERROR;
    text_append_string(&text, "raw");
    if (length > 0) {
        text_append_character(&text, ' ');
        text_append_hex(&text, packet, length);
    }
    struct order order = {.kind = ORDER_SEND, .text = {(const uint8_t *)text_string(&text), text.length}};
    if (!text.truncated)
        verdict = stack_step(stack, &order);
    else if (stack != NULL)
        verdict = stack_fail(stack, "no memory for a packet");
    text_free(&text);
    return verdict;
}

enum shakedown_verdict shakedown_expect(struct shakedown_stack *stack, const char *format, ...)
{
    struct order order = {.kind = ORDER_EXPECT, .span = stack == NULL ? 0 : stack->patience};
    va_list arguments;
    va_start(arguments, format);
    enum shakedown_verdict verdict = stack_step_format(stack, order, format, arguments);
    va_end(arguments);
    return verdict;
}

enum shakedown_verdict shakedown_expect_within(struct shakedown_stack *stack, double seconds, const char *format, ...)
{
    struct order order = {.kind = ORDER_EXPECT, .span = span_of_seconds(seconds)};
    va_list arguments;
    va_start(arguments, format);
    enum shakedown_verdict verdict = stack_step_format(stack, order, format, arguments);
    va_end(arguments);
    return verdict;
}

enum shakedown_verdict shakedown_expect_nothing(struct shakedown_stack *stack, double seconds)
{
    return stack_step(stack, &(struct order){.kind = ORDER_NOTHING, .span = span_of_seconds(seconds)});
}

enum shakedown_verdict shakedown_receive(struct shakedown_stack *stack, double seconds, int *found)
{
    enum shakedown_verdict before = shakedown_verdict(stack);
    *found = 0;
    enum shakedown_verdict verdict =
        stack_step(stack, &(struct order){.kind = ORDER_RECEIVE, .span = span_of_seconds(seconds)});
    if (before == SHAKEDOWN_PASS && verdict == SHAKEDOWN_PASS)
        *found = stack->answer.found;
    return verdict;
}

enum shakedown_verdict shakedown_perform(struct shakedown_stack *stack, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    enum shakedown_verdict verdict = stack_step_format(stack, (struct order){.kind = ORDER_PERFORM}, format, arguments);
    va_end(arguments);
    return verdict;
}

enum shakedown_verdict shakedown_sleep_until(struct shakedown_stack *stack, double time)
{
    return stack_step(stack, &(struct order){.kind = ORDER_WAIT, .span = span_of_seconds(time)});
}

enum shakedown_verdict shakedown_sleep(struct shakedown_stack *stack, double seconds)
{
    return shakedown_sleep_until(stack, shakedown_now(stack) + (seconds > 0.0 ? seconds : 0.0));
}
