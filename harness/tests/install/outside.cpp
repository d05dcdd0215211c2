// SPDX-License-Identifier: MIT
// The header as C++ sees it.
#include <shakedown/shakedown.h>

enum shakedown_verdict probe(struct shakedown_stack *stack);

enum shakedown_verdict probe(struct shakedown_stack *stack)
{
    int found = 0;
    shakedown_send(stack, "S 0:0(0) win %u", 1000U);
    shakedown_receive(stack, 0.5, &found);
    const struct shakedown_segment *segment = shakedown_last_segment(stack);
    return segment != nullptr ? shakedown_verdict(stack) : SHAKEDOWN_ERROR;
}
